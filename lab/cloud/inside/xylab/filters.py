"""Security groups: what each port of a machine may receive and send, told to the supervisor whenever it may have changed.

As with Neutron's own agents this comes a moment after the API has answered. Every change makes the whole picture anew: the lab is small.
"""

# mypy: ignore-errors - OpenStack has no types

import threading
import time

from neutron_lib import context
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import directory
from oslo_log import log
from xylab.supervisor import ask

LOG = log.getLogger(__name__)
CHANGES = {
    resources.PORT: (events.AFTER_CREATE, events.AFTER_UPDATE, events.AFTER_DELETE),
    resources.SECURITY_GROUP_RULE: (events.AFTER_CREATE, events.AFTER_DELETE),
}
FAMILIES = {"IPv4": ("ipv4", "ip"), "IPv6": ("ipv6", "ip6")}
RETRY_S = 1
PROTOCOLS = {"ipv6-icmp": "icmpv6", "icmp6": "icmpv6"}


def match(rule, addresses):
    """A rule in nftables' words; None if it can match nothing. `addresses` are those of the remote group's members."""
    protocol_name, family = FAMILIES[rule["ethertype"]]
    words = [f"meta nfproto {protocol_name}"]
    side = "saddr" if rule["direction"] == "ingress" else "daddr"
    if rule["remote_ip_prefix"]:
        words.append(f"{family} {side} {rule['remote_ip_prefix']}")
    if rule["remote_group_id"]:
        if not (members := sorted(a for a in addresses if (":" in a) == (family == "ip6"))):
            return None
        words.append(f"{family} {side} {{ {', '.join(members)} }}")
    if protocol := rule["protocol"]:
        protocol = PROTOCOLS.get(protocol, protocol)
        if protocol == "icmp" and family == "ip6":
            protocol = "icmpv6"
        words.append(f"meta l4proto {protocol}")
        low, high = rule["port_range_min"], rule["port_range_max"]
        if low is not None:
            what = {"icmp": f"icmp type {low}", "icmpv6": f"icmpv6 type {low}"}
            words.append(what.get(protocol, f"{protocol} dport {low}-{high}"))
    return " ".join(words)


def picture():
    """Filters of all ports that machines have: machine → MAC → ingress and egress. Ports without port security are open, and not in it."""
    plugin, admin = directory.get_plugin(), context.get_admin_context()
    ports, members = plugin.get_ports(admin), {}
    for port in ports:
        for group in port["security_groups"]:
            members.setdefault(group, set()).update(ip["ip_address"] for ip in port["fixed_ips"])
    theirs = [port for port in ports if port["device_owner"].startswith("compute:")]
    used = sorted({group for port in theirs for group in port["security_groups"]})
    rules = plugin.get_security_group_rules(admin, filters={"security_group_id": used}) if used else []  # all of a cloud take seconds
    machines = {}
    for port in theirs:
        filters = machines.setdefault(port["device_id"], {})
        if port["port_security_enabled"]:
            mine = [rule for rule in rules if rule["security_group_id"] in port["security_groups"]]
            matches = [(rule["direction"], match(rule, members.get(rule["remote_group_id"], ()))) for rule in mine]
            filters[port["mac_address"]] = {way: sorted({text for d, text in matches if d == way and text}) for way in ("ingress", "egress")}
    return machines


class Teller:
    """A thread that tells the supervisor what has changed since it was told last. The supervisor keeps it for machines that are not there yet."""

    def __init__(self):
        self.told = {}
        self.changed = threading.Event()
        for resource, moments in CHANGES.items():
            for moment in moments:
                registry.subscribe(self.notice, resource, moment)
        threading.Thread(target=self.work, daemon=True).start()

    def notice(self, resource, event, trigger, payload=None):
        self.changed.set()

    def work(self):
        while True:
            self.changed.wait()
            self.changed.clear()
            try:
                self.tell(picture())
            except Exception:  # the database may be busy; a filter may be one that nftables does not understand
                LOG.exception("security groups could not be told")
                time.sleep(RETRY_S)
                self.changed.set()

    def tell(self, machines):
        for machine, filters in machines.items():
            if self.told.get(machine) != filters:
                ask("filter", node=machine, ports=filters)
                self.told[machine] = filters

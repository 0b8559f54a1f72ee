"""The management plane of every device, whatever its role: who may log in, and to whom the device speaks."""

from __future__ import annotations

from typing import Any

from netconf.model.device import Aaa, Acl, AclRule, Banner, Clock, Ntp, Snmp, Ssh, Syslog, System, Telemetry
from netconf.model.network import Network, Node
from netconf.text import address_text, prefix_text

MANAGERS = "MANAGERS"  # the ACL of those who may manage a device
LOOPBACK = "LoopBack0"
IDLE_MINUTES = 10


def features(network: Network, node: Node) -> dict[str, Any]:
    policy = network.policy.management
    if policy is None:
        return {"system": System(node.name, origin=node.device)}
    at, loopback = "extranet:management", node.loopback
    rules = tuple(AclRule(5 * n, "permit", source=prefix_text(p), origin=at) for n, p in enumerate(policy.sources, 1))
    snmp, aaa, telemetry = policy.snmp, policy.aaa, policy.telemetry
    return {
        "system": System(node.name, origin=node.device),
        "clock": Clock(policy.timezone_minutes, origin=at),
        "banner": Banner(policy.banner, origin=at) if policy.banner else None,
        "acls": (Acl(MANAGERS, "ipv6", rules, origin=at),),
        "ssh": Ssh(MANAGERS, IDLE_MINUTES, origin=at),
        "aaa": Aaa(tuple(map(address_text, aaa.servers)), aaa.secret, loopback, aaa.emergency_user, aaa.emergency_secret, origin=at) if aaa else None,
        "snmp": Snmp(snmp.user, snmp.auth, snmp.priv, tuple(map(address_text, snmp.hosts)), MANAGERS, network.operator, node.site_name, origin=at)
        if snmp
        else None,
        "ntp": Ntp(tuple(map(address_text, policy.ntp)), LOOPBACK, origin=at) if policy.ntp else None,
        "syslog": Syslog(tuple(map(address_text, policy.syslog)), LOOPBACK, origin=at) if policy.syslog else None,
        "telemetry": Telemetry(tuple(map(address_text, telemetry.collectors)), telemetry.port, telemetry.interval_ms, loopback, origin=at)
        if telemetry and node.backbone
        else None,
    }

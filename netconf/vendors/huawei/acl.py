"""Access lists and what the control plane takes. Sources: NetEngine command reference, "ACL" and "Local Attack Defense"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Protection
from netconf.vendors.shared import read_acls, rule_text

form = forms("NetEngine command reference, ACL")
ACL6 = form("acl ipv6 name {name} advance")
ACL4 = form("acl name {name} advance")
RULE = form("rule {number:int} {action} {match:text}")
cpu_form = forms("NetEngine command reference, Local Attack Defense")
POLICY = cpu_form("cpu-defend policy {number:int}")
RATES = {  # protocol: the words after `car`
    name: cpu_form(f"car {words} cir {{rate:int}}", confidence)
    for name, words, confidence in (
        ("bfd", "bfd", "manual"),
        ("bgp", "bgpv6", "manual"),
        ("icmpv6", "icmpv6", "manual"),
        ("isis", "isis", "manual"),
        ("ntp", "ntp", "manual"),
        ("snmp", "snmp", "manual"),
        ("ssh", "ssh-server", "inferred"),
    )
}
APPLY = cpu_form("cpu-defend-policy {number:int}")
SLOT = cpu_form("slot {slot:int}")
NUMBER = 10
FORMS = {"ipv6": ACL6, "ipv4": ACL4}


def render(config: DeviceConfig) -> Iterator[Line]:
    for acl in config.acls:
        yield FORMS[acl.family](0, acl.origin, acl.name)
        for rule in acl.rules:
            yield RULE(1, rule.origin, rule.number, rule.action, rule_text(rule, acl.family))
    if config.protection:
        at = config.protection.origin
        yield POLICY(0, at, NUMBER)
        for name, rate in config.protection.rates:
            yield RATES[name](1, at, rate)
        yield SLOT(0, at, 1)
        yield APPLY(1, at, NUMBER)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"acls": read_acls(text, FORMS, RULE)}
    for _, section in text.each(POLICY, NUMBER.__eq__):
        rates = tuple((name, section.value(form)) for name, form in RATES.items())
        found["protection"] = Protection(tuple((name, rate) for name, rate in rates if rate is not None))
        for _, slot in text.each(SLOT, (1).__eq__):
            slot.all(APPLY, NUMBER.__eq__)
    return found

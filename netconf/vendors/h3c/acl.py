"""Access lists and what the control plane takes. Sources: H3C CR16000-F command reference, "ACL and QoS"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Protection
from netconf.vendors.shared import read_acls, rule_text

form = forms("ACL")
ACL6 = form("acl ipv6 advanced name {name}")
ACL4 = form("acl advanced name {name}")
RULE = form("rule {number:int} {action} {match:text}")
FORMS = {"ipv6": ACL6, "ipv4": ACL4}

plane_form = forms("QoS, control plane")
CLASSIFIER = plane_form("traffic classifier {name} operator or")
MATCHES = {
    name: plane_form(f"if-match control-plane protocol {words}")
    for name, words in (("bfd", "bfd"), ("bgp", "bgp4+"), ("icmpv6", "icmp6"), ("isis", "isis"), ("ntp", "ntp"), ("snmp", "snmp"), ("ssh", "ssh"))
}
BEHAVIOR = plane_form("traffic behavior {name}")
PACKET_RATE = plane_form("packet-rate {rate:int}")
POLICY = plane_form("qos policy {name}")
BOUND = plane_form("classifier {classifier} behavior {behavior}")
SLOT = plane_form("control-plane slot {slot:int}")
APPLY = plane_form("qos apply policy {name} inbound")
NAME, PREFIX = "CONTROL-PLANE", "CP-"


def render(config: DeviceConfig) -> Iterator[Line]:
    for acl in config.acls:
        yield FORMS[acl.family](0, acl.origin, acl.name)
        for rule in acl.rules:
            yield RULE(1, rule.origin, rule.number, rule.action, rule_text(rule, acl.family))
    if config.protection:
        yield from _protection(config.protection)


def _protection(protection: Protection) -> Iterator[Line]:
    at = protection.origin
    for name, _ in protection.rates:
        yield CLASSIFIER(0, at, PREFIX + name)
        yield MATCHES[name](1, at)
    for name, rate in protection.rates:
        yield BEHAVIOR(0, at, PREFIX + name)
        yield PACKET_RATE(1, at, rate)
    yield POLICY(0, at, NAME)
    for name, _ in protection.rates:
        yield BOUND(1, at, PREFIX + name, PREFIX + name)
    yield SLOT(0, at, 1)
    yield APPLY(1, at, NAME)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"acls": read_acls(text, FORMS, RULE)}
    classified = {}
    for (classifier,), section in text.each(CLASSIFIER, _ours):
        for name, match in MATCHES.items():
            if section.has(match):
                classified[classifier] = name
    rates = {name: section.value(PACKET_RATE) for (name,), section in text.each(BEHAVIOR, _ours)}
    for _, section in text.each(POLICY, NAME.__eq__):
        pairs = section.all(BOUND)
        found["protection"] = Protection(tuple((classified[one], rates[other]) for one, other in pairs if one in classified and rates.get(other)))
        for _, slot in text.each(SLOT, (1).__eq__):
            slot.all(APPLY, NAME.__eq__)
    return found


def _ours(name: str) -> bool:
    return name.startswith(PREFIX)

"""Access lists, what filters an interface by one, and what the control plane takes. Sources: NetEngine command reference, as each form names.

VRPv8 has no `traffic-filter`: a list filters an interface as the one class of a traffic policy. Packets that a rule denies are dropped, whatever the
behavior says; those that no rule names pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Protection
from netconf.vendors.shared import read_acls, rule_text

form = forms("ACL")
ACL6 = form("acl ipv6 name {name} advance")
ACL4 = form("acl name {name} advance")
RULE = form("rule {number:int} {action} {match:text}")
filter_form = forms("Class-based QoS")
CLASSIFIER = filter_form("traffic classifier {name} operator or")
MATCH6 = filter_form("if-match ipv6 acl name {acl}")
BEHAVIOR = filter_form("traffic behavior {name}")
FILTER = filter_form("traffic policy {name}")
CLASSED = filter_form("classifier {classifier} behavior {behavior}")
FILTER6 = filter_form("traffic-policy {name} inbound")  # on an interface
cpu_form = forms("Local Attack Defense")
POLICY = cpu_form("cpu-defend policy {number:int}")
RATES = {  # protocol: the words after `car`
    name: cpu_form(f"car {words} cir {{rate:int}}")
    for name, words in (
        ("bfd", "bfd"),
        ("bgp", "bgpv6"),
        ("icmpv6", "icmpv6"),
        ("isis", "isis"),
        ("ntp", "ntp"),
        ("snmp", "snmp"),
        ("ssh", "ssh-server"),
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
    for interface in {one.acl_in: one for one in reversed(config.interfaces) if one.acl_in}.values():
        yield from _filter(interface.acl_in, interface.origin)
    if config.protection:
        at = config.protection.origin
        yield POLICY(0, at, NUMBER)
        for name, rate in config.protection.rates:
            yield RATES[name](1, at, rate)
        yield SLOT(0, at, 1)
        yield APPLY(1, at, NUMBER)


def _filter(acl: str, at: str) -> Iterator[Line]:
    """All of the name of the list."""
    yield CLASSIFIER(0, at, acl)
    yield MATCH6(1, at, acl)
    yield BEHAVIOR(0, at, acl)
    yield FILTER(0, at, acl)
    yield CLASSED(1, at, acl, acl)


def read_filters(text: Section) -> set[str]:
    """Names of the traffic policies that do nothing but filter by the list of their name."""
    names = {name for (name,), section in text.peek_each(FILTER) if section.peek(CLASSED) == [(name, name)] and len(section.tree.children) == 1}
    names &= {name for (name,), section in text.peek_each(CLASSIFIER) if section.peek(MATCH6) == [(name,)] and len(section.tree.children) == 1}
    names &= {name for (name,), section in text.peek_each(BEHAVIOR) if not section.tree.children}
    for form in (CLASSIFIER, BEHAVIOR, FILTER):
        for _, section in text.each(form, names.__contains__):
            section.has(MATCH6)
            section.has(CLASSED)
    return names


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"acls": read_acls(text, FORMS, RULE)}
    for _, section in text.each(POLICY, NUMBER.__eq__):
        rates = tuple((name, section.value(form)) for name, form in RATES.items())
        found["protection"] = Protection(tuple((name, rate) for name, rate in rates if rate is not None))
        for _, slot in text.each(SLOT, (1).__eq__):
            slot.all(APPLY, NUMBER.__eq__)
    return found

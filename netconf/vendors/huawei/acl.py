"""Access lists and what the control plane takes. Sources: NetEngine command reference, "ACL" and "Local Attack Defense"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Acl, AclRule, DeviceConfig, Protection

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
PROTOCOLS = {"ip": "ipv6", "icmp": "icmpv6"}
NAMES = {"ipv6": "ip", "icmpv6": "icmp"}


def render(config: DeviceConfig) -> Iterator[Line]:
    for acl in config.acls:
        yield FORMS[acl.family](0, acl.origin, acl.name)
        for rule in acl.rules:
            yield RULE(1, rule.origin, rule.number, rule.action, _match(rule, acl.family))
    if config.protection:
        at = config.protection.origin
        yield POLICY(0, at, NUMBER)
        for name, rate in config.protection.rates:
            yield RATES[name](1, at, rate)
        yield SLOT(0, at, 1)
        yield APPLY(1, at, NUMBER)


def _match(rule: AclRule, family: str) -> str:
    protocol = PROTOCOLS.get(rule.protocol, rule.protocol) if family == "ipv6" else rule.protocol
    words = [protocol]
    for word, prefix in (("source", rule.source), ("destination", rule.destination)):
        if prefix:
            words.append(f"{word} {prefix.upper() if family == 'ipv6' else _wildcard(prefix)}")
    if rule.port:
        words.append(f"destination-port eq {rule.port}")
    return " ".join(words)


def _wildcard(prefix: str) -> str:
    """`10.0.0.0 0.0.0.255` for 10.0.0.0/24."""
    from ipaddress import IPv4Network

    network = IPv4Network(prefix)
    return f"{network.network_address} {network.hostmask}"


def read(text: Section) -> dict[str, Any]:
    acls = [Acl(name, family, tuple(_rule(*row) for row in section.all(RULE))) for family, form in FORMS.items() for (name,), section in text.each(form)]  # type: ignore[arg-type]
    found: dict[str, Any] = {"acls": tuple(acls)}
    for _, section in text.each(SLOT):
        section.has(APPLY)
    for _, section in text.each(POLICY):
        rates = tuple((name, section.value(form)) for name, form in RATES.items())
        found["protection"] = Protection(tuple((name, rate) for name, rate in rates if rate is not None))
    return found


def _rule(number: int, action: str, match: str) -> AclRule:
    words = iter(match.split())
    protocol = next(words)
    source = destination = ""
    port = 0
    for word in words:
        value = next(words, "")
        if word == "destination-port":
            port = int(next(words, "0"))
        elif word in ("source", "destination"):
            prefix = value.lower() if "/" in value else _prefix(value, next(words, "0"))
            source, destination = (prefix, destination) if word == "source" else (source, prefix)
    return AclRule(number, action, NAMES.get(protocol, protocol), source, destination, port)  # type: ignore[arg-type]


def _prefix(address: str, wildcard: str) -> str:
    from ipaddress import IPv4Network

    try:
        return str(IPv4Network(f"{address}/{wildcard}"))
    except ValueError:
        return address

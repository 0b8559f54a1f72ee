"""What the languages of VRP and Comware have in common, both being of one family: access rules, secrets, IPv4 masks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from netconf.forms import Section
from netconf.model.device import Acl, AclRule, Bgp, Neighbor

SECRET = re.compile(r"<secret:([a-z0-9-]+)>")
PROTOCOLS = {"ip": "ipv6", "icmp": "icmpv6"}  # of our names, where the list is of IPv6
NAMES = {"ipv6": "ip", "icmpv6": "icmp"}


def secret(name: str) -> str:
    """What stands in the place of a secret: its name, which the push replaces."""
    return f"<secret:{name}>"


def secret_name(value: str) -> str:
    """The name in our marker; nothing for what a device shows of a secret, which is ciphered anew each time and never compared."""
    match = SECRET.fullmatch(value)
    return match[1] if match else ""


def rule_text(rule: AclRule, family: str) -> str:
    """`tcp source 2001:DB8:1::/48 destination-port eq 443`: a rule behind its action."""
    words = [PROTOCOLS.get(rule.protocol, rule.protocol) if family == "ipv6" else rule.protocol]
    for word, prefix in (("source", rule.source), ("destination", rule.destination)):
        if prefix:
            words.append(f"{word} {prefix.upper() if family == 'ipv6' else wildcard(prefix)}")
    if rule.port:
        words.append(f"destination-port eq {rule.port}")
    return " ".join(words)


def wildcard(prefix: str) -> str:
    """`10.0.0.0 0.0.0.255` for 10.0.0.0/24."""
    network = IPv4Network(prefix)
    return f"{network.network_address} {network.hostmask}"


def read_rule(number: int, action: str, text: str) -> AclRule:
    words = iter(text.split())
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


def _prefix(address: str, mask: str) -> str:
    try:
        return str(IPv4Network(f"{address}/{mask}"))
    except ValueError:
        return address


def read_acls(text: Section, forms: Mapping[str, Any], rule: Any) -> tuple[Acl, ...]:
    """Lists of all families; `forms`: family to the form that opens a list of it."""
    found = [(section.tree.number, family, name, section) for family, form in forms.items() for (name,), section in text.each(form)]
    ordered = sorted(found, key=lambda row: row[0])
    return tuple(Acl(name, family, tuple(read_rule(*row) for row in section.all(rule))) for _, family, name, section in ordered)  # type: ignore[arg-type]


def read_neighbors(section: Section, numbers: Any, descriptions: Any, clients: set[str]) -> tuple[Neighbor, ...]:
    described = dict(section.all(descriptions))
    return tuple(Neighbor(address, described.get(address, ""), address in clients) for address, _ in section.all(numbers))


def reflects(bgp: Bgp) -> bool:
    """A reflector keeps VPN routes that none of its own VPNs wants."""
    return any(n.client for n in bgp.neighbors)

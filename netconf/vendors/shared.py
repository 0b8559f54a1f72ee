"""What the languages of VRP and Comware have in common, both being of one family: access rules, secrets, IPv4 masks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from netconf.forms import Form, Line, Section
from netconf.model.device import (
    Acl,
    AclRule,
    Banner,
    Bgp,
    Clock,
    DeviceConfig,
    Neighbor,
    PolicyNode,
    PrefixList,
    RoutePolicies,
    RoutePolicy,
    System,
    Telemetry,
)

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


@dataclass(frozen=True, slots=True)
class SystemForms:
    name: Form
    clock: Form  # add or minus, and how much
    banner: Form


SIGNS = {"add": 1, "minus": -1}


def render_system(config: DeviceConfig, forms: SystemForms) -> Iterator[Line]:
    yield forms.name(0, config.system.origin, config.system.hostname)
    if config.clock:
        east = abs(config.clock.minutes)
        yield forms.clock(0, config.clock.origin, "add" if config.clock.minutes >= 0 else "minus", f"{east // 60:02}:{east % 60:02}:00")
    if config.banner:
        yield forms.banner(0, config.banner.origin, config.banner.text)


def read_system(text: Section, forms: SystemForms) -> dict[str, Any]:
    found: dict[str, Any] = {"system": System(text.value(forms.name, ""))}
    if clock := text.one(forms.clock):
        hours, minutes, _ = map(int, clock[1].split(":"))
        found["clock"] = Clock(SIGNS[clock[0]] * (60 * hours + minutes))
    if banner := text.value(forms.banner):
        found["banner"] = Banner(banner)
    return found


@dataclass(frozen=True, slots=True)
class PolicyForms:
    """Route policies with their prefix lists."""

    prefix: Form
    longer: Form  # with the longest length that matches
    node: Form
    match: Form
    colour: Form


def render_policies(policies: RoutePolicies, forms: PolicyForms) -> Iterator[Line]:
    for row in policies.prefix_lists:
        for number, prefix, longest in row.prefixes:
            address, _, length = prefix.partition("/")
            if longest:
                yield forms.longer(0, row.origin, row.name, number, address, length, longest)
            else:
                yield forms.prefix(0, row.origin, row.name, number, address, length)
    for policy in policies.policies:
        for node in policy.nodes:
            yield forms.node(0, node.origin, policy.name, node.action, node.number)
            if node.prefix_list:
                yield forms.match(1, node.origin, node.prefix_list)
            if node.colour:
                yield forms.colour(1, node.origin, node.colour)


def read_policies(text: Section, forms: PolicyForms) -> RoutePolicies | None:
    lists: dict[str, list[tuple[int, str, int]]] = {}
    for name, number, address, length in text.all(forms.prefix):
        lists.setdefault(name, []).append((number, f"{address}/{length}", 0))
    for name, number, address, length, longest in text.all(forms.longer):
        lists.setdefault(name, []).append((number, f"{address}/{length}", longest))
    nodes: dict[str, list[PolicyNode]] = {}
    for (name, action, number), section in text.each(forms.node):
        nodes.setdefault(name, []).append(PolicyNode(number, action, section.value(forms.match, ""), section.value(forms.colour, 0)))
    if not lists and not nodes:
        return None
    prefix_lists = tuple(PrefixList(name, tuple(sorted(rows))) for name, rows in lists.items())
    return RoutePolicies(prefix_lists, tuple(RoutePolicy(name, tuple(rows)) for name, rows in nodes.items()))


@dataclass(frozen=True, slots=True)
class TelemetryForms:
    view: Form
    sensors: Form
    path: Form
    destinations: Form
    destination: Form
    subscription: Form
    local: Form
    sample: Form
    sent_to: Form


SENSORS, COLLECTORS, SUBSCRIPTION = "INTERFACES", "COLLECTORS", "EXTRANET"


def render_telemetry(telemetry: Telemetry, forms: TelemetryForms) -> Iterator[Line]:
    at = telemetry.origin
    yield forms.view(0, at)
    yield forms.sensors(1, at, SENSORS)
    yield forms.path(2, at)
    yield forms.destinations(1, at, COLLECTORS)
    for collector in telemetry.collectors:
        yield forms.destination(2, at, collector, telemetry.port)
    yield forms.subscription(1, at, SUBSCRIPTION)
    yield forms.local(2, at, telemetry.source)
    yield forms.sample(2, at, SENSORS, telemetry.interval_ms)
    yield forms.sent_to(2, at, COLLECTORS)


def read_telemetry(text: Section, forms: TelemetryForms) -> Telemetry | None:
    view = text.under(forms.view)
    for _, sensors in view.each(forms.sensors):
        sensors.has(forms.path)
    collectors = [found for _, section in view.each(forms.destinations) for found in section.all(forms.destination)]
    for _, section in view.each(forms.subscription):
        section.has(forms.sent_to)
        sample = section.one(forms.sample)
        if sample and collectors:
            return Telemetry(tuple(address for address, _ in collectors), collectors[0][1], sample[1], section.value(forms.local, ""))
    return None


def vrf_table(name: str) -> int:
    """The number in a VRF's name, from 1000 on: the kernel table that FRR's driver gives it, and of no matter elsewhere."""
    number = name.removeprefix("vpn")
    return 1000 + int(number) if number.isdigit() else 0

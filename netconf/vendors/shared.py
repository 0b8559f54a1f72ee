"""What the languages of VRP and Comware have in common, both being of one family: access rules, secrets, IPv4 masks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from inventory.errors import InputError
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
    StaticRoute,
    System,
    Telemetry,
    Vrf,
)
from netconf.text import is_network

SECRET = re.compile(r"<secret:([a-z0-9-]+)>")
PROTOCOLS = {"ip": "ipv6", "icmp": "icmpv6"}  # of our names, where the list is of IPv6
NAMES = {"ipv6": "ip", "icmpv6": "icmp"}
HOST = re.compile(r"((?:source|destination) \d+\.\d+\.\d+\.\d+) 0\.0\.0\.0(?!\S)")


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
    """`10.0.0.0 0.0.0.255` for 10.0.0.0/24, `10.0.0.1 0` for one address."""
    network = IPv4Network(prefix)
    return f"{network.network_address} {network.hostmask if network.prefixlen < 32 else 0}"


def read_rule(number: int, action: str, text: str) -> AclRule:
    """Of what is no number where one is due, the rule says nothing."""
    words = iter(text.split())
    protocol = next(words)
    source = destination = ""
    port = 0
    for word in words:
        value = next(words, "")
        if word == "destination-port":
            port = int(said) if (said := next(words, "")).isdigit() else 0
        elif word in ("source", "destination"):
            prefix = value.lower() if "/" in value else _prefix(value, next(words, "0"))
            source, destination = (prefix, destination) if word == "source" else (source, prefix)
    return AclRule(number, action, NAMES.get(protocol, protocol), source, destination, port)  # type: ignore[arg-type]


def _prefix(address: str, inverse: str) -> str:
    """The prefix of an address with an inverse mask, `0` being that of one address; empty for a mask with holes."""
    try:
        bits = int(IPv4Address("0.0.0.0" if inverse == "0" else inverse))
        return str(IPv4Network((address, 32 - bits.bit_length()))) if bits & (bits + 1) == 0 else ""
    except ValueError:
        return ""


def one_prefix(section: Section, lines: Iterable[Form]) -> str:
    """The one prefix of a firewall's rule, which any of `lines` says by address and length; a rule of several is left for the second."""
    row = next((row for line in lines if (row := section.one(line))), None)
    return f"{row[0]}/{row[1]}" if row else ""


def read_acls(text: Section, forms: Mapping[str, Any], rule: Any) -> tuple[Acl, ...]:
    """Lists of all families; `forms`: family to the form that opens a list of it. One with a rule that the model cannot hold is left whole."""
    found = [(section.tree.number, family, name, section) for family, form in forms.items() for (name,), section in text.each(form)]
    ordered = sorted(found, key=lambda row: row[0])
    lists = [(Acl(name, family, tuple(_read_rules(section, rule, family))), section) for _, family, name, section in ordered]  # type: ignore[arg-type]
    return tuple(acl for acl, section in lists if not section.leave_unless_whole())


def _read_rules(section: Section, form: Form, family: str) -> Iterator[AclRule]:
    def same(number: int, action: str, text: str) -> bool:
        return rule_text(read_rule(number, action, text), family).casefold() == HOST.sub(r"\1 0", text).casefold()

    yield from (read_rule(*row) for row in section.all(form, same))


@dataclass(frozen=True, slots=True)
class BgpForms:
    """What BGP of both languages has: peers in one view, their routes in a view a family."""

    router_id: Form
    as_number: Form
    description: Form
    source: Form
    unicast: Form  # IPv6
    vpnv4: Form
    vpnv6: Form
    evpn: Form
    network: Form
    enable: Form
    client: Form
    all_targets: Form
    prefix_sid: Form
    encap: Form
    locator: Form
    best_effort: Form


def render_bgp(bgp: Bgp, forms: BgpForms) -> Iterator[Line]:
    """All but the first line, and what is of VPNs."""
    at = bgp.origin
    if bgp.router_id:
        yield forms.router_id(1, at, bgp.router_id)
    for n in bgp.neighbors:
        yield forms.as_number(1, n.origin, n.address, bgp.asn)
        if n.description:
            yield forms.description(1, n.origin, n.address, n.description)
        yield forms.source(1, n.origin, n.address)
    if bgp.locator or bgp.networks:
        yield forms.unicast(1, at)
        for prefix in bgp.networks:
            address, _, length = prefix.partition("/")
            yield forms.network(2, at, address, length)
        if bgp.locator:
            yield forms.locator(2, at, bgp.locator)
            yield forms.best_effort(2, at)
        for n in bgp.neighbors:
            yield from _peer(n, forms)
            if bgp.locator:
                yield forms.prefix_sid(2, n.origin, n.address)
    reflector = reflects(bgp)
    families = [(forms.vpnv4, forms.prefix_sid), (forms.vpnv6, forms.prefix_sid)] if bgp.vpn else []
    for family, sids in [*families, (forms.evpn, forms.encap)] if bgp.evpn else families:
        yield family(1, at)
        if reflector:
            yield forms.all_targets(2, at)
        for n in bgp.neighbors:
            yield from _peer(n, forms)
            if bgp.locator:
                yield sids(2, n.origin, n.address)


def _peer(n: Neighbor, forms: BgpForms) -> Iterator[Line]:
    yield forms.enable(2, n.origin, n.address)
    if n.client:
        yield forms.client(2, n.origin, n.address)


def read_bgp(asn: int, section: Section, forms: BgpForms, locator: str) -> Bgp:
    """Peers of another AS or from another interface, and what is said of them, are left; `locator`: that of VPNs, where the public zone has none."""
    sourced = set(section.peek(forms.source))
    numbered = section.all(forms.as_number, lambda address, number: number == asn and (address,) in sourced)
    peers = {address for address, _ in numbered}

    def known(address: str, *_: object) -> bool:
        return address in peers

    described = dict(section.all(forms.description, known))
    section.all(forms.source, known)
    unicast = section.peek_under(forms.unicast)
    locator = next((name for (name,) in unicast.peek(forms.locator)), locator)
    networks = tuple(f"{address}/{length}" for address, length in unicast.all(forms.network))
    vpn, evpn = section.says(forms.vpnv4), section.says(forms.evpn)
    spoken = [form for form, does in ((forms.unicast, locator or networks), (forms.vpnv4, vpn), (forms.vpnv6, vpn), (forms.evpn, evpn)) if does]
    inside = [section.under(form) for form in spoken if section.says(form)]
    clients = always_clients(peers, inside, forms.enable, forms.client)
    for form, family in zip([form for form in spoken if section.says(form)], inside, strict=True):
        family.all(forms.enable, known)
        family.all(forms.client, lambda address: address in clients)
        if form is forms.unicast:
            family.all(forms.locator)
            family.has(forms.best_effort) if locator else None
        elif clients:
            family.has(forms.all_targets)
        if locator:
            family.all(forms.encap if form is forms.evpn else forms.prefix_sid, known)
    neighbors = tuple(Neighbor(address, described.get(address, ""), address in clients) for address, _ in numbered)
    return Bgp(asn, section.value(forms.router_id, ""), neighbors, networks, locator, vpn, evpn)


@dataclass(frozen=True, slots=True)
class VpnForms:
    """What stands in BGP in a view of a family of a VPN."""

    direct: Form
    static: Form
    advertise_evpn: Form
    locators: Mapping[bool, Form]  # by: do its routes ride in EVPN
    services: Mapping[tuple[bool, bool], Form]  # by the same, and by: over best effort


def render_vpn(vrf: Vrf, depth: int, locator: str, routed: bool, forms: VpnForms) -> Iterator[Line]:
    """`routed`: it has static routes."""
    at = vrf.origin
    yield forms.direct(depth, at)
    if routed:
        yield forms.static(depth, at)
    if vrf.evpn:
        yield forms.advertise_evpn(depth, at)
    if locator:
        yield forms.locators[vrf.evpn](depth, at, locator)
        yield forms.services[vrf.evpn, vrf.best_effort](depth, at)


def read_vpns(asn: int, section: Section, views: list[tuple[Vrf, Section]], routed: set[str], forms: BgpForms, vpn: VpnForms) -> Bgp:
    """All of BGP, and its views of VPNs; one that does not announce its own networks is left."""
    views = [(vrf, view) for vrf, view in views if view.has(vpn.direct)]
    locators = (name for vrf, view in views for (name,) in view.peek(vpn.locators[vrf.evpn]))
    bgp = read_bgp(asn, section, forms, next(locators, ""))
    for vrf, view in views:
        if vrf.name in routed:
            view.has(vpn.static)
        if vrf.evpn:
            view.has(vpn.advertise_evpn)
        if bgp.locator:
            view.all(vpn.locators[vrf.evpn], bgp.locator.__eq__)
            view.has(vpn.services[vrf.evpn, vrf.best_effort])
    return bgp


def always_clients(peers: set[str], families: list[Section], enable: Form, client: Form) -> set[str]:
    """Peers that are reflected to wherever they are spoken to."""
    rows = [({address for (address,) in family.peek(enable)}, {address for (address,) in family.peek(client)}) for family in families]
    return {
        address for address in peers if any(address in clients for _, clients in rows) and all(address in clients or address not in on for on, clients in rows)
    }


Statics = Mapping[tuple[bool, bool, str], Form]


def static_forms(form: Callable[[str], Form], length4: str) -> Statics:
    """The forms of static routes, by: is it IPv6, is it of a VPN, how its way out is told (`by` an interface and a next hop, `to` a next hop, `null`)."""
    prefixes = {True: ("ipv6", "{address:ip} {length:int}", "{next_hop:ip}"), False: ("ip", f"{{address:ip4}} {{length:{length4}}}", "{next_hop:ip4}")}
    return {
        (six, vpn, way): form(f"{word} route-static {'vpn-instance {vrf} ' if vpn else ''}{prefix} {rest}")
        for six, (word, prefix, hop) in prefixes.items()
        for vpn in (False, True)
        for way, rest in (("to", hop), ("by", f"{{interface}} {hop}"), ("null", "NULL0"))
    }


def render_statics(routes: Iterable[StaticRoute], forms: Statics) -> Iterator[Line]:
    for r in routes:
        address, _, length = r.prefix.partition("/")
        way = "null" if not r.next_hop else "by" if r.interface else "to"
        out = {"null": (), "to": (r.next_hop,), "by": (r.interface, r.next_hop)}[way]
        yield forms[":" in address, bool(r.vrf), way](0, r.origin, *((r.vrf,) if r.vrf else ()), address, length, *out)


def read_statics(text: Section, forms: Statics) -> tuple[StaticRoute, ...]:
    """In the order of the text. A prefix with bits of a host is left."""
    rows = [row for (_, vpn, way), form in forms.items() for row in _routes(text, form, vpn, way)]
    return tuple(route for _, route in sorted(rows, key=lambda row: row[0]))


def _routes(text: Section, form: Form, vpn: bool, way: str) -> Iterator[tuple[int, StaticRoute]]:
    """With the numbers of their lines."""
    for values, section in text.each(form, lambda *found: is_network(*found[vpn : vpn + 2])):
        vrf, (address, length, *out) = values[0] if vpn else "", values[vpn:]
        interface, next_hop = out if way == "by" else ("", out[0] if out else "")
        yield section.tree.number, StaticRoute(f"{address}/{length}", next_hop, interface, vrf)


def routes_per_vpn(routes: Iterable[StaticRoute]) -> set[str]:
    """VPNs that have static routes."""
    return {route.vrf for route in routes if route.vrf}


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
    if config.system.hostname:
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
    """A list or a node with a line that the model cannot hold is left whole: without it, it would let through something else."""
    odd = _odd_lists(text, forms)
    lists: dict[str, list[tuple[int, str, int]]] = {}
    for name, number, address, length in text.all(forms.prefix, lambda name, *_: name not in odd):
        lists.setdefault(name, []).append((number, f"{address}/{length}", 0))
    for name, number, address, length, longest in text.all(forms.longer, lambda name, *_: name not in odd):
        lists.setdefault(name, []).append((number, f"{address}/{length}", longest))
    nodes: dict[str, list[PolicyNode]] = {}
    for (name, action, number), section in text.each(forms.node):
        node = PolicyNode(number, action, section.value(forms.match, ""), section.value(forms.colour, 0))
        if not section.leave_unless_whole():
            nodes.setdefault(name, []).append(node)
    if not lists and not nodes:
        return None
    prefix_lists = tuple(PrefixList(name, tuple(sorted(rows))) for name, rows in lists.items())
    return RoutePolicies(prefix_lists, tuple(RoutePolicy(name, tuple(rows)) for name, rows in nodes.items()))


def _odd_lists(text: Section, forms: PolicyForms) -> set[str]:
    """Names of the prefix lists with a line of neither form."""
    words = forms.prefix.template.partition(" {")[0].split()
    lines = (
        line for line in text.tree.children if line.split()[: len(words)] == words and forms.prefix.match(line) is None and forms.longer.match(line) is None
    )
    return {line.split()[len(words)] for line in lines if len(line.split()) > len(words)}


def targets(rows: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    """The route targets of several lines."""
    return tuple(target for (row,) in rows for target in row.split())


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
    unit: int = 1  # of the sampling interval, in milliseconds


SENSORS, COLLECTORS, SUBSCRIPTION = "INTERFACES", "COLLECTORS", "EXTRANET"


def render_telemetry(telemetry: Telemetry, forms: TelemetryForms) -> Iterator[Line]:
    at = telemetry.origin
    if telemetry.interval_ms % forms.unit:
        raise InputError(f"telemetry every {telemetry.interval_ms} ms: Comware samples in whole seconds; take a multiple of {forms.unit} in network.yaml")
    yield forms.view(0, at)
    yield forms.sensors(1, at, SENSORS)
    yield forms.path(2, at)
    yield forms.destinations(1, at, COLLECTORS)
    for collector in telemetry.collectors:
        yield forms.destination(2, at, collector, telemetry.port)
    yield forms.subscription(1, at, SUBSCRIPTION)
    yield forms.local(2, at, telemetry.source)
    yield forms.sample(2, at, SENSORS, telemetry.interval_ms // forms.unit)
    yield forms.sent_to(2, at, COLLECTORS)


def read_telemetry(text: Section, forms: TelemetryForms) -> Telemetry | None:
    """Groups of other names are others', with other sensors."""
    view = text.under(forms.view)
    for _, sensors in view.each(forms.sensors, SENSORS.__eq__):
        sensors.has(forms.path)
    collectors = [found for _, section in view.each(forms.destinations, COLLECTORS.__eq__) for found in section.all(forms.destination)]
    for _, section in view.each(forms.subscription, SUBSCRIPTION.__eq__):
        section.all(forms.sent_to, COLLECTORS.__eq__)
        sample = next(iter(section.all(forms.sample, lambda name, _: name == SENSORS)), None)
        if sample and collectors:
            return Telemetry(tuple(address for address, _ in collectors), collectors[0][1], sample[1] * forms.unit, section.value(forms.local, ""))
    return None


def process_name(number: int) -> str:
    """The model's word for a numbered IS-IS process."""
    return "EXTRANET" if number == 1 else str(number)


def vrf_table(name: str) -> int:
    """The number in a VRF's name, from 1000 on: the kernel table that FRR's driver gives it, and of no matter elsewhere."""
    number = name.removeprefix("vpn")
    return 1000 + int(number) if number.isdigit() else 0

"""VPN instances, route policies and what steers a VPN into SRv6-TE. Sources: NetEngine command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import DeviceConfig, PolicyNode, PrefixList, RoutePolicies, RoutePolicy, Vrf

form = forms("NetEngine command reference, BGP/MPLS IP VPN")
INSTANCE = form("ip vpn-instance {name}")
DESCRIPTION = form("description {text:text}")
FAMILY4 = form("ipv4-family")
FAMILY6 = form("ipv6-family")
RD = form("route-distinguisher {rd}")
EXPORT_POLICY = form("export route-policy {name}")
EXPORT_POLICY_EVPN = form("export route-policy {name} evpn")
TUNNEL = form("tnl-policy {name}")
TUNNEL_EVPN = form("tnl-policy {name} evpn")
EXPORT = form("vpn-target {rts:text} export-extcommunity")
EXPORT_EVPN = form("vpn-target {rts:text} export-extcommunity evpn")
IMPORT = form("vpn-target {rts:text} import-extcommunity")
IMPORT_EVPN = form("vpn-target {rts:text} import-extcommunity evpn")
FAMILIES: dict[str, Form] = {"ipv4": FAMILY4, "ipv6": FAMILY6}

policy_form = forms("NetEngine command reference, Routing Policy")
PREFIX6 = policy_form("ip ipv6-prefix {name} index {number:int} permit {address:ip} {length:int}")
PREFIX6_LONGER = policy_form("ip ipv6-prefix {name} index {number:int} permit {address:ip} {length:int} less-equal {longest:int}")
NODE = policy_form("route-policy {name} {action} node {number:int}")
IF_MATCH6 = policy_form("if-match ipv6 address prefix-list {name}")
COLOUR = policy_form("apply extcommunity color 0:{colour:int}")

tunnel_form = forms("NetEngine command reference, Tunnel Management")
TUNNEL_POLICY = tunnel_form("tunnel-policy {name}")
SELECT = tunnel_form("tunnel select-seq ipv6 srv6-te-policy load-balance-number 1")
STEERED = "SRV6-TE"


@dataclass(frozen=True, slots=True)
class _Forms:
    """Forms of a VPN whose routes ride in EVPN differ by one word."""

    export: Form
    imported: Form
    policy: Form
    tunnel: Form


PLAIN, EVPN = _Forms(EXPORT, IMPORT, EXPORT_POLICY, TUNNEL), _Forms(EXPORT_EVPN, IMPORT_EVPN, EXPORT_POLICY_EVPN, TUNNEL_EVPN)


def render(config: DeviceConfig) -> Iterator[Line]:
    for vrf in config.vrfs:
        yield from _vrf(vrf)
    if config.route_policies:
        yield from _policies(config.route_policies)
    if steered := [vrf for vrf in config.vrfs if not vrf.best_effort]:
        yield TUNNEL_POLICY(0, steered[0].origin, STEERED)
        yield SELECT(1, steered[0].origin)


def _vrf(vrf: Vrf) -> Iterator[Line]:
    at, words = vrf.origin, EVPN if vrf.evpn else PLAIN
    yield INSTANCE(0, at, vrf.name)
    if vrf.description:
        yield DESCRIPTION(1, at, vrf.description)
    for family in vrf.families:
        yield FAMILIES[family](1, at)
        yield RD(2, at, vrf.rd)
        if vrf.export_policy:
            yield words.policy(2, at, vrf.export_policy)
        if not vrf.best_effort:
            yield words.tunnel(2, at, STEERED)
        yield words.export(2, at, " ".join(vrf.exports))
        yield words.imported(2, at, " ".join(vrf.imports))


def _policies(policies: RoutePolicies) -> Iterator[Line]:
    for row in policies.prefix_lists:
        for number, prefix, longest in row.prefixes:
            address, _, length = prefix.partition("/")
            if longest:
                yield PREFIX6_LONGER(0, row.origin, row.name, number, address, length, longest)
            else:
                yield PREFIX6(0, row.origin, row.name, number, address, length)
    for policy in policies.policies:
        for node in policy.nodes:
            yield NODE(0, node.origin, policy.name, node.action, node.number)
            if node.prefix_list:
                yield IF_MATCH6(1, node.origin, node.prefix_list)
            if node.colour:
                yield COLOUR(1, node.origin, node.colour)


def read(text: Section) -> dict[str, Any]:
    text.under(TUNNEL_POLICY).has(SELECT)
    return {"vrfs": tuple(_read_vrf(name, section) for (name,), section in text.each(INSTANCE)), "route_policies": _read_policies(text)}


def _read_vrf(name: str, section: Section) -> Vrf:
    rd, policy, tunnel, evpn = "", "", "", False
    imports: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    families = []
    for family, opening in FAMILIES.items():
        for _, inside in section.each(opening):
            families.append(family)
            rd = inside.value(RD, rd)
            for words in (PLAIN, EVPN):
                if found := inside.value(words.export):
                    exports, evpn = tuple(found.split()), words is EVPN
                imports = tuple(inside.value(words.imported, "").split()) or imports
                policy = inside.value(words.policy, policy)
                tunnel = inside.value(words.tunnel, tunnel)
    number = name.removeprefix("vpn")
    table = 1000 + int(number) if number.isdigit() else 0
    description = section.value(DESCRIPTION, "")
    return Vrf(name, table, rd, imports, exports, tuple(families), description, evpn, policy, best_effort=not tunnel)  # type: ignore[arg-type]


def _read_policies(text: Section) -> RoutePolicies | None:
    lists: dict[str, list[tuple[int, str, int]]] = {}
    for name, number, address, length in text.all(PREFIX6):
        lists.setdefault(name, []).append((number, f"{address}/{length}", 0))
    for name, number, address, length, longest in text.all(PREFIX6_LONGER):
        lists.setdefault(name, []).append((number, f"{address}/{length}", longest))
    nodes: dict[str, list[PolicyNode]] = {}
    for (name, action, number), section in text.each(NODE):
        nodes.setdefault(name, []).append(PolicyNode(number, action, section.value(IF_MATCH6, ""), section.value(COLOUR, 0)))
    if not lists and not nodes:
        return None
    return RoutePolicies(
        tuple(PrefixList(name, tuple(sorted(rows))) for name, rows in lists.items()), tuple(RoutePolicy(name, tuple(rows)) for name, rows in nodes.items())
    )

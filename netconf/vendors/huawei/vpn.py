"""VPN instances, route policies and what steers a VPN into SRv6-TE. Sources: NetEngine command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import DeviceConfig, Vrf
from netconf.vendors.shared import PolicyForms, read_policies, render_policies, targets, vrf_table

form = forms("BGP/MPLS IP VPN")
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

policy_form = forms("Routing Policy")
PREFIX6 = policy_form("ip ipv6-prefix {name} index {number:int} permit {address:ip} {length:int}")
PREFIX6_LONGER = policy_form("ip ipv6-prefix {name} index {number:int} permit {address:ip} {length:int} less-equal {longest:int}")
NODE = policy_form("route-policy {name} {action} node {number:int}")
IF_MATCH6 = policy_form("if-match ipv6 address prefix-list {name}")
COLOUR = policy_form("apply extcommunity color 0:{colour:int}")
POLICIES = PolicyForms(PREFIX6, PREFIX6_LONGER, NODE, IF_MATCH6, COLOUR)

tunnel_form = forms("Tunnel Management")
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
        yield from render_policies(config.route_policies, POLICIES)
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
        if vrf.rd:
            yield RD(2, at, vrf.rd)
        if vrf.export_policy:
            yield words.policy(2, at, vrf.export_policy)
        if not vrf.best_effort:
            yield words.tunnel(2, at, STEERED)
        if vrf.exports:
            yield words.export(2, at, " ".join(vrf.exports))
        if vrf.imports:
            yield words.imported(2, at, " ".join(vrf.imports))


def read(text: Section) -> dict[str, Any]:
    for _, section in text.each(TUNNEL_POLICY, STEERED.__eq__):
        section.has(SELECT)
    return {"vrfs": read_vrfs(text), "route_policies": read_policies(text, POLICIES)}


def read_vrfs(text: Section) -> tuple[Vrf, ...]:
    return tuple(_read_vrf(name, section) for (name,), section in text.each(INSTANCE))


def _read_vrf(name: str, section: Section) -> Vrf:
    """All families of a VPN have the same of everything in the model: one that differs from the first is left."""
    families: list[str] = []
    first = None
    for family, opening in FAMILIES.items():
        if not section.says(opening):
            continue
        said = _said(section.peek_under(opening))
        first = first or said
        if said == first:
            families.append(family)
            _take(section.under(opening), said)
    said = first or _Said("", (), (), "", False, False)
    description = section.value(DESCRIPTION, "")
    return Vrf(name, vrf_table(name), said.rd, said.imports, said.exports, tuple(families), description, said.evpn, said.policy, best_effort=not said.steered)  # type: ignore[arg-type]


class _Said(NamedTuple):
    rd: str
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    policy: str
    steered: bool
    evpn: bool


def _said(view: Section) -> _Said:
    evpn = view.says(EXPORT_EVPN) or view.says(IMPORT_EVPN)
    words = EVPN if evpn else PLAIN
    rds, policies = view.peek(RD), view.peek(words.policy)
    imports, exports = targets(view.peek(words.imported)), targets(view.peek(words.export))
    return _Said(rds[0][0] if rds else "", imports, exports, policies[0][0] if policies else "", (STEERED,) in view.peek(words.tunnel), evpn)


def _take(view: Section, said: _Said) -> None:
    words = EVPN if said.evpn else PLAIN
    for line in (RD, words.imported, words.export, words.policy):
        view.all(line)
    view.all(words.tunnel, STEERED.__eq__)

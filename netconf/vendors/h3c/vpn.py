"""VPN instances, route policies and what steers a VPN into SRv6-TE. Sources: H3C CR16000-F command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Vrf
from netconf.vendors.shared import PolicyForms, read_policies, render_policies, targets, vrf_table

form = forms("MPLS L3VPN")
INSTANCE = form("ip vpn-instance {name}")
RD = form("route-distinguisher {rd}")
DESCRIPTION = form("description {text:text}")
IMPORT = form("vpn-target {rts:text} import-extcommunity")
EXPORT = form("vpn-target {rts:text} export-extcommunity")
EXPORT_POLICY = form("export route-policy {name}")
TUNNEL = form("tnl-policy {name}")
FAMILY4 = form("address-family ipv4")
FAMILY6 = form("address-family ipv6")
EVPN = form("address-family evpn")
FAMILIES = {"ipv4": FAMILY4, "ipv6": FAMILY6}

policy_form = forms("Routing policy")
PREFIX6 = policy_form("ipv6 prefix-list {name} index {number:int} permit {address:ip} {length:int}")
PREFIX6_LONGER = policy_form("ipv6 prefix-list {name} index {number:int} permit {address:ip} {length:int} less-equal {longest:int}")
NODE = policy_form("route-policy {name} {action} node {number:int}")
IF_MATCH6 = policy_form("if-match ipv6 address prefix-list {name}")
COLOUR = policy_form("apply extcommunity color 00:{colour:int}")
POLICIES = PolicyForms(PREFIX6, PREFIX6_LONGER, NODE, IF_MATCH6, COLOUR)

tunnel_form = forms("Tunnel policy")
TUNNEL_POLICY = tunnel_form("tunnel-policy {name}")
SELECT = tunnel_form("select-seq srv6-policy load-balance-number 1")
STEERED = "SRV6-TE"


def render(config: DeviceConfig) -> Iterator[Line]:
    for vrf in config.vrfs:
        yield from _vrf(vrf)
    if config.route_policies:
        yield from render_policies(config.route_policies, POLICIES)
    if steered := [vrf for vrf in config.vrfs if not vrf.best_effort]:
        yield TUNNEL_POLICY(0, steered[0].origin, STEERED)
        yield SELECT(1, steered[0].origin)


def _vrf(vrf: Vrf) -> Iterator[Line]:
    at = vrf.origin
    yield INSTANCE(0, at, vrf.name)
    if vrf.rd:
        yield RD(1, at, vrf.rd)
    if vrf.description:
        yield DESCRIPTION(1, at, vrf.description)
    for family in vrf.families:
        yield FAMILIES[family](1, at)
        yield from _targets(vrf) if not vrf.evpn else ()
    if vrf.evpn:
        yield EVPN(1, at)
        yield from _targets(vrf)
    elif not vrf.families:  # what stands in the VPN's own view is of all families
        yield from _targets(vrf, 1)


def _targets(vrf: Vrf, depth: int = 2) -> Iterator[Line]:
    at = vrf.origin
    if vrf.imports:
        yield IMPORT(depth, at, " ".join(vrf.imports))
    if vrf.exports:
        yield EXPORT(depth, at, " ".join(vrf.exports))
    if vrf.export_policy:
        yield EXPORT_POLICY(depth, at, vrf.export_policy)
    if not vrf.best_effort:
        yield TUNNEL(depth, at, STEERED)


def read(text: Section) -> dict[str, Any]:
    for _, section in text.each(TUNNEL_POLICY, STEERED.__eq__):
        section.has(SELECT)
    return {"vrfs": read_vrfs(text), "route_policies": read_policies(text, POLICIES)}


def read_vrfs(text: Section) -> tuple[Vrf, ...]:
    return tuple(_read_vrf(name, section) for (name,), section in text.each(INSTANCE))


def _read_vrf(name: str, section: Section) -> Vrf:
    """All families of a VPN have the same of everything in the model: one that differs from the first is left."""
    families = tuple(family for family, opening in FAMILIES.items() if section.has(opening))
    evpn = section.has(EVPN)
    views = [section.under(opening) for opening in ((EVPN,) if evpn else FAMILIES.values()) if section.says(opening)] or [section]
    first = _said(views[0])
    for view in views:
        if _said(view) == first:
            for line in (IMPORT, EXPORT, EXPORT_POLICY):
                view.all(line)
            view.all(TUNNEL, STEERED.__eq__)
    imports, exports, policy, steered = first
    description = section.value(DESCRIPTION, "")
    return Vrf(name, vrf_table(name), section.value(RD, ""), imports, exports, families, description, evpn, policy, best_effort=not steered)  # type: ignore[arg-type]


def _said(view: Section) -> tuple[tuple[str, ...], tuple[str, ...], str, bool]:
    policies = view.peek(EXPORT_POLICY)
    return targets(view.peek(IMPORT)), targets(view.peek(EXPORT)), policies[0][0] if policies else "", (STEERED,) in view.peek(TUNNEL)

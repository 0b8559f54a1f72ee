"""BGP with services over SRv6, and static routes. Sources: H3C CR16000-F command reference, "BGP", "SRv6 VPN commands", "Static routing"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import Bgp, DeviceConfig, Neighbor, StaticRoute, Vrf
from netconf.vendors.shared import read_neighbors, reflects

form = forms("H3C CR16000-F command reference, BGP")
BGP = form("bgp {asn:int}")
ROUTER_ID = form("router-id {address}")
AS_NUMBER = form("peer {address:ip} as-number {asn:int}")
DESCRIPTION = form("peer {address:ip} description {text:text}")
SOURCE = form("peer {address:ip} connect-interface LoopBack0")
UNICAST4 = form("address-family ipv4 unicast")
UNICAST6 = form("address-family ipv6 unicast")
VPNV4 = form("address-family vpnv4")
VPNV6 = form("address-family vpnv6")
EVPN = form("address-family l2vpn evpn")
INSTANCE = form("ip vpn-instance {vrf}")
NETWORK = form("network {address:ip} {length:int}")
ENABLE = form("peer {address:ip} enable")
CLIENT = form("peer {address:ip} reflect-client")
ALL_TARGETS = form("undo policy vpn-target")
DIRECT = form("import-route direct")
STATIC = form("import-route static")
ADVERTISE_EVPN = form("advertise l2vpn evpn")
srv6_form = forms("H3C CR16000-F command reference, SRv6 VPN commands")
PREFIX_SID = srv6_form("peer {address:ip} prefix-sid")
ENCAP_SRV6 = srv6_form("peer {address:ip} advertise encap-type srv6")
LOCATOR = srv6_form("segment-routing ipv6 locator {name}")
LOCATOR_EVPN = srv6_form("segment-routing ipv6 locator {name} evpn")
BEST_EFFORT = srv6_form("segment-routing ipv6 best-effort")
BEST_EFFORT_EVPN = srv6_form("segment-routing ipv6 best-effort evpn")
ENGINEERED = srv6_form("segment-routing ipv6 traffic-engineering best-effort")
ENGINEERED_EVPN = srv6_form("segment-routing ipv6 traffic-engineering best-effort evpn")
FAMILIES: dict[str, Form] = {"ipv4": UNICAST4, "ipv6": UNICAST6}

static_form = forms("H3C CR16000-F command reference, Static routing")
ROUTE6 = static_form("ipv6 route-static {address:ip} {length:int} {next_hop:ip}")
ROUTE6_BY = static_form("ipv6 route-static {address:ip} {length:int} {interface} {next_hop:ip}")
ROUTE6_VPN = static_form("ipv6 route-static vpn-instance {vrf} {address:ip} {length:int} {interface} {next_hop:ip}")
DISCARD6 = static_form("ipv6 route-static {address:ip} {length:int} NULL0")
ROUTE4 = static_form("ip route-static {address} {length:int} {next_hop}")


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.bgp:
        yield from _bgp(config, config.bgp)
    for route in config.statics:
        yield _static(route)


def _bgp(config: DeviceConfig, bgp: Bgp) -> Iterator[Line]:
    at = bgp.origin
    yield BGP(0, at, bgp.asn)
    yield ROUTER_ID(1, at, bgp.router_id)
    for n in bgp.neighbors:
        yield AS_NUMBER(1, n.origin, n.address, bgp.asn)
        yield DESCRIPTION(1, n.origin, n.address, n.description)
        yield SOURCE(1, n.origin, n.address)
    yield UNICAST6(1, at)
    for prefix in bgp.networks:
        address, _, length = prefix.partition("/")
        yield NETWORK(2, at, address, length)
    yield LOCATOR(2, at, bgp.locator)
    yield BEST_EFFORT(2, at)
    for n in bgp.neighbors:
        yield from _peer(n)
        yield PREFIX_SID(2, n.origin, n.address)
    for family in (VPNV4, VPNV6) if bgp.vpn else ():
        yield family(1, at)
        if reflects(bgp):
            yield ALL_TARGETS(2, at)
        for n in bgp.neighbors:
            yield from _peer(n)
            yield PREFIX_SID(2, n.origin, n.address)
    if bgp.evpn:
        yield EVPN(1, at)
        if reflects(bgp):
            yield ALL_TARGETS(2, at)
        for n in bgp.neighbors:
            yield from _peer(n)
            yield ENCAP_SRV6(2, n.origin, n.address)
    for vrf in config.vrfs:
        yield from _vrf(config, bgp, vrf)


def _peer(n: Neighbor) -> Iterator[Line]:
    yield ENABLE(2, n.origin, n.address)
    if n.client:
        yield CLIENT(2, n.origin, n.address)


def _vrf(config: DeviceConfig, bgp: Bgp, vrf: Vrf) -> Iterator[Line]:
    at = vrf.origin
    yield INSTANCE(1, at, vrf.name)
    for family in vrf.families:
        yield FAMILIES[family](2, at)
        yield DIRECT(3, at)
        if any(route.vrf == vrf.name for route in config.statics):
            yield STATIC(3, at)
        if vrf.evpn:
            yield ADVERTISE_EVPN(3, at)
            yield LOCATOR_EVPN(3, at, bgp.locator)
            yield (BEST_EFFORT_EVPN if vrf.best_effort else ENGINEERED_EVPN)(3, at)
        else:
            yield LOCATOR(3, at, bgp.locator)
            yield (BEST_EFFORT if vrf.best_effort else ENGINEERED)(3, at)


def _static(route: StaticRoute) -> Line:
    address, _, length = route.prefix.partition("/")
    if ":" not in address:
        return ROUTE4(0, route.origin, address, length, route.next_hop)
    if not route.next_hop:
        return DISCARD6(0, route.origin, address, length)
    if route.vrf:
        return ROUTE6_VPN(0, route.origin, route.vrf, address, length, route.interface, route.next_hop)
    if route.interface:
        return ROUTE6_BY(0, route.origin, address, length, route.interface, route.next_hop)
    return ROUTE6(0, route.origin, address, length, route.next_hop)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"statics": tuple(_read_statics(text))}
    for (asn,), section in text.each(BGP):
        section.all(SOURCE)
        six = section.under(UNICAST6)
        clients = {address for (address,) in six.all(CLIENT)}
        for family in (six, section.under(VPNV4), section.under(VPNV6), section.under(EVPN)):
            for line in (ENABLE, CLIENT, PREFIX_SID, ENCAP_SRV6, ALL_TARGETS, BEST_EFFORT):
                family.all(line)
        for _, vrf in section.each(INSTANCE):
            for opening in FAMILIES.values():
                inside = vrf.under(opening)
                for line in (DIRECT, STATIC, ADVERTISE_EVPN, LOCATOR, LOCATOR_EVPN, BEST_EFFORT, BEST_EFFORT_EVPN, ENGINEERED, ENGINEERED_EVPN):
                    inside.has(line)
        networks = tuple(f"{address}/{length}" for address, length in six.all(NETWORK))
        neighbors = read_neighbors(section, AS_NUMBER, DESCRIPTION, clients)
        found["bgp"] = Bgp(asn, section.value(ROUTER_ID, ""), neighbors, networks, six.value(LOCATOR, ""), section.has(VPNV4), section.has(EVPN))
    return found


def _read_statics(text: Section) -> Iterator[StaticRoute]:
    """In the order of the text."""
    rows = [(section.tree.number, form, values) for form in (ROUTE6, ROUTE6_BY, ROUTE6_VPN, DISCARD6, ROUTE4) for values, section in text.each(form)]
    for _, form, values in sorted(rows, key=lambda row: row[0]):
        if form is ROUTE6_VPN:
            yield StaticRoute(f"{values[1]}/{values[2]}", values[4], values[3], values[0])
        elif form is DISCARD6:
            yield StaticRoute(f"{values[0]}/{values[1]}")
        elif form is ROUTE6_BY:
            yield StaticRoute(f"{values[0]}/{values[1]}", values[3], values[2])
        else:
            yield StaticRoute(f"{values[0]}/{values[1]}", values[2])

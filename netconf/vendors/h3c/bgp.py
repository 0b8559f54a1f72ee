"""BGP with services over SRv6. Sources: H3C CR16000-F command reference, "BGP" and "SRv6 VPN commands"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import DeviceConfig, Vrf
from netconf.vendors.h3c import static
from netconf.vendors.h3c.vpn import read_vrfs
from netconf.vendors.shared import BgpForms, VpnForms, read_vpns, render_bgp, render_vpn, routes_per_vpn

form = forms("BGP")
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
srv6_form = forms("SRv6 VPN commands")
PREFIX_SID = srv6_form("peer {address:ip} prefix-sid")
ENCAP_SRV6 = srv6_form("peer {address:ip} advertise encap-type srv6")
LOCATOR = srv6_form("segment-routing ipv6 locator {name}")
LOCATOR_EVPN = srv6_form("segment-routing ipv6 locator {name} evpn")
BEST_EFFORT = srv6_form("segment-routing ipv6 best-effort")
BEST_EFFORT_EVPN = srv6_form("segment-routing ipv6 best-effort evpn")
ENGINEERED = srv6_form("segment-routing ipv6 traffic-engineering best-effort")
ENGINEERED_EVPN = srv6_form("segment-routing ipv6 traffic-engineering best-effort evpn")
FAMILIES: dict[str, Form] = {"ipv4": UNICAST4, "ipv6": UNICAST6}
SERVICES = {(False, True): BEST_EFFORT, (False, False): ENGINEERED, (True, True): BEST_EFFORT_EVPN, (True, False): ENGINEERED_EVPN}  # by evpn, best effort

BGP_FORMS = BgpForms(
    ROUTER_ID, AS_NUMBER, DESCRIPTION, SOURCE, UNICAST6, VPNV4, VPNV6, EVPN, NETWORK, ENABLE, CLIENT, ALL_TARGETS, PREFIX_SID, ENCAP_SRV6, LOCATOR, BEST_EFFORT
)
VPN_FORMS = VpnForms(DIRECT, STATIC, ADVERTISE_EVPN, {False: LOCATOR, True: LOCATOR_EVPN}, SERVICES)


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.bgp:
        yield BGP(0, config.bgp.origin, config.bgp.asn)
        yield from render_bgp(config.bgp, BGP_FORMS)
        routed = routes_per_vpn(config.statics)
        for vrf in config.vrfs:
            yield from _vrf(vrf, config.bgp.locator, vrf.name in routed)


def _vrf(vrf: Vrf, locator: str, routed: bool) -> Iterator[Line]:
    yield INSTANCE(1, vrf.origin, vrf.name)
    for family in vrf.families:
        yield FAMILIES[family](2, vrf.origin)
        yield from render_vpn(vrf, 3, locator, routed, VPN_FORMS)


def read(text: Section) -> dict[str, Any]:
    routed = routes_per_vpn(static.read(text)["statics"])
    for (asn,), section in islice(text.each(BGP), 1):
        vrfs = {vrf.name: vrf for vrf in read_vrfs(text)}
        instances = section.each(INSTANCE, vrfs.__contains__)
        views = [(vrfs[name], view) for (name,), instance in instances for family in vrfs[name].families for _, view in instance.each(FAMILIES[family])]
        return {"bgp": read_vpns(asn, section, views, routed, BGP_FORMS, VPN_FORMS)}
    return {}

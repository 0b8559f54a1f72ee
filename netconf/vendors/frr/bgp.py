"""BGP services over SRv6. Source: FRR user guide, "BGP", sections "Segment-Routing IPv6" and "Global IPv4/6 SRv6 configuration".

The extranet's public zone rides in IPv6 unicast with an End.DT6 SID, department VPNs in VPNv4/VPNv6 with an End.DT46 SID a VRF.
`encapsulation-srv6` sends and takes only routes that carry a SID: a withdrawn SID stops the traffic, it does not fall back to plain IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import Bgp, DeviceConfig, Neighbor, Sid, Vrf
from netconf.sids import function_of, is_sid_of
from netconf.text import is_prefix
from netconf.tree.parse import Tree
from netconf.vendors.frr import static
from netconf.vendors.shared import always_clients, vrf_table

form = forms("BGP")
BGP = form("router bgp {asn:int}")
BGP_VRF = form("router bgp {asn:int} vrf {vrf}")
ROUTER_ID = form("bgp router-id {address}")
NO_DEFAULT = form("no bgp default ipv4-unicast")
REMOTE = form("neighbor {address:address} remote-as {asn:int}")
DESCRIPTION = form("neighbor {address} description {text:text}")
SOURCE = form("neighbor {address} update-source lo")
EXTENDED = form("neighbor {address} capability extended-nexthop")
BREAK = form("!")
UNICAST6 = form("address-family ipv6 unicast")
UNICAST4 = form("address-family ipv4 unicast")
VPN4 = form("address-family ipv4 vpn")
VPN6 = form("address-family ipv6 vpn")
NETWORK = form("network {prefix}")
ACTIVATE = form("neighbor {address} activate")
CLIENT = form("neighbor {address} route-reflector-client")
CLOSE = form("exit-address-family")
EXIT = form("exit")
srv6_form = forms("BGP, Segment-Routing IPv6")
SRV6 = srv6_form("segment-routing srv6")
LOCATOR = srv6_form("locator {name}")
ENCAPSULATION = srv6_form("neighbor {address} encapsulation-srv6")
EXPORT = srv6_form("sid export explicit {sid:address}")
vpn_form = forms("BGP, L3VPN VRFs")
VRF = vpn_form("vrf {name}")
EXIT_VRF = vpn_form("exit-vrf")
VPN_SID = vpn_form("sid vpn per-vrf export explicit {sid:address}")
CONNECTED = vpn_form("redistribute connected")
STATIC = vpn_form("redistribute static")
RD = vpn_form("rd vpn export {rd}")
RT = vpn_form("rt vpn both {rts:text}")
EXPORT_VPN = vpn_form("export vpn")
IMPORT_VPN = vpn_form("import vpn")


def render(config: DeviceConfig) -> Iterator[Line]:
    bgp = config.bgp
    if bgp is None:
        return
    at = bgp.origin
    yield BGP(0, at, bgp.asn)
    if bgp.router_id:
        yield ROUTER_ID(1, at, bgp.router_id)
    yield NO_DEFAULT(1, at)
    for n in bgp.neighbors:
        yield REMOTE(1, n.origin, n.address, bgp.asn)
        if n.description:
            yield DESCRIPTION(1, n.origin, n.address, n.description)
        yield SOURCE(1, n.origin, n.address)
        yield EXTENDED(1, n.origin, n.address)
    if bgp.locator:
        yield BREAK(1, at)
        yield SRV6(1, at)
        yield LOCATOR(2, at, bgp.locator)
        yield EXIT(1, at)
    if bgp.locator or bgp.networks:
        yield from _unicast(config, bgp)
    for family in (VPN4, VPN6) if bgp.vpn else ():
        yield BREAK(1, at)
        yield family(1, at)
        for n in bgp.neighbors:
            yield ACTIVATE(2, n.origin, n.address)
            if n.client:
                yield CLIENT(2, n.origin, n.address)
        yield CLOSE(1, at)
    yield EXIT(0, at)
    for vrf in config.vrfs:
        yield from _vrf(config, bgp, vrf)


def _unicast(config: DeviceConfig, bgp: Bgp) -> Iterator[Line]:
    at = bgp.origin
    yield BREAK(1, at)
    yield UNICAST6(1, at)
    for prefix in bgp.networks:
        yield NETWORK(2, at, prefix)
    for n in bgp.neighbors:
        yield ACTIVATE(2, n.origin, n.address)
        if n.client:
            yield CLIENT(2, n.origin, n.address)
        if bgp.locator:
            yield ENCAPSULATION(2, n.origin, n.address)
    if config.srv6 and (sid := config.srv6.service_sid(bgp.locator)):
        yield EXPORT(2, at, sid)
    yield CLOSE(1, at)


def _vrf(config: DeviceConfig, bgp: Bgp, vrf: Vrf) -> Iterator[Line]:
    at = vrf.origin
    yield VRF(0, at, vrf.name)
    yield EXIT_VRF(0, at)
    yield BGP_VRF(0, at, bgp.asn, vrf.name)
    if bgp.router_id:
        yield ROUTER_ID(1, at, bgp.router_id)
    yield NO_DEFAULT(1, at)
    if config.srv6 and (sid := config.srv6.service_sid(bgp.locator, vrf.name)):
        yield VPN_SID(1, at, sid)
    for family in vrf.families:
        yield BREAK(1, at)
        yield FAMILIES[family](1, at)
        yield CONNECTED(2, at)
        if any(r.vrf == vrf.name for r in config.statics):
            yield STATIC(2, at)
        if vrf.rd:
            yield RD(2, at, vrf.rd)
        if vrf.imports:
            yield RT(2, at, " ".join(vrf.imports))
        yield EXPORT_VPN(2, at)
        yield IMPORT_VPN(2, at)
        yield CLOSE(1, at)
    yield EXIT(0, at)


FAMILIES: dict[str, Form] = {"ipv4": UNICAST4, "ipv6": UNICAST6}


def read(text: Section) -> dict[str, Any]:
    """Peers of another AS or from another interface, and VRFs that the model cannot hold, are left."""
    asn, section = next(((asn, section) for (asn,), section in text.peek_each(BGP)), (0, Section(Tree())))
    if not asn:
        return {}
    text.all(BGP, asn.__eq__)
    section.has(NO_DEFAULT)
    sourced = set(section.peek(SOURCE))
    numbered = section.all(REMOTE, lambda address, number: number == asn and (address,) in sourced)
    peers = {address for address, _ in numbered}
    for line in (SOURCE, EXTENDED):
        section.all(line, peers.__contains__)
    described = dict(section.all(DESCRIPTION, lambda address, _: address in peers))
    locator = section.under(SRV6).value(LOCATOR, "") if section.says(SRV6) and section.peek_under(SRV6).says(LOCATOR) else ""
    vpn = section.says(VPN4)
    six = section.peek_under(UNICAST6)
    networks = tuple(prefix for (prefix,) in six.all(NETWORK, is_prefix))
    spoken = [form for form, does in ((UNICAST6, locator or networks), (VPN4, vpn), (VPN6, vpn)) if does and section.says(form)]
    inside = [section.under(form) for form in spoken]
    clients = always_clients(peers, inside, ACTIVATE, CLIENT)
    for form, family in zip(spoken, inside, strict=True):
        family.all(ACTIVATE, peers.__contains__)
        family.all(CLIENT, clients.__contains__)
        if form is UNICAST6 and locator:
            family.all(ENCAPSULATION, peers.__contains__)
    neighbors = tuple(Neighbor(address, described.get(address, ""), address in clients) for address, _ in numbered)
    bgp = Bgp(asn, section.value(ROUTER_ID, ""), neighbors, networks, locator, vpn)
    routed = {route.vrf for route in static.read(text)["statics"]}
    vrfs = (_read_vrf(vrf, view, bgp, routed) for (_, vrf), view in text.each(BGP_VRF, lambda number, _: number == asn))
    found = tuple(vrf for vrf in vrfs if vrf)
    text.all(VRF, {vrf.name for vrf in found}.__contains__)
    return {"vrfs": found, "bgp": bgp}


def _read_vrf(name: str, section: Section, bgp: Bgp, routed: set[str]) -> Vrf | None:
    """FRR's text does not say the kernel table; the VRF's name does. None for one that exports and imports in another way than the model's."""
    views = {family: section.peek_under(opening) for family, opening in FAMILIES.items() if section.says(opening)}
    said = [(view.peek(RD), view.peek(RT)) for view in views.values()]
    if (
        not said
        or not all(rd and rt and (rd, rt) == said[0] for rd, rt in said)
        or not all(view.says(EXPORT_VPN) and view.says(IMPORT_VPN) for view in views.values())
    ):
        section.leave()
        return None
    section.has(NO_DEFAULT)
    section.all(ROUTER_ID, bgp.router_id.__eq__)
    for family, view in views.items():
        section.has(FAMILIES[family])
        for line in (RD, RT, CONNECTED, EXPORT_VPN, IMPORT_VPN):
            view.has(line)
        if name in routed:
            view.has(STATIC)
    rd, rts = said[0][0][0][0], tuple(said[0][1][0][0].split())
    return Vrf(name, vrf_table(name), rd, rts, rts, tuple(views))  # type: ignore[arg-type]


def bgp_locator(text: Section) -> str:
    """The name of the locator of BGP's services."""
    return next((name for _, section in text.peek_each(BGP) for (name,) in section.peek_under(SRV6).peek(LOCATOR)), "")


def service_sids(text: Section, prefix: str) -> tuple[Sid, ...]:
    """The fixed SIDs of a locator that BGP exports: of the global table, and of each VRF."""

    def inside(sid: str) -> bool:
        return is_sid_of(prefix, sid)

    found = [Sid(function_of(sid), "end-dt6") for _, s in text.peek_each(BGP) for (sid,) in s.peek_under(UNICAST6).all(EXPORT, inside)]
    found += [Sid(function_of(sid), "end-dt46", vrf) for (_, vrf), s in text.peek_each(BGP_VRF) for (sid,) in s.all(VPN_SID, inside)]
    return tuple(found)

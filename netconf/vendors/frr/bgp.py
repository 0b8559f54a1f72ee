"""BGP services over SRv6. Source: FRR user guide, "BGP", sections "Segment-Routing IPv6" and "Global IPv4/6 SRv6 configuration".

The extranet's public zone rides in IPv6 unicast with an End.DT6 SID, department VPNs in VPNv4/VPNv6 with an End.DT46 SID a VRF.
`encapsulation-srv6` sends and takes only routes that carry a SID: a withdrawn SID stops the traffic, it does not fall back to plain IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import Bgp, DeviceConfig, Neighbor, Sid, Vrf
from netconf.sids import function_of
from netconf.vendors.shared import vrf_table

form = forms("FRR user guide, BGP")
BGP = form("router bgp {asn:int}")
BGP_VRF = form("router bgp {asn:int} vrf {vrf}")
ROUTER_ID = form("bgp router-id {address}")
NO_DEFAULT = form("no bgp default ipv4-unicast")
REMOTE = form("neighbor {address} remote-as {asn:int}")
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
srv6_form = forms("FRR user guide, BGP, Segment-Routing IPv6")
SRV6 = srv6_form("segment-routing srv6")
LOCATOR = srv6_form("locator {name}")
ENCAPSULATION = srv6_form("neighbor {address} encapsulation-srv6")
EXPORT = srv6_form("sid export explicit {sid}")
vpn_form = forms("FRR user guide, BGP, L3VPN VRFs")
VRF = vpn_form("vrf {name}")
EXIT_VRF = vpn_form("exit-vrf")
VPN_SID = vpn_form("sid vpn per-vrf export explicit {sid}")
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
    yield ROUTER_ID(1, at, bgp.router_id)
    yield NO_DEFAULT(1, at)
    for n in bgp.neighbors:
        yield REMOTE(1, n.origin, n.address, bgp.asn)
        yield DESCRIPTION(1, n.origin, n.address, n.description)
        yield SOURCE(1, n.origin, n.address)
        yield EXTENDED(1, n.origin, n.address)
    yield BREAK(1, at)
    yield SRV6(1, at)
    yield LOCATOR(2, at, bgp.locator)
    yield EXIT(1, at)
    yield BREAK(1, at)
    yield UNICAST6(1, at)
    for prefix in bgp.networks:
        yield NETWORK(2, at, prefix)
    for n in bgp.neighbors:
        yield ACTIVATE(2, n.origin, n.address)
        if n.client:
            yield CLIENT(2, n.origin, n.address)
        yield ENCAPSULATION(2, n.origin, n.address)
    if config.srv6 and (sid := config.srv6.service_sid(bgp.locator)):
        yield EXPORT(2, at, sid)
    yield CLOSE(1, at)
    for family in (VPN4, VPN6):
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


def _vrf(config: DeviceConfig, bgp: Bgp, vrf: Vrf) -> Iterator[Line]:
    at = vrf.origin
    yield VRF(0, at, vrf.name)
    yield EXIT_VRF(0, at)
    yield BGP_VRF(0, at, bgp.asn, vrf.name)
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
        yield RD(2, at, vrf.rd)
        yield RT(2, at, " ".join(vrf.imports))
        yield EXPORT_VPN(2, at)
        yield IMPORT_VPN(2, at)
        yield CLOSE(1, at)
    yield EXIT(0, at)


FAMILIES: dict[str, Form] = {"ipv4": UNICAST4, "ipv6": UNICAST6}


def read(text: Section) -> dict[str, Any]:
    vrfs = tuple(_read_vrf(vrf, section) for (_, vrf), section in text.each(BGP_VRF))
    text.all(VRF)
    found: dict[str, Any] = {"vrfs": vrfs}
    for (asn,), section in text.each(BGP):
        section.has(NO_DEFAULT)
        for line in (SOURCE, EXTENDED):
            section.all(line)
        described = dict(section.all(DESCRIPTION))
        six = section.under(UNICAST6)
        clients = {address for (address,) in six.all(CLIENT)}
        for family in (six, section.under(VPN4), section.under(VPN6)):
            for line in (ACTIVATE, CLIENT, ENCAPSULATION):
                family.all(line)
        neighbors = tuple(Neighbor(address, described.get(address, ""), address in clients) for address, _ in section.all(REMOTE))
        networks = tuple(prefix for (prefix,) in six.all(NETWORK))
        locator = section.under(SRV6).value(LOCATOR, "")
        found["bgp"] = Bgp(asn, section.value(ROUTER_ID, ""), neighbors, networks, locator)
    return found


def _read_vrf(name: str, section: Section) -> Vrf:
    """FRR's text does not say the kernel table; the VRF's name does."""
    for line in (ROUTER_ID, NO_DEFAULT):
        section.has(line)
    rd, rts, families = "", (), []
    for family, opening in FAMILIES.items():
        for _, inside in section.each(opening):
            families.append(family)
            rd, rts = inside.value(RD, ""), tuple(inside.value(RT, "").split())
            for line in (CONNECTED, STATIC, EXPORT_VPN, IMPORT_VPN):
                inside.has(line)
    return Vrf(name, vrf_table(name), rd, rts, rts, tuple(families))  # type: ignore[arg-type]


def service_sids(text: Section) -> tuple[Sid, ...]:
    """The fixed SIDs that BGP exports: of the global table, and of each VRF."""
    found = [Sid(function_of(sid), "end-dt6") for _, s in text.each(BGP) for (sid,) in s.under(UNICAST6).all(EXPORT)]
    found += [Sid(function_of(sid), "end-dt46", vrf) for (_, vrf), s in text.each(BGP_VRF) for (sid,) in s.all(VPN_SID)]
    return tuple(found)

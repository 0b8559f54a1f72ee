"""BGP services over SRv6. Source: FRR user guide, "BGP", sections "Segment-Routing IPv6" and "Global IPv4/6 SRv6 configuration".

The extranet's public zone rides in IPv6 unicast with an End.DT6 SID, department VPNs in VPNv4/VPNv6 with an End.DT46 SID a VRF.
`encapsulation-srv6` sends and takes only routes that carry a SID: a withdrawn SID stops the traffic, it does not fall back to plain IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator

from netconf.model.device import Bgp, Vrf


def render(bgp: Bgp, locator: str) -> Iterator[str]:
    yield f"router bgp {bgp.asn}"
    yield f" bgp router-id {bgp.router_id}"
    yield " no bgp default ipv4-unicast"
    for n in bgp.neighbors:
        yield f" neighbor {n.address} remote-as {bgp.asn}"
        yield f" neighbor {n.address} description {n.description}"
        yield f" neighbor {n.address} update-source lo"
        yield f" neighbor {n.address} capability extended-nexthop"
    yield " !"
    yield " segment-routing srv6"
    yield f"  locator {locator}"
    yield " exit"
    yield " !"
    yield " address-family ipv6 unicast"
    for prefix in bgp.networks:
        yield f"  network {prefix}"
    for n in bgp.neighbors:
        yield f"  neighbor {n.address} activate"
        if n.client:
            yield f"  neighbor {n.address} route-reflector-client"
        yield f"  neighbor {n.address} encapsulation-srv6"
    yield f"  sid export explicit {bgp.service_sid}"
    yield " exit-address-family"
    for family in ("ipv4 vpn", "ipv6 vpn"):
        yield " !"
        yield f" address-family {family}"
        for n in bgp.neighbors:
            yield f"  neighbor {n.address} activate"
            if n.client:
                yield f"  neighbor {n.address} route-reflector-client"
        yield " exit-address-family"
    yield "exit"
    for vrf in bgp.vrfs:
        yield from _vrf(bgp, vrf)


def _vrf(bgp: Bgp, vrf: Vrf) -> Iterator[str]:
    yield f"vrf {vrf.name}"
    yield "exit-vrf"
    yield f"router bgp {bgp.asn} vrf {vrf.name}"
    yield f" bgp router-id {bgp.router_id}"
    yield " no bgp default ipv4-unicast"
    yield f" sid vpn per-vrf export explicit {vrf.sid}"
    for family in ("ipv4 unicast", "ipv6 unicast"):
        yield " !"
        yield f" address-family {family}"
        yield "  redistribute connected"
        yield f"  rd vpn export {vrf.rd}"
        yield f"  rt vpn both {vrf.rt}"
        yield "  export vpn"
        yield "  import vpn"
        yield " exit-address-family"
    yield "exit"

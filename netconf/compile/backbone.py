"""Interfaces, IS-IS, SRv6, BGP and static routes of a router of the backbone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.model.device import (
    Bfd,
    Bgp,
    FlexAlgoDefinition,
    FlexAlgos,
    Interface,
    Isis,
    LinkTe,
    Locator,
    Neighbor,
    Sid,
    Srv6,
    StaticRoute,
)
from netconf.model.network import Attachment, Network, Node, Port
from netconf.sids import function_of
from netconf.text import number_of

ISIS = "EXTRANET"
LOCATOR = "MAIN"
DISCARD = "100::/64"  # RFC 6666; always present on FRR, see its static.py
PLANE_BITS = {"A": 0, "B": 1}  # affinity bits
ANY = "::/0"


def features(network: Network, node: Node) -> dict[str, Any]:
    policy = network.policy
    qos = bool(policy.classes) and "qos" not in node.without
    flex = node.flex if "flex_algos" not in node.without else ()
    loopback = node.loopback
    names = (LOCATOR, *(f.name for f in flex))
    return {
        "bfd": Bfd(300, 300, 3, origin="plan"),
        "interfaces": tuple(_interfaces(network, node, qos=qos, flex=bool(flex))),
        "isis": Isis(
            ISIS,
            node.net,
            names,
            level=node.level,
            flex_algos=tuple(f.number for f in flex),
            ti_lfa=policy.ti_lfa and "ti_lfa" not in node.without,
            te=bool(flex),
            summaries=node.summaries,
            loopback=f"{loopback}/128",
            origin=node.device,
        ),
        "srv6": Srv6(loopback, tuple(_locators(node, flex=bool(flex))), origin=node.device),
        "flex_algos": FlexAlgos(
            tuple((f"plane-{plane}", bit) for plane, bit in PLANE_BITS.items()),
            tuple(
                FlexAlgoDefinition(f.number, f.metric, (f"plane-{f.exclude_plane}",) if f.exclude_plane else (), origin=f"extranet:flex_algos:{f.name}")
                for f in policy.flex_algos
            ),
            origin="extranet:flex_algos",
        )
        if flex
        else None,
        "bgp": Bgp(
            network.asn,
            node.router_id,
            tuple(Neighbor(p.loopback, p.name, p.client, origin=p.device) for p in node.peers),
            tuple(_networks(node)),
            LOCATOR,
            evpn="evpn" not in node.without and (any(v.evpn for v in node.vpns) or (node.reflector and _any_evpn(network))),
            origin=node.device,
        ),
        "statics": tuple(_statics(node)),
    }


def _any_evpn(network: Network) -> bool:
    return any(vpn.evpn for node in network.nodes.values() for vpn in node.vpns)


def _interfaces(network: Network, node: Node, *, qos: bool, flex: bool) -> Iterator[Interface]:
    shares = [(s.number, s.share_percent) for s in network.policy.slices] if "slices" not in node.without else []
    vrfs = {v.vpn: v.vrf for v in node.vpns}
    for port in node.ports:
        yield _port(port, qos=qos, flex=flex, shares=shares)
    for lan in node.attachments:
        yield _lan(lan, vrfs[lan.vpn] if lan.vpn else None, qos)
    for access in node.access:
        text = f"5G {access.dnn}"
        name = f"{access.interface}.{access.vlan}"
        origin = f"extranet:access:{access.dnn}"
        yield Interface(name, text, (access.address,), vrf=vrfs[access.vpn], vlan=access.vlan, queues=qos, origin=origin)
    for leg in node.legs:
        name, text = f"{leg.interface}.{leg.vlan}", f"{leg.network} meets {leg.vpn}"
        yield Interface(name, text, (leg.address,), vrf=vrfs[leg.vpn], vlan=leg.vlan, origin=f"extranet:interconnects:{leg.network}")


def _port(port: Port, *, qos: bool, flex: bool, shares: list[tuple[int, int]]) -> Interface:
    """A backbone link is in IS-IS; one to an access device or a firewall is not, and its DSCP is not believed."""
    return Interface(
        port.interface,
        f"{port.peer_name} {port.peer_interface}",
        (port.address,),
        mtu=port.mtu,
        isis_metric=port.metric if port.backbone else None,
        te=LinkTe(port.delay_us, tuple(f"plane-{p}" for p in port.planes)) if flex and port.backbone else None,
        queues=qos,
        trust_dscp=qos and port.backbone,
        slices=tuple((number, port.bandwidth_mbps * percent // 100) for number, percent in shares) if port.backbone else (),
        origin=port.link,
    )


def _lan(lan: Attachment, vrf: str | None, qos: bool) -> Interface:
    four = (lan.address4,) if lan.address4 else ()
    return Interface(lan.interface, lan.lan, (lan.address,), four, vrf=vrf, queues=qos, origin=lan.lan)


def _locators(node: Node, *, flex: bool) -> Iterator[Locator]:
    """Services end in the locator of algorithm 0; a policy of a Flex-Algo has the others as its segments."""
    sids = [Sid(function_of(node.service_sid), "end-dt6", origin=node.device)]
    sids += [Sid(function_of(v.sid), "end-dt46", v.vrf, origin=v.vpn) for v in node.vpns]
    yield Locator(LOCATOR, node.locator, 0, tuple(sids), origin=node.device)
    if flex:
        for f in node.flex:
            yield Locator(f.name, f.locator, f.number, origin=f"extranet:flex_algos:{f.name}")


def _networks(node: Node) -> list[str]:
    """What the router announces in the public zone, by address: its LANs, service addresses, LANs behind access devices, and a core's way out."""
    prefixes = {a.prefix for a in node.attachments if not a.vpn} | {b.prefix for b in node.behind if not b.vpn} | {f"{s.address}/128" for s in node.services}
    return [*([ANY] if node.way_out else []), *sorted(prefixes, key=number_of)]


def _statics(node: Node) -> Iterator[StaticRoute]:
    if node.vendor == "frr":
        yield StaticRoute(DISCARD, origin="plan")
    for s in node.services:
        yield StaticRoute(f"{s.address}/128", s.next_hop, s.interface, origin=s.system)
    vrfs = {v.vpn: v.vrf for v in node.vpns}
    for b in node.behind:
        yield StaticRoute(b.prefix, b.next_hop, b.interface, vrfs.get(b.vpn or "", ""), origin=b.lan)
    for leg in node.legs:
        for prefix in leg.prefixes:
            yield StaticRoute(prefix, leg.far, f"{leg.interface}.{leg.vlan}", vrfs[leg.vpn], origin=f"extranet:interconnects:{leg.network}")
    if node.way_out:
        yield StaticRoute(ANY, node.way_out, origin="extranet:egresses")

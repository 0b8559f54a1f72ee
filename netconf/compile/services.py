"""VPNs, their colours and policies, classes of service, slices, and what protects the control plane."""

from __future__ import annotations

from typing import Any

from netconf.model.device import (
    Class,
    PolicyNode,
    Protection,
    Qos,
    RoutePolicies,
    RoutePolicy,
    SegmentList,
    SliceInstance,
    Te,
    TePolicy,
    Vrf,
)
from netconf.model.network import Network, Node, TeTarget, VpnAt

PREFERENCES = (200, 100)  # of candidate paths


def features(network: Network, node: Node) -> dict[str, Any]:
    policy = network.policy
    te = "te" not in node.without
    coloured = te and "route_policies" not in node.without
    return {
        "vrfs": tuple(_vrf(v, coloured) for v in node.vpns),
        "route_policies": _colours(node) if coloured else None,
        "te": _te(node) if te else None,
        "qos": Qos(tuple(_class(c) for c in policy.classes), origin="extranet:classes") if policy.classes else None,
        "slices": tuple(SliceInstance(s.number, s.name, network.slice_colours[s.name], origin=f"extranet:slices:{s.name}") for s in policy.slices),
        "protection": Protection(tuple(sorted(policy.protection.rates.items())), origin="extranet:protection") if policy.protection else None,
    }


def _vrf(vpn: VpnAt, coloured: bool) -> Vrf:
    return Vrf(
        vpn.vrf,
        vpn.table,
        vpn.rd,
        (vpn.rt,),
        (vpn.rt,),
        vpn.families,
        vpn.name,
        evpn=vpn.evpn,
        export_policy=colour_policy(vpn.colour) if vpn.colour and coloured else "",
        best_effort=not (vpn.colour and coloured),
        origin=vpn.vpn,
    )


def colour_policy(number: int) -> str:
    """The name of the route policy that gives a VPN's routes their colour."""
    return f"COLOUR-{number}"


def _colours(node: Node) -> RoutePolicies | None:
    numbers = sorted({vpn.colour for vpn in node.vpns if vpn.colour})
    policies = tuple(
        RoutePolicy(colour_policy(n), (PolicyNode(10, "permit", colour=n, origin="extranet:colours"),), origin="extranet:colours") for n in numbers
    )
    return RoutePolicies((), policies, origin="extranet:colours") if policies else None


def _te(node: Node) -> Te | None:
    """One policy per colour and end point; segment lists are named after both, so that nobody shares one by chance."""
    if not node.te:
        return None
    lists: list[SegmentList] = []
    policies: list[TePolicy] = []
    for target in node.te:
        paths = []
        for preference, sids in zip(PREFERENCES, target.paths, strict=False):
            name = f"{_name(target)}-{preference}"
            lists.append(SegmentList(name, sids, origin=f"extranet:colours:{target.colour}"))
            paths.append((preference, name))
        policies.append(TePolicy(_name(target), target.endpoint, target.number, tuple(paths), origin=f"extranet:colours:{target.colour}"))
    return Te("MAIN", tuple(lists), tuple(policies), origin="extranet:colours")


def _name(target: TeTarget) -> str:
    return f"{target.colour}-{target.name}"


def _class(row: Any) -> Class:
    return Class(row.name, row.dscp, row.scheduling == "strict", row.weight, row.limit_percent, origin=f"extranet:classes:{row.name}")

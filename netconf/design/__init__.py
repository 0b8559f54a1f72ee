"""From the estate to the intended network: addresses, locators, SIDs, IS-IS, BGP services. Pure: same estate, same network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from inventory.base import OUTSIDE_BACKBONE
from inventory.collector import paused_collector
from inventory.model import Allocation, Device, Estate
from netconf.design.allocate import PROVINCIAL, Allocator
from netconf.design.interconnect import interconnect_legs
from netconf.design.paths import te_targets
from netconf.design.services import Services
from netconf.model.network import BgpPeer, FlexLocator, Network, Node, Port
from netconf.sids import SERVICE, base_of, sid
from netconf.text import ipv6_text, network_text, number_of

__all__ = ["Design", "design"]


@dataclass(frozen=True, slots=True)
class Design:
    """The network, and the allocations that it needed and the estate does not have yet."""

    network: Network
    new: tuple[Allocation, ...]


def design(estate: Estate) -> Design:
    """The intended network of an estate, or of a scope of it. Raises InputError when a block is too small or a value is given twice."""
    with paused_collector():
        return _design(estate)


def _design(estate: Estate) -> Design:
    chosen = [device for _, device in sorted(estate.devices.items())]
    allocator = Allocator(estate)
    ports = _ports(estate, allocator)
    bases = {device.id: _base(estate, device, allocator) for device in chosen}
    services = Services(estate, allocator)
    speakers = sorted((base for base in bases.values() if base.device.role not in OUTSIDE_BACKBONE), key=lambda base: number_of(base.loopback))
    reflectors = [base for base in speakers if base.device.role == "core"]
    without = {device.id: _without(estate, device) for device in chosen}
    targets = te_targets(estate, {base.device.id: (base.device, base.loopback, base.locators) for base in speakers}, without)
    summaries = _summaries(estate, bases)
    egresses = {e.firewall: e for e in estate.network.egresses}
    behind = services.behind(ports)
    legs = interconnect_legs(estate, ports, allocator)
    nodes = {}
    for base in bases.values():
        device = base.device
        at = services.at(device, base.locators[0], {leg.vpn for leg in legs.get(device.id, ())})
        nodes[device.id] = Node(
            device=device.id,
            name=device.name,
            role=device.role,
            vendor=device.vendor,
            router_id=f"10.0.{base.number >> 8}.{base.number & 255}",
            loopback=base.loopback,
            locator=base.locators[0],
            net=f"{_area(estate, device)}.0000.0000.{base.number:04x}.00",
            service_sid=sid(base.locators[0], base_of(device.vendor) + SERVICE),
            ports=tuple(ports.get(device.id, ())),
            attachments=at.attachments,
            services=at.routes,
            vpns=at.vpns,
            model=device.model,
            plane=device.plane,
            site_name=estate.sites[device.site].name if device.site in estate.sites else "",
            level=_level(estate, device),
            summaries=summaries.get(device.id, ()),
            peers=() if device.role in OUTSIDE_BACKBONE else _peers(base, speakers if device.role == "core" else reflectors),
            flex=tuple(FlexLocator(f.name, f.number, locator) for f, locator in zip(estate.network.flex_algos, base.locators[1:], strict=True)),
            te=tuple(targets.get(device.id, ())),
            access=at.access,
            behind=behind.get(device.id, ()),
            legs=tuple(legs.get(device.id, ())),
            interconnects=tuple(row for row in estate.network.interconnects if row.firewall == device.id),
            egress=egresses.get(device.id),
            way_out=next((p.peer_address for p in ports.get(device.id, ()) if device.role not in OUTSIDE_BACKBONE and p.peer in egresses), ""),
            without=without[device.id],
        )
    colours = {s.name: tuple(c.number for c in estate.network.colours if c.slice == s.name) for s in estate.network.slices}
    return Design(
        Network(estate.plan.asn, estate.plan.locators, nodes, estate.plan.users, estate.regions[estate.province].name, estate.network, colours),
        tuple(allocator.new),
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """What a router has of its own before it has neighbours."""

    device: Device
    locators: tuple[str, ...]  # the first is of algorithm 0, then one a Flex-Algo
    loopback: str
    number: int  # its node number, the 16 node bits of its locator


def _base(estate: Estate, device: Device, allocator: Allocator) -> _Base:
    locator = allocator.locator(device)
    number = number_of(locator) >> 80 & 0xFFFF
    flex = (network_text(int(f.locators.network_address) | number << 80, 48) for f in estate.network.flex_algos)
    loopback = allocator.subnet("loopback", device.id, estate.plan.loopbacks, 128)
    return _Base(device, (locator, *flex), loopback.partition("/")[0], number)


def _peers(base: _Base, others: list[_Base]) -> tuple[BgpPeer, ...]:
    """Reflectors peer with everyone, the others with the reflectors only (RFC 4456)."""
    core = base.device.role == "core"
    return tuple(BgpPeer(o.device.id, o.device.name, o.loopback, core and o.device.role != "core") for o in others if o is not base)


def _area(estate: Estate, device: Device) -> str:
    """The province's area, or with `city-areas` one of the city's own for what stands below its edge."""
    if _level(estate, device) != "1":
        return estate.plan.isis_area
    return f"{estate.plan.isis_area.partition('.')[0]}.{estate.sites[device.site].region[:4]}"


def _level(estate: Estate, device: Device) -> Literal["1", "2", "1-2"]:
    if estate.network.isis_levels == "flat" or device.role in PROVINCIAL:
        return "2"
    return "1-2" if device.role == "city-edge" else "1"


def _summaries(estate: Estate, bases: dict[str, _Base]) -> dict[str, tuple[str, ...]]:
    """Of each city edge with an area below it: the /40s of the city's locators."""
    if estate.network.isis_levels == "flat":
        return {}
    cities: dict[str, set[int]] = defaultdict(set)
    for base in bases.values():
        if base.device.role not in PROVINCIAL:
            cities[estate.sites[base.device.site].region[:4]] |= {number_of(locator) >> 88 for locator in base.locators}
    texts = {city: tuple(network_text(block << 88, 40) for block in sorted(blocks)) for city, blocks in cities.items()}
    return {key: texts[estate.sites[b.device.site].region[:4]] for key, b in bases.items() if b.device.role == "city-edge"}


def _without(estate: Estate, device: Device) -> frozenset[str]:
    rows = (row for row in estate.network.without if device.id in row.devices or device.model in row.models)
    return frozenset(feature for row in rows for feature in row.features)


def _ports(estate: Estate, allocator: Allocator) -> dict[str, list[Port]]:
    ports: dict[str, list[Port]] = defaultdict(list)
    devices = estate.devices
    for link in sorted((k for k in estate.links.values() if k.a in devices and k.b in devices), key=lambda k: k.id):
        subnet = allocator.subnet("link", link.id, estate.plan.links, 127)
        base = number_of(subnet)
        planes = tuple(sorted({devices[link.a].plane, devices[link.b].plane}))
        backbone = not OUTSIDE_BACKBONE & {devices[link.a].role, devices[link.b].role}
        ends = ((link.a, link.a_interface, link.b, link.b_interface, 0), (link.b, link.b_interface, link.a, link.a_interface, 1))
        for device, interface, peer, peer_interface, low in ends:
            ports[device].append(
                Port(
                    interface,
                    peer,
                    peer_interface,
                    network_text(base + low, 127),
                    subnet,
                    link.metric,
                    link.mtu,
                    link.id,
                    devices[peer].name,
                    link.bandwidth_mbps,
                    link.delay_us,
                    planes,
                    backbone,
                    ipv6_text(base + 1 - low),
                )
            )
    return {device: sorted(ends, key=lambda port: port.interface) for device, ends in ports.items()}

"""From the estate to the intended network: addresses, locators, SIDs, IS-IS, BGP services. Pure: same estate, same network."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Interface

from inventory.model import Allocation, Device, Estate, Lan
from netconf.design.allocate import Allocator
from netconf.model.network import Attachment, Network, Node, Port, ServiceRoute, VpnAt

SERVICE_FUNCTION = 0xFE06  # explicit SIDs of FRR lie in 0xFE00-0xFEFF; the last digit says End.DT6
VPN_FUNCTION = 0xFE10  # first End.DT46 of a department VPN


@dataclass(frozen=True, slots=True)
class Design:
    """The network, and the allocations that it needed and the estate does not have yet."""

    network: Network
    new: tuple[Allocation, ...]


def design(estate: Estate) -> Design:
    """The intended network of an estate, or of a scope of it. Raises InputError when a block is too small or a value is given twice."""
    chosen = [device for _, device in sorted(estate.devices.items())]
    allocator = Allocator(estate)
    ports = _ports(estate, {d.id for d in chosen}, allocator)
    nodes = {d.id: _node(estate, d, ports.get(d.id, []), allocator) for d in chosen}
    return Design(Network(estate.plan.asn, estate.plan.locators, nodes), tuple(allocator.new))


def _node(estate: Estate, device: Device, ports: list[Port], allocator: Allocator) -> Node:
    locator = allocator.locator(device)
    number = int(locator.network_address) >> 80 & 0xFFFF
    loopback = allocator.subnet("loopback", device.id, estate.plan.loopbacks, 128)
    lans = sorted((lan for lan in estate.lans.values() if lan.device == device.id), key=lambda lan: lan.interface)
    return Node(
        device=device.id,
        name=device.name,
        role=device.role,
        vendor=device.vendor,
        router_id=IPv4Address((10 << 24) | number),
        loopback=loopback.network_address,
        locator=locator,
        net=f"{estate.plan.isis_area}.0000.0000.{number:04x}.00",
        service_sid=_sid(locator.network_address, SERVICE_FUNCTION),
        ports=tuple(ports),
        attachments=tuple(Attachment(lan.id, lan.name, lan.interface, gateway(lan), lan.vpn) for lan in lans if not _closed(estate, lan)),
        services=tuple(route for lan in lans for route in _services(estate, lan)),
        vpns=tuple(_vpn(estate, vpn, locator.network_address, allocator) for vpn in sorted({lan.vpn for lan in lans if lan.vpn})),
    )


def gateway(lan: Lan) -> IPv6Interface:
    """The router's address in a LAN: the first of the prefix."""
    return IPv6Interface((lan.prefix.network_address + 1, lan.prefix.prefixlen))


def _closed(estate: Estate, lan: Lan) -> bool:
    """A room's network is withdrawn once the room is past `empty`."""
    return lan.room is not None and estate.rooms[lan.room].status not in {"surveyed", "emptying", "empty"}


def _ports(estate: Estate, chosen: set[str], allocator: Allocator) -> dict[str, list[Port]]:
    ports: dict[str, list[Port]] = {}
    for link in sorted((k for k in estate.links.values() if k.a in chosen and k.b in chosen), key=lambda k: k.id):
        subnet = allocator.subnet("link", link.id, estate.plan.links, 127)
        low = IPv6Interface((subnet.network_address, 127))
        high = IPv6Interface((subnet.network_address + 1, 127))
        ports.setdefault(link.a, []).append(Port(link.a_interface, link.b, link.b_interface, low, link.metric, link.mtu))
        ports.setdefault(link.b, []).append(Port(link.b_interface, link.a, link.a_interface, high, link.metric, link.mtu))
    return {device: sorted(ends, key=lambda port: port.interface) for device, ends in ports.items()}


def _services(estate: Estate, lan: Lan) -> list[ServiceRoute]:
    """Service addresses of the systems that stand in this LAN now: on a room's server, or on a cloud's landing."""
    routes = []
    for system in sorted(estate.systems.values(), key=lambda s: s.id):
        if system.service_address is None or system.status != "running" or system.classified:
            continue
        if host := _host(estate, system.id, lan):
            routes.append(ServiceRoute(system.id, system.service_address, host, lan.interface))
    return routes


def _host(estate: Estate, system_id: str, lan: Lan) -> IPv6Address | None:
    """The address in `lan` of the host that answers for the system: its web server's, or that of its landing."""
    system = estate.systems[system_id]
    if system.cloud is not None:
        return next((x.address for x in estate.clouds[system.cloud].landings if x.system == system_id and x.lan == lan.id), None)
    parts = sorted((c for c in estate.components.values() if c.system == system_id and c.asset), key=lambda c: (c.kind != "web", c.id))
    hosts = (estate.assets[c.asset] for c in parts if c.asset)
    return next((asset.address for asset in hosts if asset.lan == lan.id and asset.address), None)


def _vpn(estate: Estate, vpn_id: str, locator: IPv6Address, allocator: Allocator) -> VpnAt:
    number = int(allocator.get("vpn-table", vpn_id, (str(n) for n in range(1, 0xE0))))
    target = f"{estate.plan.asn % 65536}:{number}"
    return VpnAt(vpn_id, f"vpn{number}", 1000 + number, target, target, _sid(locator, VPN_FUNCTION + number - 1))


def _sid(locator: IPv6Address, function: int) -> IPv6Address:
    """Block 32, node 16, function 16: the function is the fourth 16-bit group."""
    return locator + (function << 64)

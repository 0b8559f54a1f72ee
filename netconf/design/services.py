"""What is attached to each router: LANs, the service addresses of systems, departments' VPNs, 5G access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Literal

from inventory.base import OUTSIDE_BACKBONE
from inventory.model import Component, Device, Estate, Lan, System, Vpn
from netconf.design.allocate import Allocator
from netconf.model.network import AccessPort, Attachment, Behind, Port, ServiceRoute, VpnAt
from netconf.sids import FIRST_VPN, VPNS, base_of, sid
from netconf.text import address_text, first_text, prefix_text


@dataclass(frozen=True, slots=True)
class Attached:
    """All of one router."""

    attachments: tuple[Attachment, ...]
    routes: tuple[ServiceRoute, ...]
    vpns: tuple[VpnAt, ...]
    access: tuple[AccessPort, ...]


# Of a VPN, the same at every router: its number, then the fields of VpnAt before and after the SID.
_VpnEverywhere = tuple[int, tuple[str, str, int, str, str], tuple[str, tuple[Literal["ipv4", "ipv6"], ...], bool, int]]


class Services:
    """The estate's rows by the router or LAN that they are at, so that a router costs what is attached to it and not the whole estate."""

    def __init__(self, estate: Estate, allocator: Allocator) -> None:
        self.estate, self.allocator = estate, allocator
        self._lans: dict[str, list[Lan]] = defaultdict(list)
        for lan in estate.lans.values():
            self._lans[lan.device].append(lan)
        self._parts: dict[str, list[Component]] = defaultdict(list)
        for part in estate.components.values():
            if part.asset in estate.assets:
                self._parts[part.system].append(part)
        self._routes: dict[str, list[ServiceRoute]] = defaultdict(list)
        for system in sorted(estate.systems.values(), key=lambda s: s.id):
            self._place(system)
        self._access: dict[str, list[AccessPort]] = defaultdict(list)
        for row in estate.network.access:
            self._access[row.device].append(AccessPort(row.dnn, row.vpn, row.interface, row.vlan, first_text(row.prefix)))
        self._states = {row.unit: row.state for row in estate.network.transition}
        self._colours = {vpn: c.number for c in reversed(estate.network.colours) for vpn in c.vpns}
        self._everywhere: dict[str, _VpnEverywhere] = {}
        self._without_ipv4 = {vpn.id for vpn in estate.vpns.values() if "ipv4" not in self._families(vpn)}

    def at(self, device: Device, locator: str, meets: Iterable[str] = ()) -> Attached:
        """All of a router; `meets`: VPNs that meet a private network here."""
        lans = sorted(self._lans[device.id], key=lambda lan: lan.interface)
        access = tuple(self._access.get(device.id, ()))
        vpns = sorted({lan.vpn for lan in lans if lan.vpn} | {port.vpn for port in access} | set(meets)) if device.role not in OUTSIDE_BACKBONE else []
        return Attached(
            tuple(self._attachment(lan) for lan in lans if not self._closed(lan)),
            tuple(route for lan in lans for route in self._routes.get(lan.id, ())),
            tuple(self._vpn(vpn, locator, base_of(device.vendor)) for vpn in vpns),
            access,
        )

    def behind(self, ports: Mapping[str, list[Port]]) -> dict[str, tuple[Behind, ...]]:
        """By router, the LANs of the access devices that hang from it: what an access device says of itself is not believed, so its routes are static."""
        found: dict[str, list[Behind]] = defaultdict(list)
        for router, ends in ports.items():
            for port in ends:
                if self.estate.devices[router].role in OUTSIDE_BACKBONE or self.estate.devices[port.peer].role != "access":
                    continue
                for lan in sorted(self._lans[port.peer], key=lambda lan: lan.id):
                    if not self._closed(lan):
                        found[router].append(Behind(lan.id, prefix_text(lan.prefix), port.peer_address, port.interface, lan.vpn))
        return {router: tuple(rows) for router, rows in found.items()}

    def _closed(self, lan: Lan) -> bool:
        """A room's network is withdrawn once the room is past `empty`."""
        return lan.room is not None and self.estate.rooms[lan.room].status not in {"surveyed", "emptying", "empty"}

    def _place(self, system: System) -> None:
        """The service address of a system stands in the LAN that it runs in now: that of its host in a room, or of its landing in a cloud."""
        if system.service_address is None or system.status != "running" or system.classified:
            return
        if host := self._host(system):
            lan, address = host
            if lan in self.estate.lans:
                self._routes[lan].append(ServiceRoute(system.id, address_text(system.service_address), address_text(address), self.estate.lans[lan].interface))

    def _host(self, system: System) -> tuple[str, IPv6Address] | None:
        """LAN and address of the host that answers for the system: its web server's, or that of its landing."""
        if system.cloud is not None:
            cloud = self.estate.clouds.get(system.cloud)
            return next(((x.lan, x.address) for x in cloud.landings if x.system == system.id), None) if cloud else None
        parts = sorted(self._parts[system.id], key=lambda c: (c.kind != "web", c.id))
        hosts = (self.estate.assets[c.asset] for c in parts if c.asset)
        return next(((asset.lan, asset.address) for asset in hosts if asset.lan and asset.address), None)

    def _vpn(self, vpn_id: str, locator: str, base: int) -> VpnAt:
        if vpn_id not in self._everywhere:
            self._everywhere[vpn_id] = self._vpn_everywhere(vpn_id)
        number, same, known = self._everywhere[vpn_id]
        return VpnAt(*same, sid(locator, base + FIRST_VPN + number - 1), *known)

    def _vpn_everywhere(self, vpn_id: str) -> _VpnEverywhere:
        number = int(self.allocator.get("vpn-table", vpn_id, None, lambda: (str(n) for n in range(1, VPNS + 1))))
        target = f"{self.estate.plan.asn % 65536}:{number}"
        vpn = self.estate.vpns.get(vpn_id)
        known = (vpn.name, self._families(vpn), vpn.evpn) if vpn else ("", ("ipv4", "ipv6"), False)
        return number, (vpn_id, f"vpn{number}", 1000 + number, target, target), (*known, self._colours.get(vpn_id, 0))

    def _families(self, vpn: Vpn) -> tuple[Literal["ipv4", "ipv6"], ...]:
        """IPv4 goes when the unit's transition says so."""
        return vpn.families if self._state(vpn.unit) == "dual-stack" else ("ipv6",)

    def _state(self, unit: str) -> str:
        return self._states.get(unit) or self._states.get(None, "dual-stack")

    def _attachment(self, lan: Lan) -> Attachment:
        four = first_text(lan.prefix4) if lan.prefix4 and lan.vpn not in self._without_ipv4 else ""
        return Attachment(lan.id, lan.name, lan.interface, first_text(lan.prefix), prefix_text(lan.prefix), lan.vpn, four, lan.kind)

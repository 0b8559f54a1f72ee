"""What a lab consists of, as plain data: the supervisor and the tests know this and not the estate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from inventory.errors import InputError
from lab.cloud.config import CORE, MORE, SERVICES

if TYPE_CHECKING:
    from inventory.model import Asset, Cloud, Estate, Lan, System

Role = Literal["room-system", "room-spare", "hall", "bastion", "plain"]
PHYSICAL_NETWORK = "extranet"  # the Neutron physical network that is wired to a cloud's LAN


@dataclass(frozen=True, slots=True)
class Router:
    """A router as it comes from the factory: a name and interfaces that are up, no address."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A wire between two routers (by name). `mtu` in bytes."""

    a: str
    a_if: str
    b: str
    b_if: str
    mtu: int


@dataclass(frozen=True, slots=True)
class LanSpec:
    """A switch with one router on it."""

    id: str
    router: str
    interface: str
    mtu: int
    prefix: str

    @property
    def gateway(self) -> str:
        """The router's own address, by the estate's convention ::1 of the prefix."""
        return self.prefix.split("/")[0] + "1"


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """A host. `address` with prefix length; it carries the addresses `service` on its loopback, and its client writes to those of `uses`."""

    id: str
    hostname: str
    lan: str
    address: str
    gateway: str
    role: Role
    service: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostSpec:
    """A hypervisor of the cloud, as Nova and Placement see it. Memory in MiB, disk in GiB."""

    name: str
    arch: str
    vcpus: int
    memory_mib: int
    disk_gib: int
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloudSpec:
    """One cloud. `networks` maps a Neutron physical network to the LAN that it is wired to; `machines`: its servers are machines of the lab."""

    name: str
    hosts: tuple[HostSpec, ...]
    networks: dict[str, str] = field(default_factory=dict)
    machines: bool = True
    services: tuple[str, ...] = SERVICES


@dataclass(frozen=True, slots=True)
class LabSpec:
    """Everything that `lab up` starts."""

    routers: tuple[Router, ...] = ()
    links: tuple[Link, ...] = ()
    lans: tuple[LanSpec, ...] = ()
    machines: tuple[MachineSpec, ...] = ()
    clouds: tuple[CloudSpec, ...] = ()

    @property
    def bastion(self) -> MachineSpec | None:
        return next((machine for machine in self.machines if machine.role == "bastion"), None)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> LabSpec:
        raw: dict[str, Any] = json.loads(text)
        return cls(
            routers=tuple(Router(**row) for row in raw["routers"]),
            links=tuple(Link(**row) for row in raw["links"]),
            lans=tuple(LanSpec(**row) for row in raw["lans"]),
            machines=tuple(MachineSpec(**{**row, "service": tuple(row["service"]), "uses": tuple(row["uses"])}) for row in raw["machines"]),
            clouds=tuple(
                CloudSpec(
                    name=row["name"],
                    hosts=tuple(HostSpec(**{**host, "traits": tuple(host["traits"])}) for host in row["hosts"]),
                    networks=row["networks"],
                    machines=row["machines"],
                    services=tuple(row["services"]),
                )
                for row in raw["clouds"]
            ),
        )


def from_estate(estate: Estate, scope: str | None = None, extranet: bool = True, more: tuple[str, ...] = ()) -> LabSpec:
    """The lab of an estate's scope: its FRR routers, their links and LANs, the hosts with an address in one of these, and its reachable clouds.

    Raises InputError when the scope has nothing at all, or a router that the lab has no counterpart for and the `extranet` is wanted; if it is not, such a
    scope has clouds only. `more`: services of `lab.cloud.config.MORE` that the cloud with all services has too.
    """
    from inventory.scope import scoped

    if unknown := sorted(set(more) - MORE.keys()):
        raise InputError(f"the lab has no service {unknown[0]} to add: there are {', '.join(MORE)}")
    part = scoped(estate, scope)
    others = sorted(device.name for device in part.devices.values() if device.vendor != "frr")
    if others and extranet:
        raise InputError(f"the lab has FRR routers only, and {', '.join(others[:5])}{' …' if len(others) > 5 else ''} are not: choose a --scope such as pilot")
    if others:
        part = part.model_copy(update={"devices": {}, "links": {}, "lans": {}})
    clouds = _clouds(part, more)
    if not part.devices and not clouds:
        raise InputError(f"scope {scope} has no routers to start, and no cloud with an os_cloud")
    name = {key: device.name for key, device in part.devices.items()}
    lans = {key: LanSpec(key, name[lan.device], lan.interface, lan.mtu, str(lan.prefix)) for key, lan in part.lans.items()}
    return LabSpec(
        routers=tuple(Router(key, value) for key, value in name.items()),
        links=tuple(Link(name[link.a], link.a_interface, name[link.b], link.b_interface, link.mtu) for link in part.links.values()),
        lans=tuple(lans.values()),
        machines=tuple(_machine(part, asset, part.lans[asset.lan]) for asset in part.assets.values() if _is_host(asset) and asset.lan in lans),
        clouds=clouds,
    )


def _is_host(asset: Asset) -> bool:
    """A host that still stands where the inventory says, with a network interface."""
    return asset.kind in ("server", "terminal") and asset.address is not None and asset.status == "in-use"


def _machine(estate: Estate, asset: Asset, lan: Lan) -> MachineSpec:
    systems = [estate.systems[part.system] for part in estate.components.values() if part.asset == asset.id and part.system in estate.systems]
    here = [system for system in systems if system.room]
    role: Role = "room-system" if here else "room-spare" if asset.room else "plain"
    if lan.kind == "operations":
        role = "bastion"
    elif lan.kind == "hall":
        role = "hall"
    return MachineSpec(
        id=asset.id,
        hostname=asset.name,
        lan=lan.id,
        address=f"{asset.address}/{lan.prefix.prefixlen}",
        gateway=str(lan.prefix.network_address + 1),
        role=role,
        service=_services(here),
        uses=_services(estate.systems.values()) if role == "hall" else (),
    )


def _services(systems: Iterable[System]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(system.service_address) for system in systems if system.service_address))


def _clouds(estate: Estate, more: tuple[str, ...]) -> tuple[CloudSpec, ...]:
    """One cloud has everything. Of several, the province's has all services, and those that are wired to a LAN of the scope have machines for servers."""
    clouds = [cloud for cloud in estate.clouds.values() if cloud.os_cloud]
    several = len(clouds) > 1
    by_name: dict[str, list[str]] = {}
    for cloud in clouds:
        by_name.setdefault(str(cloud.os_cloud), []).append(cloud.id)
    if shared := [f"{name} of {', '.join(ids)}" for name, ids in by_name.items() if len(ids) > 1]:
        raise InputError(f"each cloud of the lab needs an os_cloud of its own in clouds.yaml of the estate: {'; '.join(shared)}")
    return tuple(_cloud_spec(cloud, estate, several, more) for cloud in clouds)


def _cloud_spec(cloud: Cloud, estate: Estate, several: bool, more: tuple[str, ...]) -> CloudSpec:
    lan = next((lan.id for lan in estate.lans.values() if lan.kind == "cloud" and lan.device == cloud.gateway), None)
    hosts = [
        HostSpec(name, host.arch, host.vcpus, host.memory_mib, host.disk_gib, pool.traits) for pool in cloud.pools for host in pool.hosts for name in host.names
    ]
    return CloudSpec(
        name=str(cloud.os_cloud),
        hosts=tuple(hosts),
        networks={PHYSICAL_NETWORK: lan} if lan else {},
        machines=lan is not None or not several,
        services=CORE if several and cloud.kind != "province" else (*SERVICES, *dict.fromkeys(more)),
    )

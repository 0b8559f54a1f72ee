"""Starts the routers, wires, switches and machines of a lab."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lab import images
from lab.client import Client
from lab.machines import role_files
from lab.spec import LabSpec, MachineSpec, Router

BOOTS = 4  # at once; a boot is mostly waiting
Say = Callable[[str], None]


def up(client: Client, spec: LabSpec, public_key: str, say: Say) -> dict[str, dict[str, Any]]:
    """Start everything. Returns per node name (routers) or hostname (machines): port on loopback if there is one, and host key."""
    orders = [_router(router, public_key) for router in spec.routers] + [_machine(spec, machine, public_key) for machine in spec.machines]
    switches(client, spec)
    with ThreadPoolExecutor(BOOTS) as pool:
        _all(pool.submit(client.ask, "create", order=order) for order in orders)
        client.ask("link", links=[[link.a, link.a_if, link.b, link.b_if, link.mtu] for link in spec.links])
        _all(pool.submit(client.ask, "switch", name=lan.id, mtu=lan.mtu, plugs=[[lan.router, lan.interface]]) for lan in spec.lans)
        for order in orders:
            client.ask("start", node=order["name"])
        say(f"{len(spec.routers)} routers, {len(spec.machines)} machines, {len(spec.links)} links, {len(spec.lans)} LANs: booting")
        nodes = {order["name"]: done for order, done in zip(orders, pool.map(lambda order: client.ask("wait", node=order["name"]), orders), strict=True)}
    reached = [router.name for router in spec.routers] + ([spec.bastion.id] if spec.bastion else [])
    return {name: {"host_key": node["host_key"], **({"port": client.ask("forward", node=name)} if name in reached else {})} for name, node in nodes.items()}


def switches(client: Client, spec: LabSpec) -> None:
    """The LANs' switches, which the cloud's instances are plugged into too."""
    for lan in spec.lans:
        client.ask("switch", name=lan.id, mtu=lan.mtu)


def _all(futures: Iterable[Any]) -> None:
    for future in list(futures):
        future.result()


def _router(router: Router, public_key: str) -> dict[str, Any]:
    image = str(images.folder("router") / "root")
    return {"name": router.name, "kind": "router", "image": image, "hostname": router.name, "files": {"authorized_keys": public_key}}


def _machine(spec: LabSpec, machine: MachineSpec, public_key: str) -> dict[str, Any]:
    lan = next(lan for lan in spec.lans if lan.id == machine.lan)
    port = {"name": "eth0", "switch": lan.id, "addresses": [machine.address], "gateways": [machine.gateway], "mtu": lan.mtu}
    return {
        "name": machine.id,
        "kind": "machine",
        "image": str(images.folder("machine") / "root"),
        "hostname": machine.hostname,
        "ports": [port],
        "service": list(machine.service),
        "disabled": [] if machine.role.startswith("room") else ["nginx", "postgresql"],
        "files": {"authorized_keys": public_key, **role_files(machine)},
    }

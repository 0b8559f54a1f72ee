"""The plan: what the network shall be, in facts that a person reads, with a digest. What is pushed is the plan that was accepted, or nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from inventory.collector import paused_collector
from inventory.errors import InputError
from inventory.model import Allocation, Estate
from inventory.policy import network_rows
from netconf.design import design
from netconf.model.network import Network, Node

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A design of a scope (None: the whole estate), its new allocations, and how it differs from what was applied last."""

    scope: str | None
    network: Network
    new: tuple[Allocation, ...]
    facts: Facts
    changes: tuple[str, ...]
    digest: str


def make_plan(estate: Estate, scope: str | None, state: Path) -> Plan:
    """Design the (scoped) estate and compare with the last applied plan of that scope in `state`."""
    with paused_collector():
        return _make(estate, scope, state)


def _make(estate: Estate, scope: str | None, state: Path) -> Plan:
    made = design(estate)
    facts = _facts(made.network)
    digests = node_digests(made.network)
    digest = hashlib.sha256("".join(digests[device] for device in sorted(digests)).encode()).hexdigest()
    return Plan(scope, made.network, made.new, facts, tuple(_changes(_read(state, "applied", scope).get("facts", {}), facts)), digest)


def node_digests(network: Network) -> dict[str, str]:
    """By device, SHA-256 of all that its configuration is made of: equal digests, equal configuration."""
    common = repr((network.asn, network.block, network.users, network.operator, network.policy, network.slice_colours)).encode()
    whole = hashlib.sha256(common)
    digests = {}
    for device, node in network.nodes.items():
        one = whole.copy()
        one.update(_written(_fields(node)).encode())
        digests[device] = one.hexdigest()
    return digests


_fields = attrgetter(*(field.name for field in fields(Node)))
# A third faster than `repr` of a node; sets, which have no order, are written sorted.
_written = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=lambda item: sorted(item) if isinstance(item, frozenset) else repr(item)).encode


def accept(plan: Plan, state: Path) -> None:
    """Remember that this plan is the one to push."""
    _write(state, "accepted", plan.scope, {"digest": plan.digest})


def require_accepted(plan: Plan, state: Path) -> None:
    """Raise InputError unless exactly this plan was accepted."""
    accepted = _read(state, "accepted", plan.scope).get("digest")
    if plan.new or accepted is None:
        raise InputError("no plan was accepted for this estate: look at `xiangyun net plan`, then accept it with `xiangyun net plan --accept`")
    if accepted != plan.digest:
        raise InputError("the estate has changed since its plan was accepted: look at `xiangyun net plan` again, then accept it with --accept")


def pushing(plan: Plan, state: Path) -> None:
    """Remember what a push is about to bring, so that whoever finishes it knows, with another estate before them too."""
    _write(state, f"pushing-{plan.digest[:16]}", plan.scope, {"digest": plan.digest, "facts": plan.facts})


def pushed(digest: str, state: Path) -> None:
    """The devices run this plan now: what was being pushed is what is applied."""
    folder, begins = state / "plans", f"pushing-{digest[:16]}-"
    for file in folder.glob(f"{begins}*.json"):
        file.replace(folder / f"applied-{file.name.removeprefix(begins)}")
    for file in folder.glob("pushing-*.json"):  # of pushes that were taken back
        file.unlink()


def applied_digest(state: Path, scope: str | None) -> str | None:
    """The digest of the plan that the scope's devices run; None when nothing was pushed."""
    digest: str | None = _read(state, "applied", scope).get("digest")
    return digest


def _facts(network: Network) -> Facts:
    """The design in words, a thing and what it is: two of them differ where the networks do."""
    facts: Facts = {}
    for node in network.nodes.values():
        facts |= _device_facts(node)
        for port in node.ports:
            if node.device < port.peer:
                key = f"link {node.name} {port.interface} – {port.peer_name} {port.peer_interface}"
                facts[key] = f"{port.subnet}, {port.bandwidth_mbps} Mbit/s, metric {port.metric}, MTU {port.mtu}"
        for lan in node.attachments:
            both = f", {lan.address4}" if lan.address4 else ""
            facts[f"prefix {lan.prefix}"] = f"{lan.lan} at {node.name} {lan.interface}{both}" + (f", in {lan.vpn}" if lan.vpn else "")
        for service in node.services:
            facts[f"service address {service.address}"] = f"{service.system} at {node.name}, host {service.next_hop}"
        for vpn in node.vpns:
            steered = f", colour {vpn.colour}" if vpn.colour else ""
            facts[f"VPN {vpn.vpn} at {node.name}"] = f"RD {vpn.rd}, RT {vpn.rt}, End.DT46 {vpn.sid}, {' and '.join(vpn.families)}{steered}"
        for target in node.te:
            ways = ", else ".join(" → ".join(path) for path in target.paths)
            facts[f"policy {target.colour} of {node.name} to {target.name}"] = f"colour {target.number}, over {ways}"
        for access in node.access:
            facts[f"5G {access.dnn}"] = f"{access.vpn} at {node.name} {access.interface}, VLAN {access.vlan}, {access.address}"
        for leg in node.legs if node.backbone else ():
            facts[f"{leg.network} meets {leg.vpn}"] = f"at {node.name}, VLAN {leg.vlan}: {', '.join(leg.prefixes)}"
    for key, row in network_rows(network.policy).items():
        said = row.model_dump(mode="json", exclude_defaults=True)
        facts[f"row {key.partition(':')[2]} of network.yaml"] = ", ".join(f"{name} {value}" for name, value in said.items() if name != "name")
    return facts


def _device_facts(node: Node) -> Facts:
    less = f", without {', '.join(sorted(node.without))}" if node.without else ""
    if not node.backbone:
        return {f"device {node.name}": f"{node.role}, {node.model}, loopback {node.loopback}{less}"}
    level = "" if node.level == "2" else f", level {node.level}"
    said = f"{node.role}, {node.model}, locator {node.locator}, loopback {node.loopback}, IS-IS {node.net}{level}, End.DT6 {node.service_sid}{less}"
    return {f"router {node.name}": said, **{f"locator {f.name} of {node.name}": f.locator for f in node.flex if "flex_algos" not in node.without}}


def _changes(old: Facts, new: Facts) -> list[str]:
    """Differences in words."""
    lines = [f"new: {key}: {value}" for key, value in new.items() if key not in old]
    lines += [f"changed: {key}: {old[key]} → {value}" for key, value in new.items() if key in old and old[key] != value]
    return lines + [f"withdrawn: {key}: {value}" for key, value in old.items() if key not in new]


def _file(state: Path, kind: str, scope: str | None) -> Path:
    return state / "plans" / f"{kind}-{scope or 'all'}.json"


def _read(state: Path, kind: str, scope: str | None) -> dict[str, Any]:
    try:
        data: dict[str, Any] = from_json(_file(state, kind, scope).read_bytes())
    except FileNotFoundError:
        return {}
    return data


def _write(state: Path, kind: str, scope: str | None, data: dict[str, object]) -> None:
    file = _file(state, kind, scope)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    part.replace(file)

"""Adopting a network that exists: running configurations become rows and allocations of the estate, and what was not understood is said.

Devices must be in the estate already (`inventory import`, also from NetBox): a configuration does not say where its device stands. From the texts come links
(interfaces in IS-IS that share a subnet), LANs, and the allocations that the planner would otherwise give anew: loopbacks, locators, links, numbers of VPNs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv4Interface, IPv6Interface
from pathlib import Path
from typing import Any

from inventory.errors import InputError
from inventory.model import Device, Estate
from inventory.tables import TABLES
from netconf.check_config import check_text, read_config
from netconf.compile import compile_device
from netconf.design import design
from netconf.model.device import FIELDS, DeviceConfig, Interface
from netconf.vendors import vendor_of

SPEEDS = ((re.compile(r"^(\d+)GE"), None), (re.compile(r"^HundredGigE"), 100_000), (re.compile(r"^Ten-GigabitEthernet"), 10_000))  # Mbit/s, by the name
DEFAULT_MBPS = 1_000
DEFAULT_MTU = 9_000  # where neither end says one, as on Linux
LAN_ID = re.compile(r"^lan:[A-Za-z0-9][A-Za-z0-9._-]*$")
NODE_LENGTH = 48


@dataclass(slots=True)
class Adopted:
    """`rows` by table, to be added; `notes`: what stands in the texts and was not taken, with its place; `differs`: what the design would make otherwise."""

    rows: dict[str, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    devices: int = 0
    lines: int = 0
    managed: int = 0


def adopt(estate: Estate, folder: Path) -> Adopted:
    """Read every file of `folder` as the configuration of the device that it names. Raises InputError for a folder without any."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")) if folder.is_dir() else []
    if not files:
        raise InputError(f"{folder}: no configurations there: a folder with one file a device is wanted")
    found = Adopted()
    configs: dict[str, DeviceConfig] = {}
    for file in files:
        if config := _read(estate, file, found):
            configs[config.device] = config
    found.devices = len(configs)
    _allocate(estate, configs, found)
    _link(estate, configs, found)
    _attach(estate, configs, found)
    _compare(estate, configs, found)
    return found


def _read(estate: Estate, file: Path, found: Adopted) -> DeviceConfig | None:
    text, _ = read_config(file)
    device = _device(estate, file, text)
    if device is None:
        found.notes.append(f"{file.name}: no device of that name in devices.csv, neither by the file's name nor by the name in it: add it first")
        return None
    checked = check_text(vendor_of(device.vendor), text)
    found.lines += checked.lines
    found.managed += checked.lines - len(checked.unmanaged) - len(checked.trip.lost)
    found.notes += [f"{file.name}:{number}: not read: {why}" for number, why in checked.unread]
    found.notes += [f"{file.name}:{number}: not understood: {line}" for number, line in checked.unmanaged]
    found.notes += [f"{file.name}:{number}: not kept: {line}" for number, line in checked.trip.lost]
    found.notes += [f"{file.name}:{number}: would be written otherwise: {line} -> {becomes}" for number, line, becomes in checked.trip.changed]
    values = {f.name: getattr(checked.config, f.name) for f in fields(DeviceConfig)}
    return DeviceConfig(**{**values, "device": device.id, "model": device.model})


def _device(estate: Estate, file: Path, text: str) -> Device | None:
    named = re.search(r"^\s*(?:sysname|hostname) (\S+)", text, re.MULTILINE)
    names = {file.stem, named[1] if named else ""}
    return next((device for device in estate.devices.values() if device.name in names), None)


def _allocate(estate: Estate, configs: Mapping[str, DeviceConfig], found: Adopted) -> None:
    """Loopbacks and locators as they are; a locator outside the plan's block cannot be kept, and is said."""
    known = {(row.kind, row.owner) for row in estate.allocations}
    for device, config in configs.items():
        loopback = _loopback(config)
        if loopback and ("loopback", device) not in known:
            found.rows["allocations"].append({"kind": "loopback", "owner": device, "value": loopback, "source": "census"})
        for locator in config.srv6.locators[:1] if config.srv6 else ():
            prefix = IPv6Interface(locator.prefix).network
            if prefix.prefixlen != NODE_LENGTH or not prefix.subnet_of(estate.plan.locators):
                found.notes.append(f"{device}: locator {prefix} is no /{NODE_LENGTH} of {estate.plan.locators}: the design would give another one")
            elif ("locator", device) not in known:
                found.rows["allocations"].append({"kind": "locator", "owner": device, "value": str(prefix), "source": "census"})


def _loopback(config: DeviceConfig) -> str:
    if config.isis and config.isis.loopback:
        return config.isis.loopback
    return next((i.ipv6[0] for i in config.interfaces if i.name.lower().startswith(("loopback", "lo")) and i.ipv6), "")


def _link(estate: Estate, configs: Mapping[str, DeviceConfig], found: Adopted) -> None:
    """Two interfaces of a subnet are a link. One whose far end is in no text is said."""
    ends: dict[str, list[tuple[str, Interface]]] = defaultdict(list)
    for device, config in configs.items():
        for interface in config.interfaces:
            if (
                interface.ipv6
                and "." not in interface.name
                and (interface.isis_metric is not None or IPv6Interface(interface.ipv6[0]).network.prefixlen == 127)
            ):
                ends[str(IPv6Interface(interface.ipv6[0]).network)].append((device, interface))
    have = {frozenset(((row.a, row.a_interface), (row.b, row.b_interface))) for row in estate.links.values()}
    for subnet, both in ends.items():
        if len(both) != 2:
            device, interface = both[0]
            found.notes.append(f"{device}: {interface.name} ({interface.description}): the far end of {subnet} is in none of the texts: no link")
            continue
        (a, one), (b, other) = sorted(both, key=lambda end: IPv6Interface(end[1].ipv6[0]).ip)
        if frozenset(((a, one.name), (b, other.name))) in have:
            continue
        key = f"link:{a.partition(':')[2]}--{b.partition(':')[2]}"
        metric = one.isis_metric or other.isis_metric or 10
        row = {"id": key, "a": a, "a_interface": one.name, "b": b, "b_interface": other.name, "metric": metric, "source": "census"}
        found.rows["links"].append({**row, "bandwidth_mbps": max(_speed(one.name), _speed(other.name)), "mtu": one.mtu or other.mtu or DEFAULT_MTU})
        if subnet.endswith("/127"):
            found.rows["allocations"].append({"kind": "link", "owner": key, "value": subnet, "source": "census"})
        else:
            found.notes.append(f"{key}: {subnet} is no /127: the design would give it another subnet")


def _speed(name: str) -> int:
    for pattern, mbps in SPEEDS:
        if match := pattern.match(name):
            return mbps or 1_000 * int(match[1])
    return DEFAULT_MBPS


def _attach(estate: Estate, configs: Mapping[str, DeviceConfig], found: Adopted) -> None:
    """Other interfaces with an address are LANs; a VPN is known by the number in its route target."""
    numbers = {row.value: row.owner for row in estate.allocations if row.kind == "vpn-table"}
    have = {(lan.device, lan.interface) for lan in estate.lans.values()} | _of_policy(estate)
    unknown: dict[str, str] = {}
    for device, config in configs.items():
        vpns = {vrf.name: vrf for vrf in config.vrfs}
        if config.vendor == "frr" and vpns:
            found.notes.append(f"{device}: FRR's text does not say which interfaces are in which VRF: its LANs are not taken")
            continue
        for number, interface in enumerate(_lan_interfaces(config), 1):
            if (device, interface.name) in have:
                continue
            vpn = None
            if interface.vrf:
                vrf = vpns.get(interface.vrf)
                mark = vrf.exports[0].rpartition(":")[2] if vrf and vrf.exports else ""
                vpn = numbers.get(mark) or _vpn_by_name(estate, vrf.description if vrf else "")
                if vpn is None:
                    unknown[interface.vrf] = vrf.description if vrf else ""
                    found.notes.append(f"{device}: {interface.name} is in the VPN {interface.vrf}, which vpns.yaml does not have: not taken")
                    continue
                if mark not in numbers:
                    numbers[mark] = vpn
                    found.rows["allocations"].append({"kind": "vpn-table", "owner": vpn, "value": mark, "source": "census"})
            found.rows["lans"].append(_lan(device, interface, number, vpn))
    found.notes += [f"vpns.yaml lacks: - {{id: vpn:{name}, name: {title or name}, unit: }}" for name, title in sorted(unknown.items())]


def _of_policy(estate: Estate) -> set[tuple[str, str]]:
    """Interfaces that network.yaml has already: towards carriers and private networks."""
    policy = estate.network
    return {(row.firewall, row.interface) for row in policy.egresses} | {(row.firewall, row.interface) for row in policy.interconnects}


def _vpn_by_name(estate: Estate, name: str) -> str | None:
    return next((vpn.id for vpn in estate.vpns.values() if name and vpn.name == name), None)


def _lan_interfaces(config: DeviceConfig) -> Iterator[Interface]:
    for interface in config.interfaces:
        loopback = interface.name.lower().startswith(("loopback", "lo0"))
        if (
            interface.ipv6
            and interface.isis_metric is None
            and not loopback
            and not interface.vlan
            and IPv6Interface(interface.ipv6[0]).network.prefixlen < 127
        ):
            yield interface


def _lan(device: str, interface: Interface, number: int, vpn: str | None) -> dict[str, object]:
    key = interface.description if LAN_ID.match(interface.description) else f"lan:{device.partition(':')[2]}-{number}"
    four = str(IPv4Interface(interface.ipv4[0]).network) if interface.ipv4 else ""
    row = {"id": key, "name": interface.description or key, "device": device, "interface": interface.name, "source": "census"}
    return {**row, "prefix": str(IPv6Interface(interface.ipv6[0]).network), "prefix4": four, "vpn": vpn or "", "kind": "hall"}


def _compare(estate: Estate, configs: Mapping[str, DeviceConfig], found: Adopted) -> None:
    """What the design makes of the estate with these rows, beside what runs: feature by feature."""
    network = design(with_rows(estate, found.rows)).network
    for device, running in configs.items():
        made = compile_device(network, device)
        if made.vendor == "frr":  # whose text says neither
            made = replace(made, interfaces=tuple(replace(i, mtu=None, vrf=None) for i in made.interfaces))
        differing = [name for name in FIELDS if _said(getattr(made, name)) != _said(getattr(running, name))]
        if differing:
            found.differs.append(f"{device}: {', '.join(differing)}")


def with_rows(estate: Estate, rows: Mapping[str, list[dict[str, object]]]) -> Estate:
    """The estate with links, LANs and allocations added."""
    parsed = {name: [TABLES[name].row.model_validate({k: v for k, v in row.items() if v != ""}) for row in added] for name, added in rows.items()}
    tables: dict[str, Any] = {name: {**getattr(estate, name), **{row.id: row for row in parsed.get(name, [])}} for name in ("links", "lans")}  # type: ignore[attr-defined]
    return estate.model_copy(update={**tables, "allocations": (*estate.allocations, *parsed.get("allocations", []))})


def _said(value: Any) -> Any:
    """Where order means nothing it is no difference."""
    return frozenset(value) if isinstance(value, tuple) else value

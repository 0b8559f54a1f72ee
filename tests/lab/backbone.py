"""The province's backbone for the lab: a copy of the estate whose cores, first edge of each city and HPC gateway are all FRR, in a scope of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inventory.edit import TableChange, change_tables
from inventory.load import load_estate
from inventory.model import Estate, Lan

SCOPE = "backbone"
CORES = ("device:hn-core-1", "device:hn-core-2")
HPC = "device:hn-hpc-1"
MORE = (
    {"id": "lan:hn-hpc", "device": HPC, "prefix": "2001:db8:4300:c20::/64", "kind": "cloud"},
    {"id": "lan:cs-room", "device": "device:cs-pe-1", "prefix": "2001:db8:4301:10::/64", "kind": "room"},
    {"id": "lan:zz-room", "device": "device:zz-pe-1", "prefix": "2001:db8:4302:10::/64", "kind": "room"},
)
"""LANs that the estate does not have yet: then there is one at the HPC gateway, and a machine room's at each edge."""


def backbone(source: Path, folder: Path) -> Path:
    """The copy, in `folder`: two cores with a link to each other, to every city's first edge and to the HPC gateway; a host at each edge and gateway."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".xiangyun"))
    estate = load_estate(folder)
    edges = [device.id for device in estate.devices.values() if device.role == "city-edge" and device.plane == "A"]
    policy = folder / "network.yaml"
    policy.write_text("".join(line for line in policy.read_text("utf-8").splitlines(keepends=True) if "dnn:" not in line and line != "access:\n"), "utf-8")
    with (folder / "scopes.yaml").open("a") as scopes:
        scopes.write(f"  {SCOPE}: {{devices: [{', '.join((*CORES, HPC, *edges))}]}}\n")
    links, lans = _renamed(estate, [edge for edge in edges if estate.devices[edge].vendor != "frr"])
    rooms = [lan for lan in estate.lans.values() if lan.kind == "room"]
    hosts = [lan for lan in [*(_lan(row) for row in MORE), *rooms] if lan.device in (HPC, *edges)]
    changes = {
        "devices": TableChange({edge: {"vendor": "frr", "model": "FRR"} for edge in edges}),
        "links": TableChange(links, [_second(number, edge) for number, edge in enumerate(edges, 1)]),
        "lans": TableChange(lans, [_lan(row).model_dump(mode="json") for row in MORE]),
        "assets": TableChange(_off(estate, rooms), [_host(number, lan) for number, lan in enumerate(hosts, 1)]),
    }
    change_tables(folder, changes)
    return folder


def _renamed(estate: Estate, devices: list[str]) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """The interfaces of these devices as Linux names them, by link and by LAN."""
    links: dict[str, dict[str, str]] = {}
    lans: dict[str, dict[str, str]] = {}
    for device in devices:
        ends = ((link.id, f"{end}_interface") for link in estate.links.values() for end in ("a", "b") if getattr(link, end) == device)
        for number, (link, column) in enumerate(ends, 1):
            links.setdefault(link, {})[column] = f"eth{number}"
        lans |= {lan: {"interface": f"lan{number}"} for number, lan in enumerate((x.id for x in estate.lans.values() if x.device == device), 1)}
    return links, lans


def _second(number: int, edge: str) -> dict[str, Any]:
    """An edge's link to the second core; the first is the cheaper one, as in the estate."""
    a, b = CORES[1].partition(":")[2], edge.partition(":")[2]
    ends = {"a": CORES[1], "a_interface": f"eth{100 + number}", "b": edge, "b_interface": "eth100"}
    return {"id": f"link:{a}--{b}", **ends, "bandwidth_mbps": 100000, "metric": 100, "mtu": 9000, "source": "sample"}


def _lan(row: dict[str, str]) -> Lan:
    return Lan.model_validate({**row, "name": row["id"], "interface": "lan100", "source": "sample"})


def _off(estate: Estate, rooms: Iterable[Lan]) -> dict[str, dict[str, str]]:
    """What stands in the rooms is not started: one host each is enough."""
    lans = {lan.id for lan in rooms}
    return {asset.id: {"status": "shut-down"} for asset in estate.assets.values() if asset.lan in lans}


def _host(number: int, lan: Lan) -> dict[str, Any]:
    unit = {"unit": "unit:430000-0001", "book_value_cny": 0, "purchased": "2024-03-12", "source": "sample"}
    address = {"lan": lan.id, "address": str(lan.prefix.network_address + 0xF1)}
    return {"id": f"asset:430000-99{number:02}", "name": f"host-{number}", "kind": "server", "arch": "x86_64", **address, **unit}

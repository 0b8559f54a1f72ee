"""A scope is an estate of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import InputError
from inventory.load import load_estate
from inventory.model import Estate, Scope
from inventory.scope import scoped

PILOT = ["hn-core-1", "hn-core-2", "hn-cgw-1", "hn-hpc-1", "cs-pe-1", "cs-pe-2", "zz-pe-1", "zz-pe-2", "cl-pe-1"]


def test_the_pilot(hunan: Estate) -> None:
    pilot = scoped(hunan, "pilot")
    assert [device.name for device in pilot.devices.values()] == PILOT
    assert len(pilot.links) == 13
    assert {link.metric for link in pilot.links.values() if "B" in (pilot.devices[link.a].plane, pilot.devices[link.b].plane)} == {100}
    assert sorted(lan for lan, row in pilot.lans.items() if not row.vpn) == ["lan:cl-hall", "lan:cl-room", "lan:hn-cloud", "lan:hn-ops"]
    assert list(pilot.systems) == ["system:430224-0001"]
    assert list(pilot.rooms) == ["room:430224-0001"]
    assert list(pilot.clouds) == ["cloud:hn-province"]
    assert {part.asset for part in pilot.components.values()} == {"asset:430224-0001"}
    assert sorted(pilot.vpns) == ["vpn:hn-hrss", "vpn:hn-water"]


def test_planned_path_is_the_shortest(hunan: Estate) -> None:
    pilot = scoped(hunan, "pilot")
    cost = {"device:cl-pe-1": 0}
    via: dict[str, str] = {}
    for _ in pilot.devices:
        for link in pilot.links.values():
            for a, b in ((link.a, link.b), (link.b, link.a)):
                if a in cost and cost[a] + link.metric < cost.get(b, 1 << 30):
                    cost[b], via[b] = cost[a] + link.metric, a
    path = ["device:hn-cgw-1"]
    while path[-1] in via:
        path.append(via[path[-1]])
    assert path[::-1] == ["device:cl-pe-1", "device:zz-pe-1", "device:hn-core-1", "device:hn-cgw-1"]


def test_regions_take_in_what_lies_below(hunan: Estate) -> None:
    zhuzhou = scoped(hunan, "zhuzhou")
    assert {"device:zz-pe-1", "device:cl-pe-1"} <= set(zhuzhou.devices)
    assert "device:hn-core-1" not in zhuzhou.devices
    assert all(room.startswith("room:4302") for room in zhuzhou.rooms)
    assert all(link.a in zhuzhou.devices and link.b in zhuzhou.devices for link in zhuzhou.links.values())
    assert "cloud:430200" in zhuzhou.clouds


def test_allocations_and_regions_stay_whole(small: Path) -> None:
    estate = load_estate(small)
    one = scoped(estate, "one")
    assert one.allocations == estate.allocations
    assert one.regions == estate.regions
    assert list(one.links) == ["link:core-1--edge-1"]
    assert list(one.vpns) == ["vpn:a"]


def test_a_router_brings_the_machine_room_behind_it(hunan: Estate) -> None:
    """What of a LAN is open depends on its room."""
    alone = hunan.model_copy(update={"scopes": {"alone": Scope(devices=("device:xt-pe-1",))}})
    assert list(scoped(alone, "alone").rooms) == ["room:430300-0001"]


def test_no_scope_is_the_whole_and_an_unknown_one_is_named(hunan: Estate) -> None:
    assert scoped(hunan, None) is hunan
    with pytest.raises(InputError, match="no scope nowhere: known are clouds, pilot"):
        scoped(hunan, "nowhere")

"""The design: stable allocations, planned paths, services that move with their systems."""

from __future__ import annotations

import random
from ipaddress import IPv6Network

import pytest

from inventory.errors import InputError
from inventory.model import Allocation, Estate, RoomStatus
from netconf.design import design
from netconf.verify.model import mtu_faults, planned_path


def test_every_router_of_the_pilot_has_its_own_locator_loopback_and_links(estate: Estate) -> None:
    network = design(estate).network
    locators = {IPv6Network(n.locator) for n in network.nodes.values()}
    assert len(locators) == len(network.nodes) == 9
    assert all(locator.subnet_of(estate.plan.locators) and locator.prefixlen == 48 for locator in locators)
    addresses = [p.address for n in network.nodes.values() for p in n.ports] + [n.loopback for n in network.nodes.values()]
    assert len(addresses) == len(set(addresses)) == 2 * 13 + 9


def test_a_citys_locators_share_one_forty(estate: Estate) -> None:
    network = design(estate).network
    zhuzhou = [IPv6Network(network.nodes[f"device:{name}"].locator) for name in ("zz-pe-1", "zz-pe-2", "cl-pe-1")]
    assert len({locator.supernet(new_prefix=40) for locator in zhuzhou}) == 1


def test_nobody_moves_when_devices_come_and_go(hunan: Estate) -> None:
    """Any order of adding and removing devices leaves every value that was given where it was."""
    order = random.Random(20260101)
    everything = sorted(hunan.devices)[:60]
    given: dict[tuple[str, str], str] = {}
    allocations: tuple[Allocation, ...] = ()
    for _ in range(12):
        chosen = set(order.sample(everything, order.randrange(5, len(everything))))
        part = hunan.model_copy(
            update={
                "devices": {d: hunan.devices[d] for d in chosen},
                "links": {k: v for k, v in hunan.links.items() if v.a in chosen and v.b in chosen},
                "allocations": allocations,
            }
        )
        allocations = (*allocations, *design(part).new)
        for row in allocations:
            assert given.setdefault((row.kind, row.owner), row.value) == row.value
    assert len({(kind, value) for (kind, _), value in given.items()}) == len(given)


def test_a_value_given_twice_names_both_owners(estate: Estate) -> None:
    rows = [Allocation(kind="loopback", owner=f"device:{n}", value="2001:db8::1/128") for n in ("hn-core-1", "hn-core-2")]
    with pytest.raises(InputError, match=r"device:hn-core-1 and device:hn-core-2"):
        design(estate.model_copy(update={"allocations": tuple(rows)}))


def test_a_block_that_is_too_small_is_refused(estate: Estate) -> None:
    plan = estate.plan.model_copy(update={"loopbacks": IPv6Network("2001:db8::/126")})
    with pytest.raises(InputError, match="no free loopback"):
        design(estate.model_copy(update={"plan": plan}))


def test_the_planned_path_follows_plane_a(estate: Estate) -> None:
    path = planned_path(design(estate).network, "lan:cl-room", "lan:hn-cloud")
    assert [hop.device.partition(":")[2] for hop in path.hops] == ["cl-pe-1", "zz-pe-1", "hn-core-1", "hn-cgw-1"]
    assert path.hops[0].enters is None
    assert path.hops[-1].leaves is None


def test_equal_cost_paths_are_not_guessed(estate: Estate) -> None:
    links = {k: v.model_copy(update={"metric": 10}) for k, v in estate.links.items()}
    with pytest.raises(InputError, match="equal-cost"):
        planned_path(design(estate.model_copy(update={"links": links})).network, "lan:cl-room", "lan:hn-cloud")


def test_a_link_without_room_for_the_encapsulation_is_a_fault(estate: Estate) -> None:
    links = {k: v.model_copy(update={"mtu": 1500}) for k, v in estate.links.items()}
    assert mtu_faults(design(estate).network, 1500) == []
    assert len(mtu_faults(design(estate.model_copy(update={"links": links})).network, 1500)) == 26


def test_the_service_address_is_routed_to_where_the_system_stands(estate: Estate) -> None:
    def at(e: Estate) -> list[tuple[str, str]]:
        return [(n.name, str(s.next_hop)) for n in design(e).network.nodes.values() for s in n.services]

    assert at(estate) == [("cl-pe-1", "2001:db8:4302:2410::11")]
    moved = estate.systems["system:430224-0001"].model_copy(update={"room": None, "cloud": "cloud:hn-province"})
    assert at(estate.model_copy(update={"systems": {moved.id: moved}})) == [("hn-cgw-1", "2001:db8:4300:c10::31")]


def test_a_withdrawn_room_has_no_network(estate: Estate) -> None:
    room = estate.rooms["room:430224-0001"].model_copy(update={"status": RoomStatus.WITHDRAWN})
    node = design(estate.model_copy(update={"rooms": {room.id: room}})).network.nodes["device:cl-pe-1"]
    assert [a.lan for a in node.attachments] == ["lan:cl-hall"]


def test_the_same_estate_gives_the_same_network(estate: Estate) -> None:
    shuffled = estate.model_copy(update={"devices": dict(reversed(estate.devices.items())), "links": dict(reversed(estate.links.items()))})
    assert design(shuffled) == design(estate)

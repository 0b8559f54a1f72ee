"""Allocation: what was given stays, whoever comes or goes; a city that outgrows its block gets another one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Allocation, Device, Estate, Region, Site
from inventory.policy import FlexAlgo, NetworkPolicy
from netconf.design import design
from netconf.text import number_of

FLEX = (FlexAlgo.model_validate({"name": "DELAY", "number": 128, "metric": "delay", "locators": "5f00:4301::/32"}),)
CITIES = ("430100", "430200", "433100")


def with_devices(estate: Estate, counts: dict[str, int], allocations: tuple[Allocation, ...]) -> Estate:
    """So many county edges in each city, each in a county of its own."""
    regions, sites, devices = dict(estate.regions), {}, {}
    for city, count in counts.items():
        for n in range(count):
            code = f"{city[:4]}{n % 99 + 1:02}"
            regions.setdefault(code, Region.model_validate({"code": code, "name": code, "name_en": code, "level": "county", "parent": city}))
            site = Site.model_validate({"id": f"site:{city}-{n}", "name": "x", "region": code, "kind": "county"})
            row = {"id": f"device:r{city}-{n}", "name": f"r{city}-{n}", "role": "county-edge", "site": site.id, "vendor": "frr", "model": "FRR"}
            sites[site.id], devices[row["id"]] = site, Device.model_validate(row)
    nothing = {"links": {}, "lans": {}, "systems": {}, "network": NetworkPolicy(flex_algos=FLEX)}
    return estate.model_copy(update={**nothing, "regions": regions, "sites": sites, "devices": devices, "allocations": allocations})


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.fixed_dictionaries({city: st.integers(0, 30) for city in CITIES}), min_size=2, max_size=6))
def test_nobody_moves_when_counties_come_and_go_in_any_order(hunan: Estate, steps: list[dict[str, int]]) -> None:
    allocations: tuple[Allocation, ...] = ()
    seen: dict[tuple[str, str], str] = {}
    for counts in steps:
        made = design(with_devices(hunan, counts, allocations))
        allocations = (*allocations, *made.new)
        for row in allocations:
            assert seen.setdefault((row.kind, row.owner), row.value) == row.value
        for node in made.network.nodes.values():
            assert node.locator == seen["locator", node.device]
            assert number_of(node.flex[0].locator) >> 80 & 0xFFFF == number_of(node.locator) >> 80 & 0xFFFF
    assert len({(kind, value) for (kind, _), value in seen.items()}) == len(seen)


def test_a_city_that_outgrows_its_block_gets_another_and_nobody_moves(hunan: Estate) -> None:
    small = design(with_devices(hunan, {"430100": 200, "430200": 10}, ()))
    large = design(with_devices(hunan, {"430100": 700, "430200": 10}, small.new))
    for device, node in small.network.nodes.items():
        assert large.network.nodes[device].locator == node.locator
    blocks = {number_of(node.locator) >> 88 & 0xFF for device, node in large.network.nodes.items() if device.startswith("device:r430100")}
    assert blocks == {0x01, 0x64, 0x65}
    assert [(row.owner, row.value) for row in large.new if row.kind == "node-block"] == [("region:430100-1", "0x64"), ("region:430100-2", "0x65")]
    numbers = [node.locator for node in large.network.nodes.values()]
    assert len(set(numbers)) == len(numbers)


def test_the_functions_of_services_are_local_functions_of_f3216(hunan: Estate) -> None:
    for node in design(hunan).network.nodes.values():
        for sid in (node.service_sid, *(vpn.sid for vpn in node.vpns)):
            assert number_of(sid) >> 64 & 0xFFFF >= 0xE000
            assert number_of(sid) >> 80 == number_of(node.locator) >> 80

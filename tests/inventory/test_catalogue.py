"""The catalogue of data: one source per element, needs matched, bases covered; and the targets that are told from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inventory.catalogue import bases_gathered, catalogue, needs_met, offers
from inventory.load import read_estate
from inventory.model import DataItem, DataNeed, DataResource, Estate, Target
from inventory.progress import MEASURES, progress

DAY = date(2026, 9, 30)
PROVINCE, DISTRICT = "unit:990000-0001", "unit:990101-0001"


def with_data(
    estate: Estate, *held: tuple[str, str, bool], needs: tuple[tuple[str, str], ...] = (), sharing: str = "conditional", base: str = "", gathered: bool = False
) -> Estate:
    """`held`: unit, element, authoritative; `needs`: status, reason, all of the district for element `a`."""
    resources, items = {}, {}
    for number, (unit, element, authoritative) in enumerate(held, 1):
        key = f"resource:{number}"
        made = {"id": key, "name": key, "unit": unit, "sharing": sharing, "base": base, "gathered": gathered}
        resources[key] = DataResource.model_validate(made)
        items[f"item:{number}"] = DataItem(id=f"item:{number}", resource=key, name=element, element=element, authoritative=authoritative)
    asked = {
        f"need:{n}": DataNeed.model_validate({"id": f"need:{n}", "unit": DISTRICT, "element": "a", "asked": DAY, "status": status, "reason": reason})
        for n, (status, reason) in enumerate(needs, 1)
    }
    return estate.model_copy(update={"data_resources": resources, "data_items": items, "data_needs": asked})


@pytest.fixture
def estate(small: Path) -> Estate:
    return read_estate(small)


def test_a_source_above_and_one_below_clash(estate: Estate) -> None:
    (entry,) = catalogue(with_data(estate, (PROVINCE, "a", True), (DISTRICT, "a", True)))
    assert entry.clashes == (("item:1", "item:2"),)
    (entry,) = catalogue(with_data(estate, (PROVINCE, "a", True), (DISTRICT, "a", False)))
    assert entry.clashes == ()
    assert [item.id for item in entry.sources] == ["item:1"]


def test_sources_of_regions_side_by_side_do_not_clash(estate: Estate) -> None:
    regions = {**estate.regions, "990102": estate.regions["990101"].model_copy(update={"code": "990102"})}
    units = {**estate.units, "unit:990102-0001": estate.units[DISTRICT].model_copy(update={"id": "unit:990102-0001", "region": "990102"})}
    wide = estate.model_copy(update={"regions": regions, "units": units})
    (entry,) = catalogue(with_data(wide, (DISTRICT, "a", True), ("unit:990102-0001", "a", True)))
    assert entry.clashes == ()


def test_needs_refused_with_a_reason_do_not_count(estate: Estate) -> None:
    share = needs_met(with_data(estate, needs=(("met", ""), ("asked", ""), ("refused", "法律规定"), ("refused", ""))))
    assert (share.part, share.whole, share.percent) == (1, 3, 33.3)
    assert needs_met(estate).percent is None


def test_an_offer_is_shared_and_near(estate: Estate) -> None:
    held = with_data(estate, (PROVINCE, "a", True), (DISTRICT, "a", True), (PROVINCE, "b", True), needs=(("asked", ""),))
    assert offers(held, held.data_needs["need:1"]) == ["resource:2", "resource:1"]
    hidden = with_data(estate, (PROVINCE, "a", True), needs=(("asked", ""),), sharing="none")
    assert offers(hidden, hidden.data_needs["need:1"]) == []


def test_what_a_base_holds_and_what_is_gathered(estate: Estate) -> None:
    assert str(bases_gathered(with_data(estate, (PROVINCE, "a", True), base="credit"))["credit"]) == "0/1 (0.0 %)"
    assert bases_gathered(with_data(estate, (PROVINCE, "a", True))) == {}


def test_what_cannot_be_known_is_unknown(estate: Estate) -> None:
    targets = {name: Target(id=name, section="一", zh=name, en=name, goal=50, measure=name) for name in MEASURES if name}
    targets["happiness"] = Target(id="happiness", section="一", zh="幸福", en="happiness")
    told = {row.target.id: row for row in progress(estate.model_copy(update={"targets": targets}), DAY)}
    assert told["happiness"].state == told["needs-met"].state == told["bases-gathered"].state == "unknown"
    assert (told["on-cloud"].state, told["on-cloud"].measured.value, told["on-cloud"].measured.rows) == ("reached", 50.0, ("system:1",))
    assert (told["rooms-closed"].state, told["rooms-closed"].measured.value) == ("open", 0.0)


def test_a_share_is_never_rounded_up_to_the_goal(hunan: Estate) -> None:
    rooms = {key: room.model_copy(update={"status": "closed" if key != next(iter(hunan.rooms)) else "surveyed"}) for key, room in hunan.rooms.items()}
    target = Target(id="r", section="二", zh="机房", en="rooms", goal=100, measure="rooms-closed")
    (row,) = progress(hunan.model_copy(update={"rooms": rooms, "targets": {"r": target}}), DAY)
    assert row.state == "open"
    assert row.measured.value is not None
    assert row.measured.value < 100

"""Systems without use, owner or a job of their own: found with evidence, and near misses left alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.decide import record
from inventory.errors import InputError
from inventory.load import read_estate
from inventory.model import DataItem, DataResource, Estate, Platform, System
from inventory.names import plain_name
from inventory.overlap import suspects
from ledger import Ledger

DAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def estate(small_original: Path) -> Estate:
    return read_estate(small_original)


def changed(estate: Estate, key: str, **fields: Any) -> Estate:
    return estate.model_copy(update={"systems": {**estate.systems, key: estate.systems[key].model_copy(update=fields)}})


def kinds(estate: Estate) -> set[tuple[str, str]]:
    return {(suspect.kind, suspect.system) for suspect in suspects(estate, DAY)}


def another(estate: Estate, key: str, like: str, **fields: Any) -> Estate:
    made = System.model_validate({**estate.systems[like].model_dump(), "id": key, "service_address": None, **fields})
    return estate.model_copy(update={"systems": {**estate.systems, key: made}})


def test_the_small_estate_has_none(estate: Estate) -> None:
    assert kinds(estate) == set()


@pytest.mark.parametrize(("last_used", "found"), [(date(2025, 9, 29), True), (date(2025, 9, 30), False)])
def test_a_year_without_use(estate: Estate, last_used: date, found: bool) -> None:
    assert (("unused", "system:1") in kinds(changed(estate, "system:1", last_used=last_used))) is found


def test_never_used_and_no_visits(estate: Estate) -> None:
    assert ("unused", "system:1") in kinds(changed(estate, "system:1", last_used=None, daily_visits=0))
    assert ("unused", "system:1") not in kinds(changed(estate, "system:1", last_used=None, daily_visits=1))


def test_what_else_speaks_for_it_is_listed(estate: Estate) -> None:
    idle = changed(estate, "system:1", last_used=date(2024, 1, 1), daily_visits=0, contract_end=date(2026, 1, 1), status="stopped")
    (suspect,) = suspects(idle, DAY)
    assert [piece.column for piece in suspect.evidence] == ["last_used", "daily_visits", "status", "id", "contract_end"]
    needed = changed(estate, "system:2", last_used=date(2024, 1, 1))  # system:1 logs in there
    (suspect,) = suspects(needed, DAY)
    assert [piece.column for piece in suspect.evidence] == ["last_used"]


def test_classified_systems_are_not_judged(estate: Estate) -> None:
    assert kinds(changed(estate, "system:3", last_used=date(2000, 1, 1))) == set()


def test_a_system_whose_unit_is_gone(estate: Estate) -> None:
    assert ("ownerless", "system:1") in kinds(changed(estate, "system:1", unit="unit:gone"))


def test_the_same_job_in_one_region_or_above(estate: Estate) -> None:
    both = another(changed(estate, "system:1", purpose="就业 信息登记"), "system:4", "system:1", name="别名", purpose="就业信息登记系统")
    assert {("overlap", "system:1"), ("overlap", "system:4")} <= kinds(both)
    above = changed(changed(estate, "system:1", purpose="登记"), "system:2", purpose="登记")
    assert kinds(above) == {("overlap", "system:1")}  # the province's stays
    other = another(changed(estate, "system:1", purpose="登记"), "system:4", "system:1", purpose="登记查询")
    assert kinds(other) == set()


def test_names_without_a_purpose_are_compared_without_the_region(estate: Estate) -> None:
    named = changed(changed(estate, "system:1", name="某区档案管理系统"), "system:2", name="档案管理系统")
    assert kinds(named) == {("overlap", "system:1")}


def test_a_shared_platform_does_it_already(estate: Estate) -> None:
    platform = Platform(id="platform:9", name="统一支付系统", unit="unit:990000-0001", section="")
    with_platform = changed(estate, "system:2", name="统一支付系统").model_copy(update={"platforms": {platform.id: platform}})
    (suspect,) = [s for s in suspects(changed(with_platform, "system:1", purpose="统一支付"), DAY) if s.kind == "overlap"]
    assert suspect.system == "system:1"
    assert "platform:9" in {piece.subject for piece in suspect.evidence}


@pytest.mark.parametrize(("held", "found"), [("abc", True), ("ab", False), ("abcdefg", False)])
def test_the_same_data(estate: Estate, held: str, found: bool) -> None:
    two = another(estate, "system:4", "system:1", name="乙")
    resources, items = {}, {}
    for system, elements in (("system:1", "abc"), ("system:4", held)):
        resource = f"resource:{system[7:]}"
        resources[resource] = DataResource(id=resource, name="r", unit="unit:990101-0001", system=system)
        for element in elements:
            items[f"item:{system[7:]}{element}"] = DataItem(id=f"item:{system[7:]}{element}", resource=resource, name=element, element=element)
    assert (("overlap", "system:1") in kinds(two.model_copy(update={"data_resources": resources, "data_items": items}))) is found


def test_evidence_names_the_other_by_its_id_in_both_languages(hunan: Estate) -> None:
    """Two systems of one name are what this is about."""
    found = [suspect for suspect in suspects(hunan, DAY) if suspect.kind == "overlap"]
    assert found
    for suspect in found:
        for piece in suspect.evidence:
            named = [other for other in suspect.others if other in piece.en]
            assert all(other in piece.zh for other in named), piece


@pytest.mark.parametrize(("one", "other"), [(" 就业信息登记（系统） ", "就业信息登记"), ("ＯＡ平台", "oa"), ("系统", "系统")])
def test_plain_names(one: str, other: str) -> None:
    assert plain_name(one) == other


def test_a_decision_is_a_row_and_an_entry(small: Path, estate: Estate) -> None:
    (small / "roles.yaml").write_text("roles:\n  - {name: census, may: [decide]}\n  - {name: other, may: [plan]}\n", "utf-8")
    estate, ledger = read_estate(small), Ledger(small / ".xiangyun")

    def decide(**values: Any) -> dict[str, Any]:
        given: dict[str, Any] = {"system": "system:1", "decision": "merge", "into": "system:2", "by": "census", "on": DAY, "reason": "同\n职能", "today": DAY}
        return record(small, estate, **{**given, **values})

    refused: list[tuple[dict[str, Any], str]] = [
        ({"system": "system:9"}, "no system system:9"),
        ({"by": "other"}, "may not decide: roles.yaml lets census"),
        ({"into": None}, "a merge says into which"),
        ({"into": "system:1"}, "not another system"),
        ({"decision": "keep"}, "other decisions do not"),
        ({"decision": "burn", "into": None}, "decision: "),
        ({"reason": " "}, "says why"),
        ({"on": DAY + timedelta(days=1)}, "after 2026-09-30"),
    ]
    for values, words in refused:
        with pytest.raises(InputError, match=words):
            decide(**values)
    assert not (small / "decisions.csv").exists() or not read_estate(small).decisions
    assert not ledger.entries()
    row = decide()
    again = read_estate(small)
    assert (again.decisions[row["id"]].into, again.decisions[row["id"]].reason) == ("system:2", "同 职能")
    assert [(entry.what, entry.on) for entry in ledger.entries()] == [("inventory.decide", "system:1")]
    idle = changed(again, "system:1", last_used=date(2020, 1, 1))
    (suspect,) = suspects(idle, DAY)
    assert suspect.decision is not None
    assert suspect.decision.decision == "merge"

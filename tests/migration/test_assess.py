"""Assessment: what becomes of a system, and what keeps it from moving."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inventory.errors import InputError
from inventory.model import Decision, Disposition, Estate
from inventory.overlap import suspects
from migration.assess import assess, assess_all

SYSTEM = "system:430224-0001"
TODAY = date(2026, 11, 1)


def changed(estate: Estate, **fields: Any) -> Estate:
    """With other facts of the system, and nothing decided about it."""
    system = estate.systems[SYSTEM].model_copy(update=fields)
    return estate.model_copy(update={"systems": {**estate.systems, SYSTEM: system}, "decisions": {}})


def decided(estate: Estate, *decisions: tuple[str, str, str | None]) -> Estate:
    """With decisions about the system, in order: what, when, into which."""
    same = {"system": SYSTEM, "by": "digital-office", "reason": "because"}
    rows = [Decision.model_validate({**same, "id": f"decision:{n}", "decision": what, "on": on, "into": into}) for n, (what, on, into) in enumerate(decisions)]
    return estate.model_copy(update={"decisions": {row.id: row for row in rows}})


IDLE: dict[str, Any] = {"daily_visits": 0, "last_used": date(2025, 10, 1)}
OTHER = "system:430200-0002"  # does the same job for the city above


def test_a_system_in_use_is_rehosted(hunan: Estate) -> None:
    found = assess(hunan, SYSTEM, TODAY)
    assert (found.disposition, found.blockers, found.moves) == (Disposition.REHOST, (), True)
    assert "decided by digital-office on 2026-09-30" in found.reasons[-1]


@pytest.mark.parametrize(
    ("fields", "disposition", "words"),
    [
        ({"classified": True}, Disposition.RETAIN, "classified"),
        ({"mlps_level": 4}, Disposition.RETAIN, "MLPS level 4"),
        ({"room": None, "cloud": "cloud:hn-province"}, Disposition.RETAIN, "stands in cloud:hn-province already"),
        ({"status": "retired"}, Disposition.RETIRE, "retired"),
        (IDLE, Disposition.RETIRE, "last used on 2025-10-01"),
        ({"daily_visits": 0, "last_used": None}, Disposition.RETIRE, "no daily visits"),
    ],
)
def test_what_does_not_move_says_why(hunan: Estate, fields: dict[str, Any], disposition: Disposition, words: str) -> None:
    found = assess(changed(hunan, **fields), SYSTEM, TODAY)
    assert (found.disposition, found.moves, found.blockers) == (disposition, False, ())
    assert words in found.reasons[0]


def test_a_year_without_use_is_not_yet_a_zombie_to_the_day(hunan: Estate) -> None:
    assert assess(changed(hunan, daily_visits=0, last_used=date(2025, 11, 1)), SYSTEM, TODAY).disposition is Disposition.REHOST


def test_a_zombie_here_is_a_zombie_of_the_census(hunan: Estate) -> None:
    estate = hunan.model_copy(update={"decisions": {}})
    found = {one.system: one for one in assess_all(estate, estate.systems, TODAY)}
    unused = {suspect.system for suspect in suspects(estate, TODAY) if suspect.kind == "unused"}
    retired = {name for name, one in found.items() if one.disposition is Disposition.RETIRE and estate.systems[name].status != "retired"}
    assert retired
    assert retired == {name for name in unused if found[name].disposition is not Disposition.RETAIN}
    assert all(f"xiangyun inventory decide {name}" in found[name].reasons[-1] for name in retired)


@pytest.mark.parametrize(
    ("decisions", "disposition", "into"),
    [
        ([("retire", "2026-10-01", None)], Disposition.RETIRE, None),
        ([("merge", "2026-10-01", OTHER)], Disposition.MERGE, OTHER),
        ([("keep", "2026-10-02", None), ("merge", "2026-10-01", OTHER)], Disposition.REHOST, None),
        ([("merge", "2026-10-01", OTHER), ("keep", "2026-10-01", None)], Disposition.REHOST, None),
    ],
)
@pytest.mark.parametrize("fields", [{}, IDLE])
def test_the_last_decision_stands_over_what_the_figures_say(
    hunan: Estate, fields: dict[str, Any], decisions: list[tuple[str, str, str | None]], disposition: Disposition, into: str | None
) -> None:
    found = assess(decided(changed(hunan, **fields), *decisions), SYSTEM, TODAY)
    assert (found.disposition, found.into, found.blockers) == (disposition, into, ())
    assert "was decided by digital-office on 2026-10-0" in found.reasons[-1]
    assert found.reasons[-1].endswith(": because")


def test_no_decision_stands_over_classification(hunan: Estate) -> None:
    found = assess(decided(changed(hunan, classified=True), ("retire", "2026-10-01", None)), SYSTEM, TODAY)
    assert (found.disposition, len(found.reasons)) == (Disposition.RETAIN, 1)


def test_a_system_that_may_be_merged_does_not_move_until_somebody_decides(hunan: Estate) -> None:
    found = assess(changed(hunan), SYSTEM, TODAY)
    assert found.disposition is Disposition.REHOST
    assert found.blockers == (f"does the same job as {OTHER}: 就业信息登记; not decided yet: xiangyun inventory decide {SYSTEM} keep|merge|retire",)


def test_another_architecture_is_built_again(hunan: Estate) -> None:
    assets = {k: v.model_copy(update={"arch": "loongarch64"}) if k == "asset:430224-0001" else v for k, v in hunan.assets.items()}
    assert assess(hunan.model_copy(update={"assets": assets}), SYSTEM, TODAY).disposition is Disposition.REPLATFORM


def test_every_blocker_is_named_at_once(hunan: Estate) -> None:
    bare = changed(hunan, service_address=None).model_copy(update={"migrations": {}, "components": {}, "clouds": {}})
    assert len(assess(bare, SYSTEM, TODAY).blockers) == 5


def test_an_unknown_system_is_refused(hunan: Estate) -> None:
    with pytest.raises(InputError, match="no system system:none, system:no in"):
        assess_all(hunan, ["system:none", SYSTEM, "system:no"], TODAY)

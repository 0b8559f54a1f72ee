"""Assessment: what becomes of a system, and what keeps it from moving."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from inventory.errors import InputError
from inventory.model import Disposition, Estate
from migration.assess import assess

SYSTEM = "system:430224-0001"
TODAY = date(2026, 11, 1)


def changed(estate: Estate, **fields: Any) -> Estate:
    system = estate.systems[SYSTEM].model_copy(update=fields)
    return estate.model_copy(update={"systems": {**estate.systems, SYSTEM: system}})


def test_a_system_in_use_is_rehosted(hunan: Estate) -> None:
    found = assess(hunan, SYSTEM, TODAY)
    assert (found.disposition, found.blockers, found.moves) == (Disposition.REHOST, (), True)


@pytest.mark.parametrize(
    ("fields", "disposition", "words"),
    [
        ({"classified": True}, Disposition.RETAIN, "classified"),
        ({"mlps_level": 4}, Disposition.RETAIN, "MLPS level 4"),
        ({"room": None, "cloud": "cloud:hn-province"}, Disposition.RETAIN, "stands in cloud:hn-province already"),
        ({"status": "retired"}, Disposition.RETIRE, "retired"),
        ({"daily_visits": 0, "last_used": date(2025, 10, 1)}, Disposition.RETIRE, "last used on 2025-10-01"),
    ],
)
def test_what_does_not_move_says_why(hunan: Estate, fields: dict[str, Any], disposition: Disposition, words: str) -> None:
    found = assess(changed(hunan, **fields), SYSTEM, TODAY)
    assert (found.disposition, found.moves, found.blockers) == (disposition, False, ())
    assert words in found.reasons[0]


def test_a_year_without_use_is_not_yet_a_zombie_to_the_day(hunan: Estate) -> None:
    assert assess(changed(hunan, daily_visits=0, last_used=date(2025, 11, 1)), SYSTEM, TODAY).disposition is Disposition.REHOST


def test_another_architecture_is_built_again(hunan: Estate) -> None:
    assets = {k: v.model_copy(update={"arch": "loongarch64"}) if k == "asset:430224-0001" else v for k, v in hunan.assets.items()}
    assert assess(hunan.model_copy(update={"assets": assets}), SYSTEM, TODAY).disposition is Disposition.REPLATFORM


def test_every_blocker_is_named_at_once(hunan: Estate) -> None:
    bare = changed(hunan, service_address=None).model_copy(update={"migrations": {}, "components": {}, "clouds": {}})
    assert len(assess(bare, SYSTEM, TODAY).blockers) == 4


def test_an_unknown_system_is_refused(hunan: Estate) -> None:
    with pytest.raises(InputError, match="no system system:none"):
        assess(hunan, "system:none", TODAY)

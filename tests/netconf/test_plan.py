"""Plans: what changed in words, and nothing is pushed that was not accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import InputError
from inventory.model import Estate
from netconf.plan import accept, applied_digest, make_plan, pushed, pushing, require_accepted


@pytest.fixture
def planned(estate: Estate) -> Estate:
    """With its allocations written down."""
    return estate.model_copy(update={"allocations": make_plan(estate, "pilot", Path("/nonexistent")).new})


def test_a_plan_says_what_is_new_changed_and_withdrawn(planned: Estate, tmp_path: Path) -> None:
    first = make_plan(planned, "pilot", tmp_path)
    assert all(line.startswith("new: ") for line in first.changes)
    pushing(first, tmp_path)
    assert applied_digest(tmp_path, first.scope) is None
    pushed(first.digest, tmp_path)
    assert applied_digest(tmp_path, first.scope) == first.digest
    assert make_plan(planned, "pilot", tmp_path).changes == ()
    moved = planned.systems["system:430224-0001"].model_copy(update={"room": None, "cloud": "cloud:hn-province"})
    second = make_plan(planned.model_copy(update={"systems": {moved.id: moved}}), "pilot", tmp_path)
    assert [line.partition(":")[0] for line in second.changes] == ["changed"]
    assert "at cl-pe-1, host 2001:db8:4302:2410::11 → system:430224-0001 at hn-cgw-1" in second.changes[0]


def test_only_the_accepted_plan_may_be_pushed(planned: Estate, tmp_path: Path) -> None:
    plan = make_plan(planned, "pilot", tmp_path)
    with pytest.raises(InputError, match="no plan was accepted"):
        require_accepted(plan, tmp_path)
    accept(plan, tmp_path)
    require_accepted(plan, tmp_path)
    links = {k: v.model_copy(update={"metric": v.metric + 1}) for k, v in planned.links.items()}
    with pytest.raises(InputError, match="has changed since"):
        require_accepted(make_plan(planned.model_copy(update={"links": links}), "pilot", tmp_path), tmp_path)


def test_allocations_that_are_not_written_down_are_not_pushed(estate: Estate, tmp_path: Path) -> None:
    plan = make_plan(estate, "pilot", tmp_path)
    accept(plan, tmp_path)
    with pytest.raises(InputError, match="no plan was accepted"):
        require_accepted(plan, tmp_path)

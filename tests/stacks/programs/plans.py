"""Saved plans: what a later `up` may do under one, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from tests.stacks.memory import Thing
from tests.stacks.sidebyside import Run

PLAN = "approved"


def _two(wanted: dict[str, Any]) -> Callable[[], None]:
    def program() -> None:
        a = Thing("a", size=wanted.get("size", 1), kind=wanted.get("kind", "k"))
        if not wanted.get("less"):
            Thing("b", after=a.arn)
        if wanted.get("more"):
            Thing("c", after=a.arn)
        pulumi.export("arn", a.arn)

    return program


def _held(run: Run, approved: dict[str, Any], asked: dict[str, Any], first: dict[str, Any] | None = None) -> None:
    """`first` is applied, `approved` is planned, and `asked` is tried under that plan."""
    if first is not None:
        run.up(_two(first))
    run.preview(_two(approved), plan=PLAN)
    run.up(_two(asked), plan=PLAN)


def plan_applied(run: Run) -> None:
    _held(run, {}, {})


def plan_of_an_update(run: Run) -> None:
    _held(run, {"size": 2}, {"size": 2}, {})


def plan_and_another_value(run: Run) -> None:
    _held(run, {"size": 2}, {"size": 3}, {})


def plan_and_a_new_resource(run: Run) -> None:
    _held(run, {}, {"more": True}, {})


def plan_and_a_resource_less(run: Run) -> None:
    _held(run, {}, {"less": True})


def plan_and_a_removal(run: Run) -> None:
    _held(run, {}, {"less": True}, {})


def plan_of_a_removal(run: Run) -> None:
    _held(run, {"less": True}, {"less": True}, {})


def plan_of_a_removal_and_it_stays(run: Run) -> None:
    _held(run, {"less": True}, {}, {})


def plan_of_an_addition_made_already(run: Run) -> None:
    run.preview(_two({}), plan=PLAN)
    run.up(_two({}))
    run.up(_two({}), plan=PLAN)


def plan_and_a_replacement(run: Run) -> None:
    _held(run, {"size": 2}, {"size": 2, "kind": "other"}, {})


def plan_of_a_replacement(run: Run) -> None:
    _held(run, {"kind": "other"}, {"kind": "other"}, {})


def plan_that_is_done_already(run: Run) -> None:
    _held(run, {"size": 2}, {}, {})

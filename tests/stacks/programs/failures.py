"""What fails, what is left of it, and what the next run makes of that."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceOptions

from tests.stacks.memory import Thing
from tests.stacks.sidebyside import Run


def _three(state: dict[str, int]) -> Any:
    def program() -> None:
        a = Thing("a", size=state.get("a", 1))
        b = Thing("b", after=a.arn, size=state.get("b", 1))
        Thing("c", after=b.arn, size=state.get("c", 1))
        pulumi.export("arn", b.arn)

    return program


def create_fails(run: Run) -> None:
    run.world.fail["create", "b"] = "no room"
    run.up(_three({}))
    run.world.fail.clear()
    run.up(_three({}))


def made_but_not_ready(run: Run) -> None:
    run.world.half["create", "b"] = "its disk is missing"
    run.up(_three({}))
    run.world.half.clear()
    run.preview(_three({}))
    run.up(_three({}))


def updated_but_not_ready(run: Run) -> None:
    state = {"b": 1}
    run.up(_three(state))
    state["b"] = 2
    run.world.half["update", "b"] = "its disk is missing"
    run.up(_three(state))
    run.world.half.clear()
    run.up(_three(state))


def update_fails(run: Run) -> None:
    state = {"b": 1, "c": 1}
    run.up(_three(state))
    state.update({"b": 2, "c": 2})
    run.world.fail["update", "b"] = "no"
    run.up(_three(state))
    run.world.fail.clear()
    run.up(_three(state))


def delete_fails(run: Run) -> None:
    run.up(_three({}))
    run.world.fail["delete", "b"] = "in use"
    run.destroy()
    run.world.fail.clear()
    run.destroy()


def read_fails(run: Run) -> None:
    run.up(_three({}))
    run.world.fail["read", "b"] = "not now"
    run.refresh()


def going_on_after_an_error(run: Run) -> None:
    def program() -> None:
        Thing("a")
        b = Thing("b")
        Thing("c", after=b.arn)
        d = Thing("d", ResourceOptions(depends_on=[]))
        Thing("e", after=d.arn)

    run.world.fail["create", "b"] = "no"
    run.up(program, continue_on_error=True)
    run.world.fail = {("delete", "e"): "no"}
    run.destroy(continue_on_error=True)


def check_fails(run: Run) -> None:
    run.world.fail["check", "b"] = "is too big"

    def program() -> None:
        a = Thing("a")
        b = Thing("b", ResourceOptions(depends_on=[a]))
        Thing("c", after=b.arn)

    run.preview(program)
    run.up(program)
    run.world.fail.clear()
    run.up(program)


def no_deletes_after_a_failure(run: Run) -> None:
    state = {"there": True}

    def program() -> None:
        Thing("a", size=1 if state["there"] else 2)
        if state["there"]:
            Thing("b")

    run.up(program)
    state["there"] = False
    run.world.fail["update", "a"] = "no"
    run.up(program)


def no_changes_expected(run: Run) -> None:
    run.preview(_three({}), expect_no_changes=True)
    run.up(_three({}))
    run.up(_three({}), expect_no_changes=True)
    run.up(_three({"c": 2}), expect_no_changes=True)

"""Replacement in all its orders."""

from __future__ import annotations

from typing import Any

from pulumi import ResourceOptions

from tests.stacks.memory import Thing
from tests.stacks.sidebyside import Run


def _chain(state: dict[str, Any], opts: ResourceOptions | None = None) -> Any:
    """y takes x's id as its kind (so it is replaced with x), w follows y; z takes x's id as what it may change; v only waits for x."""

    def program() -> None:
        x = Thing("x", opts, kind=state["kind"])
        y = Thing("y", kind=x.id)
        z = Thing("z", ResourceOptions(depends_on=[y]), after=x.id)
        w = Thing("w", ResourceOptions(depends_on=[z]), kind=y.id)
        Thing("v", ResourceOptions(depends_on=[x, w]))

    return program


def replace_create_first(run: Run) -> None:
    state = {"kind": "a"}
    program = _chain(state)
    run.up(program)
    state["kind"] = "b"
    run.preview(program)
    run.up(program)


def replace_delete_first(run: Run) -> None:
    state = {"kind": "a"}
    program = _chain(state, ResourceOptions(delete_before_replace=True))
    run.up(program)
    state["kind"] = "b"
    run.preview(program)
    run.up(program)


def replace_delete_first_by_the_provider(run: Run) -> None:
    state: dict[str, Any] = {"kind": "a", "opts": None}
    run.world.delete_first = True

    def program() -> None:
        Thing("x", state["opts"], kind=state["kind"])

    run.up(program)
    state["kind"] = "b"
    run.up(program)
    state.update({"kind": "c", "opts": ResourceOptions(delete_before_replace=False)})
    run.up(program)


def replace_on_changes(run: Run) -> None:
    state: dict[str, Any] = {"tags": {"x": 1, "y": 1}, "on": ["tags.x"]}

    def program() -> None:
        Thing("a", ResourceOptions(replace_on_changes=state["on"]), tags=dict(state["tags"]))

    run.up(program)
    state["tags"]["x"] = 2
    run.up(program)
    run.world.detailed = True
    state["tags"]["y"] = 2
    run.up(program)
    state["tags"]["x"] = 3
    run.up(program)
    run.world.detailed = False
    for pattern in ("tags", "*"):
        state["on"] = [pattern]
        state["tags"]["x"] += 1
        run.up(program)


def replace_trigger(run: Run) -> None:
    state = {"trigger": "1"}

    def program() -> None:
        a = Thing("a", ResourceOptions(replacement_trigger=state["trigger"]))
        Thing("b", ResourceOptions(replace_with=[a]))

    run.up(program)
    run.up(program)
    state["trigger"] = "2"
    run.preview(program)
    run.up(program)


def replace_on_demand(run: Run) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.id)

    run.up(program)
    run.up(program, replace=[run.urn("a")])


def _failing(run: Run, call: str, opts: ResourceOptions | None = None) -> None:
    """A replacement in which this call fails, and the run after it."""
    state = {"kind": "a"}

    def program() -> None:
        Thing("x", opts, kind=state["kind"])

    run.up(program)
    state["kind"] = "b"
    run.world.fail[call, "x"] = "not now"
    run.up(program)
    run.world.fail.clear()
    run.up(program)


def replace_old_stays(run: Run) -> None:
    _failing(run, "delete")


def replace_fails(run: Run) -> None:
    _failing(run, "create")


def replace_delete_first_fails(run: Run) -> None:
    _failing(run, "create", ResourceOptions(delete_before_replace=True))


def replace_and_remove(run: Run) -> None:
    """Who no longer needs the replaced one is not deleted with it."""
    state = {"kind": "a", "apart": False}

    def program() -> None:
        y = Thing("y", kind="x-1") if state["apart"] else None
        x = Thing("x", ResourceOptions(delete_before_replace=True, depends_on=[y] if y else None), kind=state["kind"])
        if y is None:
            Thing("y", kind=x.id)

    run.up(program)
    state.update({"kind": "b", "apart": True})
    run.up(program)

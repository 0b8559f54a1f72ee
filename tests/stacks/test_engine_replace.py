"""Replacement in all its orders, and the options that keep, protect and ignore."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions

from stacks.engine import StackError
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Thing, World, counts, records


def chain(state: dict[str, Any], opts: ResourceOptions | None = None) -> Any:
    """x; y takes x's id as its kind (so it is replaced with x); z takes x's rev; w follows y; v only waits for x."""

    def program() -> None:
        x = Thing("x", opts, kind=state["kind"])
        y = Thing("y", kind=x.id)
        Thing("z", after=x.id)
        Thing("w", kind=y.id)
        Thing("v", ResourceOptions(depends_on=[x]))

    return program


def test_created_first_then_the_old_ones_go(make: Make, world: World) -> None:
    state = {"kind": "a"}
    stack = make(chain(state))
    stack.up()
    world.calls.clear()
    state["kind"] = "b"
    assert counts(stack.up()) == {"same": 2, "replace": 3, "update": 1}
    changes = [call for call in world.calls if call[0] != "read"]
    assert changes.index(("create", "x")) < changes.index(("create", "y")) < changes.index(("create", "w"))
    assert changes.index(("create", "w")) < changes.index(("delete", "w")) < changes.index(("delete", "y")) < changes.index(("delete", "x"))
    assert len(world.objects) == 5


def test_deleted_first_takes_its_dependents_along(make: Make, world: World) -> None:
    state = {"kind": "a"}
    stack = make(chain(state, ResourceOptions(delete_before_replace=True)))
    stack.up()
    world.calls.clear()
    state["kind"] = "b"
    assert counts(stack.up()) == {"same": 2, "replace": 3, "update": 1}
    assert world.only("delete") == [("delete", "w"), ("delete", "y"), ("delete", "x")]
    assert world.calls[:3] == world.only("delete")
    assert world.only("create") == [("create", "x"), ("create", "y"), ("create", "w")]
    assert ("update", "z") in world.calls
    assert not any(name == "v" for _, name in world.calls)


def test_the_providers_wish_is_overruled_by_the_option(make: Make, world: World) -> None:
    state = {"kind": "a"}
    world.delete_first = True
    options: dict[str, ResourceOptions | None] = {"opts": None}

    def program() -> None:
        Thing("x", options["opts"], kind=state["kind"])

    stack = make(program)
    stack.up()
    world.calls.clear()
    state["kind"] = "b"
    stack.up()
    assert world.calls == [("delete", "x"), ("create", "x")]
    world.calls.clear()
    state["kind"], options["opts"] = "c", ResourceOptions(delete_before_replace=False)
    stack.up()
    assert world.calls == [("create", "x"), ("delete", "x")]


def test_replace_on_changes(make: Make, world: World) -> None:
    state: dict[str, Any] = {"tags": {"x": 1, "y": 1}, "on": ["tags.x"]}

    def program() -> None:
        Thing("a", ResourceOptions(replace_on_changes=state["on"]), tags=dict(state["tags"]))

    stack = make(program)
    stack.up()
    state["tags"]["x"] = 2
    assert counts(stack.up()) == {"same": 1, "update": 1}  # the provider's diff is not detailed
    world.detailed = True
    state["tags"]["y"] = 2
    assert counts(stack.up()) == {"same": 1, "update": 1}
    state["tags"]["x"] = 3
    assert counts(stack.up()) == {"same": 1, "replace": 1}
    world.detailed = False
    for pattern in ("tags", "*"):
        state["on"] = [pattern]
        state["tags"]["x"] += 1
        assert counts(stack.up()) == {"same": 1, "replace": 1}


def test_triggers_and_company(make: Make) -> None:
    state = {"trigger": "1"}

    def program() -> None:
        a = Thing("a", ResourceOptions(replacement_trigger=state["trigger"]))
        Thing("b", ResourceOptions(replace_with=[a]))

    stack = make(program)
    stack.up()
    assert records(stack)["a"]["replacementTrigger"] == "1"
    assert counts(stack.up()) == {"same": 3}
    state["trigger"] = "2"
    assert counts(stack.up()) == {"same": 1, "replace": 2}
    assert records(stack)["b"]["replaceWith"] == [records(stack)["a"]["urn"]]


def test_replace_on_demand(make: Make) -> None:
    stack = make(lambda: Thing("a") and None)
    stack.up()
    assert counts(stack.up(replace=[records(stack)["a"]["urn"]])) == {"same": 1, "replace": 1}
    assert records(stack)["a"]["id"] == "id-2"


def test_an_old_object_that_stays_is_deleted_by_the_next_run(make: Make, world: World) -> None:
    state = {"kind": "a"}
    stack = make(lambda: Thing("x", kind=state["kind"]) and None)
    stack.up()
    state["kind"] = "b"
    world.fail["delete", "x"] = "busy"
    with pytest.raises(StackError, match="busy"):
        stack.up()
    found = records(stack)
    assert found["x!"]["id"] == "id-1"
    assert found["x"]["id"] == "id-2"
    world.fail.clear()
    assert counts(stack.up()) == {"same": 2}
    assert list(world.objects) == ["id-2"]
    assert "x!" not in records(stack)


def test_a_failed_replacement_leaves_the_old_one_in_place(make: Make, world: World) -> None:
    state = {"kind": "a"}
    stack = make(lambda: Thing("x", kind=state["kind"]) and None)
    stack.up()
    state["kind"] = "b"
    world.fail["create", "x"] = "full"
    with pytest.raises(StackError, match="full"):
        stack.up()
    assert records(stack)["x"]["id"] == "id-1"
    assert "delete" not in records(stack)["x"]
    world.fail.clear()
    assert counts(stack.up()) == {"same": 1, "replace": 1}


def test_an_interrupted_delete_before_replace_is_finished(make: Make, world: World) -> None:
    state = {"kind": "a"}
    stack = make(lambda: Thing("x", ResourceOptions(delete_before_replace=True), kind=state["kind"]) and None)
    stack.up()
    state["kind"] = "b"
    world.fail["create", "x"] = "full"
    with pytest.raises(StackError, match="full"):
        stack.up()
    assert records(stack)["x"]["pendingReplacement"] is True
    assert world.objects == {}
    world.fail.clear()
    assert counts(stack.up()) == {"same": 1, "replace": 1}
    assert "pendingReplacement" not in records(stack)["x"]


def test_protected(make: Make, world: World) -> None:
    state: dict[str, Any] = {"there": True, "kind": "a", "protect": True}

    def program() -> None:
        if state["there"]:
            a = Thing("a", ResourceOptions(protect=state["protect"]), kind=state["kind"])
            Thing("b", after=a.arn)

    stack = make(program)
    stack.up()
    state["kind"] = "b"
    world.calls.clear()
    with pytest.raises(StackError, match="unable to replace"):
        stack.up()
    assert world.calls == []
    state.update({"kind": "a", "there": False})
    with pytest.raises(StackError, match="protection"):
        stack.preview()
    with pytest.raises(StackError, match="unable to delete"):
        stack.up()
    assert set(records(stack)) == {"stack", "default", "a"}  # its dependent is gone
    with pytest.raises(StackError, match="unable to delete"):
        stack.destroy()
    assert set(records(stack)) == {"stack", "default", "a"}
    state.update({"there": True, "protect": False})
    assert counts(stack.up()) == {"same": 2, "create": 1}
    assert counts(stack.destroy()) == {"delete": 3}


def test_destroy_can_leave_the_protected_ones(make: Make) -> None:
    def program() -> None:
        Thing("a", ResourceOptions(protect=True))
        Thing("b")

    stack = make(program)
    stack.up()
    assert counts(stack.destroy(exclude_protected=True)) == {"delete": 1, "same": 2}
    assert set(records(stack)) == {"stack", "default", "a"}


def test_retained_objects_stay(make: Make, world: World) -> None:
    state = {"kind": "a", "there": True}

    def program() -> None:
        if state["there"]:
            Thing("a", ResourceOptions(retain_on_delete=True), kind=state["kind"])

    stack = make(program)
    stack.up()
    state["kind"] = "b"
    stack.up()
    state["there"] = False
    assert counts(stack.up()) == {"same": 1, "delete": 1}
    assert world.only("delete") == []
    assert len(world.objects) == 2


def test_deleted_with_its_owner(make: Make, world: World) -> None:
    state = {"child": True}

    def program() -> None:
        owner = Thing("owner")
        Thing("child", ResourceOptions(deleted_with=owner))
        if state["child"]:
            Thing("other", ResourceOptions(deleted_with=owner))

    stack = make(program)
    stack.up()
    state["child"] = False
    stack.up()
    assert world.only("delete") == [("delete", "other")]
    world.calls.clear()
    assert counts(stack.destroy()) == {"delete": 3}
    assert world.calls == [("delete", "owner")]


def test_ignored_changes(make: Make) -> None:
    state: dict[str, Any] = {"a": 1, "tags": {"x": 1, "y": 1}, "ignore": ["a", "tags.x"]}

    def program() -> None:
        thing = Thing("t", ResourceOptions(ignore_changes=state["ignore"]), a=state["a"], tags=dict(state["tags"]))
        pulumi.export("a", thing.a)  # type: ignore[attr-defined]

    stack = make(program)
    stack.up()
    state["a"], state["tags"] = 2, {"x": 2, "y": 1}
    result = stack.up()
    assert counts(result) == {"same": 2}
    assert result.outputs["a"].value == 1
    assert records(stack)["t"]["inputs"]["tags"] == {"x": 1, "y": 1}
    assert records(stack)["t"]["ignoreChanges"] == ["a", "tags.x"]
    state["tags"] = {"x": 2, "y": 2}
    assert counts(stack.up()) == {"same": 1, "update": 1}
    state.update({"ignore": ["*"], "a": 5})
    assert counts(stack.up()) == {"same": 2}


def test_timeouts_in_seconds(make: Make, world: World) -> None:
    limits = pulumi.CustomTimeouts(create="5m", update="1h30m", delete="10s")
    state = {"size": 1}

    def program() -> None:
        Thing("a", ResourceOptions(custom_timeouts=limits), size=state["size"])

    stack = make(program)
    stack.up()
    state["size"] = 2
    stack.up()
    assert records(stack)["a"]["customTimeouts"] == {"create": 300, "update": 5400, "delete": 10}
    stack.destroy()
    assert world.timeouts == {("create", "a"): 300.0, ("update", "a"): 5400.0, ("delete", "a"): 10.0}


def test_children_are_kept_and_go_as_their_parent_says(make: Make, world: World) -> None:
    state = {"there": True}

    def program() -> None:
        owner = Thing("owner")
        if state["there"]:
            Thing("kept", ResourceOptions(parent=Group("keeps", 0, ResourceOptions(retain_on_delete=True))))
        Thing("along", ResourceOptions(parent=Group("follows", 0, ResourceOptions(deleted_with=owner))))

    stack = make(program)
    stack.up()
    assert records(stack)["kept"]["retainOnDelete"] is True
    assert records(stack)["along"]["deletedWith"] == records(stack)["owner"]["urn"]
    state["there"] = False
    stack.up()
    stack.destroy()
    assert world.only("delete") == [("delete", "owner")]


def test_records_that_were_not_reached_follow_a_renamed_resource(make: Make, world: World) -> None:
    state: dict[str, Any] = {"name": "old", "raise": False}

    def program() -> None:
        aliases: list[Any] = [pulumi.Alias(name="old")] if state["name"] == "new" else []
        a = Thing(state["name"], ResourceOptions(aliases=aliases))
        if state["raise"]:
            a.arn.apply(lambda _: 1 / 0)
            return
        Thing("b", ResourceOptions(parent=a), after=a.arn)

    stack = make(program)
    stack.up()
    state.update({"name": "new", "raise": True})
    with pytest.raises(StackError, match="ZeroDivisionError"):
        stack.up()
    found = records(stack)
    assert found["b"]["dependencies"] == [found["new"]["urn"]]
    assert found["b"]["propertyDependencies"] == {"after": [found["new"]["urn"]]}
    assert found["b"]["parent"] == found["new"]["urn"]
    state["raise"] = False
    assert counts(stack.up()) == {"same": 3}


def test_who_no_longer_needs_it_is_not_deleted_with_it(make: Make, world: World) -> None:
    state = {"kind": "a", "apart": False}

    def program() -> None:
        y = Thing("y", kind="id-1") if state["apart"] else None
        x = Thing("x", ResourceOptions(delete_before_replace=True, depends_on=[y] if y else None), kind=state["kind"])
        if y is None:
            Thing("y", kind=x.id)

    stack = make(program)
    stack.up()
    state.update({"kind": "b", "apart": True})
    world.calls.clear()
    assert counts(stack.up()) == {"same": 2, "replace": 1}
    assert world.calls == [("delete", "x"), ("create", "x")]

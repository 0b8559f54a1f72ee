"""What every user of Pulumi relies on: create, same, update, delete; names, components, values, dependencies, outputs."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions

from stacks.engine import InlineSourceRuntimeError, StackError
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Thing, World, counts, records


def test_create_same_update_delete(make: Make, world: World) -> None:
    size = {"n": 2}

    def program() -> None:
        a = Thing("a", size=size["n"])
        pulumi.export("arn", a.arn)

    stack = make(program)
    result = stack.up()
    assert counts(result) == {"create": 2}
    assert result.outputs["arn"].value == "arn:a"
    assert records(stack)["a"]["inputs"] == {"size": 2}
    world.calls.clear()
    world.quiet.clear()
    assert counts(stack.up()) == {"same": 2}
    assert world.calls == []
    assert sorted(world.quiet) == [("check", "a"), ("diff", "a")]
    size["n"] = 3
    assert counts(stack.up()) == {"same": 1, "update": 1}
    assert world.named("a")["rev"] == 2
    assert counts(stack.destroy()) == {"delete": 2}
    assert stack.export_stack().deployment is not None
    assert records(stack) == {}
    assert world.objects == {}


def test_a_default_of_check_is_stored_in_the_inputs(make: Make) -> None:
    stack = make(lambda: Thing("a") and None)
    stack.up()
    assert records(stack)["a"]["inputs"] == {"size": 1}


def test_preview_changes_nothing_and_counts(make: Make, world: World) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn, later=a.rev)

    stack = make(program)
    preview = stack.preview()
    assert preview.change_summary == {"create": 3}
    assert world.calls == []
    assert records(stack) == {}


def test_unknown_values_are_not_applied_in_a_preview(make: Make, world: World) -> None:
    seen: list[Any] = []
    size = {"n": 1}

    def program() -> None:
        a = Thing("a", size=size["n"])
        a.arn.apply(lambda value: seen.append(("arn", value)))
        a.rev.apply(lambda value: seen.append(("rev", value)))
        a.id.apply(lambda value: seen.append(("id", value)))

    stack = make(program)
    stack.preview()
    assert seen == [("arn", "arn:a")]
    stack.up()
    seen.clear()
    size["n"] = 2
    stack.preview()
    assert sorted(seen) == [("arn", "arn:a"), ("id", "id-1")]


def test_urns_chain_types_through_components(make: Make) -> None:
    class Outer(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("mem:index:Outer", name)
            inner = Group("inner", 1, ResourceOptions(parent=self))
            Thing("leaf", ResourceOptions(parent=inner.members[0]))
            self.register_outputs({"count": 1})

    stack = make(lambda: Outer("o") and None)
    assert counts(stack.up()) == {"create": 5}
    found = records(stack)
    assert found["leaf"]["urn"] == "urn:pulumi:dev::p::mem:index:Outer$mem:index:Group$mem:index:Thing$mem:index:Thing::leaf"
    assert found["o"]["outputs"] == {"count": 1}
    assert "id" not in found["o"]
    assert "provider" not in found["o"]
    assert found["leaf"]["parent"] == found["inner-0"]["urn"]


def test_numbers_lists_nulls_and_references(make: Make) -> None:
    seen: list[Any] = []

    def program() -> None:
        a = Thing("a", list=[1, None, "x"], nothing=None, deep={"x": {"y": 2.5}})
        Thing("b", link=a)
        pulumi.Output.from_input(a.list).apply(lambda value: seen.append(value))  # type: ignore[attr-defined]
        pulumi.export("none", None)
        pulumi.export("number", 3)
        pulumi.export("half", 0.5)

    stack = make(program)
    result = stack.up()
    assert seen == [[1.0, None, "x"]]
    found = records(stack)
    assert found["a"]["inputs"] == {"size": 1, "list": [1, None, "x"], "deep": {"x": {"y": 2.5}}}
    assert found["b"]["inputs"]["link"] == {
        "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
        "urn": found["a"]["urn"],
        "id": "id-1",
        "packageVersion": "",
    }
    assert {key: item.value for key, item in result.outputs.items()} == {"number": 3, "half": 0.5}
    assert isinstance(result.outputs["number"].value, int)
    assert counts(stack.up()) == {"same": 3}


def test_a_component_as_dependency_is_its_children(make: Make) -> None:
    def program() -> None:
        group = Group("g", 2)
        Thing("a", ResourceOptions(depends_on=[group]))

    stack = make(program)
    stack.up()
    found = records(stack)
    assert found["a"]["dependencies"] == sorted([found["g-0"]["urn"], found["g-1"]["urn"]])


def test_property_dependencies_are_recorded_and_order_is_kept(make: Make, world: World) -> None:
    def program() -> None:
        a = Thing("a")
        b = Thing("b", after=a.arn)
        Thing("c", ResourceOptions(depends_on=[b]))

    stack = make(program)
    stack.up()
    found = records(stack)
    assert found["b"]["propertyDependencies"] == {"after": [found["a"]["urn"]]}
    assert world.only("create") == [("create", "a"), ("create", "b"), ("create", "c")]
    world.calls.clear()
    stack.destroy()
    assert world.only("delete") == [("delete", "c"), ("delete", "b"), ("delete", "a")]


def test_only_what_changed_is_updated(make: Make) -> None:
    size = {"n": 1}

    def program() -> None:
        a = Thing("a", size=size["n"])
        Thing("b", after=a.arn)
        Thing("c", after=a.rev)

    stack = make(program)
    stack.up()
    size["n"] = 2
    assert counts(stack.up()) == {"same": 2, "update": 2}


def test_what_does_not_depend_runs_side_by_side(make: Make, world: World) -> None:
    world.together = 10

    def program() -> None:
        for n in range(10):
            Thing(f"t{n}")

    stack = make(program)
    stack.up()
    assert world.most_active == 10
    world.most_active, world.together = 0, 2
    stack.destroy(parallel=2)
    assert world.most_active == 2


def test_removed_resources_are_deleted_dependents_first(make: Make, world: World) -> None:
    keep = {"all": True}

    def program() -> None:
        if keep["all"]:
            a = Thing("a")
            b = Thing("b", after=a.arn)
            Thing("c", after=b.arn)

    stack = make(program)
    stack.up()
    keep["all"] = False
    world.calls.clear()
    assert counts(stack.up()) == {"same": 1, "delete": 3}
    assert world.calls == [("delete", "c"), ("delete", "b"), ("delete", "a")]
    assert list(records(stack)) == ["stack"]


def test_stack_outputs_change_alone(make: Make) -> None:
    value: dict[str, Any] = {"x": 1}

    def program() -> None:
        for key, item in value.items():
            pulumi.export(key, item)

    stack = make(program)
    stack.up()
    value.clear()
    value["y"] = [1, 2]
    assert counts(stack.up()) == {"same": 1}
    assert {key: item.value for key, item in stack.outputs().items()} == {"y": [1, 2]}


def test_configuration_reaches_the_program_and_a_missing_key_changes_nothing(make: Make, world: World) -> None:
    got: dict[str, Any] = {}

    def program() -> None:
        Thing("a")
        config = pulumi.Config()
        got["plain"] = config.require("plain")
        got["number"] = config.require_int("number")
        got["secret"] = config.require_secret("hidden")
        config.require("missing")

    with pytest.raises(InlineSourceRuntimeError, match="missing"):
        make(program, config={"plain": "x", "number": 5}, secrets={"hidden": "s"}).up()
    assert got["plain"] == "x"
    assert got["number"] == 5
    assert isinstance(got["secret"], pulumi.Output)


def test_an_exception_in_the_program_keeps_what_it_did_not_reach(make: Make, world: World) -> None:
    state = {"raise": False, "size": 1}

    def program() -> None:
        a = Thing("a", size=state["size"])
        if state["raise"]:
            a.arn.apply(lambda _: 1 / 0)
            return
        Thing("b", after=a.arn)
        pulumi.export("size", state["size"])

    stack = make(program)
    stack.up()
    state.update({"raise": True, "size": 2})
    with pytest.raises(StackError, match="ZeroDivisionError"):
        stack.up()
    assert set(records(stack)) == {"stack", "default", "a", "b"}
    assert world.named("a")["rev"] == 2
    assert stack.outputs()["size"].value == 1
    state.update({"raise": False})
    assert counts(stack.up()) == {"same": 3}


def test_two_resources_of_one_name_are_an_error_that_names_it(make: Make, world: World) -> None:
    twice = {"x": True}

    def program() -> None:
        Thing("a")
        if twice["x"]:
            Thing("a")
        Thing("b")

    stack = make(program)
    with pytest.raises(StackError, match="Duplicate resource URN 'urn:pulumi:dev::p::mem:index:Thing::a'"):
        stack.up()
    assert {"a", "b"} <= set(records(stack))
    twice["x"] = False
    assert counts(stack.up()) == {"same": 3}


def test_many(make: Make) -> None:
    number = {"n": 60, "size": 1}

    def program() -> None:
        Group("g")
        for n in range(number["n"]):
            Thing(f"t{n}", size=number["size"] if n < 10 else 1)

    stack = make(program)
    assert counts(stack.up()) == {"create": 62}
    number["size"] = 2
    assert counts(stack.up()) == {"same": 52, "update": 10}
    number["n"] = 30
    assert counts(stack.up()) == {"same": 32, "delete": 30}


def test_async_programs_and_output_as_it_happens(make: Make) -> None:
    lines: list[str] = []
    events: list[Any] = []

    async def program() -> None:
        Thing("a")
        pulumi.log.info("hello")

    result = make(program).up(on_output=lines.append, on_event=events.append)
    assert any("Thing a create" in line for line in lines)
    assert any("hello" in line for line in lines)
    assert result.stdout.startswith(lines[0])
    assert [event.summary_event.resource_changes for event in events if event.summary_event] == [{"create": 2}]
    assert {event.resource_pre_event.metadata.op.value for event in events if event.resource_pre_event} == {"create"}


def test_aliases_rename_reparent_and_retype(make: Make, world: World) -> None:
    step = {"n": 0}

    def program() -> None:
        if step["n"] == 0:
            Thing("old")
            group = Group("g", 1)
            Thing("child", ResourceOptions(parent=group))
        else:
            Thing("new", ResourceOptions(aliases=[pulumi.Alias(name="old")]) if step["n"] == 1 else None)
            group = Group("h", 1, ResourceOptions(aliases=[pulumi.Alias(name="g")]) if step["n"] == 1 else None)
            Thing("child", ResourceOptions(aliases=[pulumi.Alias(parent=group)]) if step["n"] == 1 else None)

    stack = make(program)
    stack.up()
    before = {key: record.get("id") for key, record in records(stack).items()}
    step["n"] = 1
    world.calls.clear()
    assert counts(stack.up()) == {"same": 5}
    assert world.calls == []
    found = records(stack)
    assert found["new"]["id"] == before["old"]
    assert found["h-0"]["id"] == before["g-0"]
    assert found["child"]["id"] == before["child"]
    assert found["child"]["parent"] == found["stack"]["urn"]
    assert "aliases" not in found["new"]
    step["n"] = 2
    assert counts(stack.up()) == {"same": 5}


def test_a_type_alias_and_a_full_urn(make: Make) -> None:
    step = {"n": 0}

    def program() -> None:
        if step["n"] == 0:
            Group("g", 1)
            Thing("a")
        else:
            Group("g", 1, ResourceOptions(aliases=[pulumi.Alias(type_="mem:index:Group")]), type_="mem:index:Team")
            Thing("b", ResourceOptions(aliases=["urn:pulumi:dev::p::mem:index:Thing::a"]), size=2)

    stack = make(program)
    stack.up()
    step["n"] = 1
    assert counts(stack.up()) == {"same": 3, "update": 1}


def given(args: pulumi.ResourceTransformArgs) -> list[Any]:
    words: Any = dict(args.props).get("words")
    return list(words or [])


def test_transforms_innermost_first_and_the_stacks_last(make: Make) -> None:
    def add(word: str) -> Any:
        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            if args.type_ != "mem:index:Thing":
                return None
            options = ResourceOptions.merge(args.opts, ResourceOptions(protect=True)) if word == "stack" else args.opts
            return pulumi.ResourceTransformResult({**args.props, "words": [*given(args), word]}, options)

        return transform

    def program() -> None:
        pulumi.runtime.register_resource_transform(add("stack"))
        Group("g", 1, ResourceOptions(transforms=[add("group")]), transforms=[add("own")])

    stack = make(program)
    stack.up()
    assert records(stack)["g-0"]["inputs"]["words"] == ["own", "group", "stack"]
    assert records(stack)["g-0"]["protect"] is True


def test_hooks_run_around_operations(make: Make, world: World) -> None:
    seen: list[Any] = []
    state = {"size": 1, "there": True, "fail": False}

    def program() -> None:
        def note(kind: str) -> Any:
            def run(args: pulumi.ResourceHookArgs) -> None:
                if state["fail"]:
                    raise ValueError("not now")
                old, new = (args.old_inputs or {}).get("size"), (args.new_inputs or {}).get("size")
                seen.append((kind, args.id, old, new))

            return pulumi.ResourceHook(kind, run)

        names = ("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete")
        hooks = {name: [note(name)] for name in names}
        if state["there"]:
            Thing("a", ResourceOptions(hooks=pulumi.ResourceHookBinding(**hooks)), size=state["size"])

    stack = make(program)
    stack.preview()
    assert seen == []
    stack.up()
    state["size"] = 2
    stack.up()
    assert seen == [
        ("before_create", "", None, 1.0),
        ("after_create", "id-1", None, 1.0),
        ("before_update", "id-1", 1.0, 2.0),
        ("after_update", "id-1", 1.0, 2.0),
    ]
    state.update({"size": 3, "fail": True})
    with pytest.raises(StackError, match="not now"):
        stack.up()
    assert world.named("a")["size"] == 2
    state.update({"fail": False, "there": False})
    seen.clear()
    stack.up()
    assert [item[0] for item in seen] == ["before_delete", "after_delete"]


def test_a_run_after_a_failed_one_with_transforms_works(make: Make, world: World) -> None:
    world.fail["create", "a"] = "no"

    def program() -> None:
        pulumi.runtime.register_resource_transform(lambda args: None)
        Thing("a")

    stack = make(program)
    with pytest.raises(StackError):
        stack.up()
    world.fail.clear()
    assert counts(stack.up()) == {"same": 1, "create": 1}

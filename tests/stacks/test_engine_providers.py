"""Providers as resources, import, read, invoke, stack references, targets and refresh."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.provider.experimental.property_value import PropertyValue

from stacks.engine import StackError
from tests.stacks.conftest import Make
from tests.stacks.memory import Group, Memory, MemProvider, Thing, World, counts, records


def test_components_pass_their_provider_on(make: Make, world: World) -> None:
    state: dict[str, Any] = {"region": "r1", "account": "x"}

    def program() -> None:
        own = MemProvider("own", region=state["region"], account=state["account"])
        Group("g", 2, ResourceOptions(providers=[own]))
        Thing("c")

    stack = make(program)
    assert counts(stack.up()) == {"create": 6}
    found = records(stack)
    assert found["g-0"]["provider"] == f"{found['own']['urn']}::{found['own']['id']}"
    assert found["c"]["provider"].startswith(found["default"]["urn"])
    state["region"] = "r2"
    world.calls.clear()
    assert counts(stack.up()) == {"same": 5, "update": 1}
    assert world.calls == []
    state["account"] = "y"
    assert counts(stack.up()) == {"same": 3, "replace": 3}
    assert not any(name == "c" for _, name in world.calls)
    assert max(i for i, call in enumerate(world.calls) if call[0] == "create") < min(i for i, call in enumerate(world.calls) if call[0] == "delete")


def test_the_default_providers_configuration_changes_silently(make: Make, world: World) -> None:
    program = lambda: Thing("a") and None  # noqa: E731
    make(program, config={"mem:region": "r1"}).up()
    assert counts(make(program, config={"mem:region": "r2"}).up()) == {"same": 2}
    assert world.configured == [{"mem:config:region": "r1"}, {"mem:config:region": "r2"}]
    assert records(make(program))["default"]["inputs"] == {"region": "r2"}


def test_a_refresh_and_the_update_after_it_share_a_configured_provider(make: Make, world: World) -> None:
    stack = make(lambda: Thing("a") and None, config={"mem:region": "r1"})
    stack.up()
    world.configured.clear()
    stack.preview(refresh=True)
    assert world.configured == [{"mem:config:region": "r1"}]
    stack.up(refresh=True)
    assert len(world.configured) == 2, "another run, and another login"


def test_moving_to_an_explicit_provider_of_equal_configuration(make: Make, world: World) -> None:
    state = {"own": False}

    def program() -> None:
        own = MemProvider("own") if state["own"] else None
        Thing("a", ResourceOptions(provider=own))

    stack = make(program)
    stack.up()
    state["own"] = True
    world.calls.clear()
    assert counts(stack.up()) == {"same": 2, "create": 1}
    assert world.calls == []
    assert "own" in records(stack)["a"]["provider"]


def test_bad_configuration_of_a_provider(make: Make, world: World) -> None:
    stack = make(lambda: Thing("a") and None, config={"mem:bad": "x"})
    with pytest.raises(StackError, match=r"bad.*is not wanted"):
        stack.up()
    assert list(records(stack)) == ["stack"]


def test_an_unknown_package_and_a_provider_that_cannot_start(make: Make) -> None:
    with pytest.raises(StackError, match="no provider for package 'mem'"):
        make(lambda: Thing("a") and None, providers={}).up()

    class Broken(Memory):
        async def configure(self, request: Any) -> Any:
            raise ConnectionError("the cloud is down")

    def program() -> None:
        for n in range(5):
            Thing(f"t{n}")

    stack = make(program, providers={"mem": lambda: Broken(World())}, name="other")
    with pytest.raises(StackError) as caught:
        stack.up()
    assert len(caught.value.lines) == 1
    assert "the cloud is down" in caught.value.lines[0]


def test_import(make: Make, world: World) -> None:
    other = make(lambda: Thing("a", size=4) and None, name="other")
    other.up()
    state: dict[str, Any] = {"import": "id-9", "size": 4}
    stack = make(lambda: Thing("a", ResourceOptions(import_=state["import"]), size=state["size"]) and None)
    with pytest.raises(StackError, match="'id-9' does not exist"):
        stack.up()
    state.update({"import": "id-1", "size": 5})
    world.calls.clear()
    assert counts(stack.up()) == {"same": 1, "import": 1, "update": 1}
    assert world.only("create") == []
    assert records(stack)["a"]["importID"] == "id-1"
    assert counts(stack.up()) == {"same": 2}
    state["import"] = None
    assert counts(stack.up()) == {"same": 2}
    assert "importID" not in records(stack)["a"]


def test_read(make: Make, world: World) -> None:
    make(lambda: Thing("a", size=4) and None, name="other").up()

    def program() -> None:
        found = Thing("a", ResourceOptions(id="id-1"))
        Thing("b", after=found.arn)
        pulumi.export("size", found.size)  # type: ignore[attr-defined]

    stack = make(program)
    result = stack.up()
    assert counts(result) == {"create": 2}
    assert result.outputs["size"].value == 4
    record = records(stack)["a"]
    assert record["external"] is True
    assert "inputs" not in record
    assert counts(stack.up()) == {"same": 2}  # it is read, and counted only where it has changed
    world.objects["id-1"]["size"] = PropertyValue(5.0)
    assert counts(stack.up()) == {"same": 2, "read": 1}
    world.calls.clear()
    assert counts(stack.destroy()) == {"delete": 2, "discard": 1}
    assert world.calls == [("delete", "b")]


def test_invoke(make: Make, world: World) -> None:
    state: dict[str, Any] = {"arguments": {}}

    def program() -> None:
        a = Thing("a", size=2)
        result = pulumi.runtime.invoke_output("mem:index:twice", {"n": a.rev, **state["arguments"]})
        pulumi.export("twice", result.apply(lambda value: value["twice"]))

    stack = make(program)
    stack.preview()
    assert world.calls == []
    assert stack.up().outputs["twice"].value == 2
    state["arguments"] = {"broken": True}
    with pytest.raises(StackError, match=r"mem:index:twice.*it is broken"):
        stack.up()
    state["arguments"] = {"refused": True}
    with pytest.raises(StackError, match=r"mem:index:twice.*may not be given"):
        stack.up()


def test_stack_reference(make: Make) -> None:
    def upper() -> None:
        pulumi.export("plain", "x")
        pulumi.export("hidden", pulumi.Output.secret("s"))

    make(upper, name="upper", project="other").up()
    state: dict[str, Any] = {"name": "organization/other/upper", "require": False}

    def program() -> None:
        reference = pulumi.StackReference(state["name"])
        pulumi.export("plain", reference.get_output("plain"))
        pulumi.export("hidden", reference.get_output("hidden"))
        pulumi.export("none", reference.get_output("nothing"))
        if state["require"]:
            pulumi.export("required", reference.require_output("nothing"))

    stack = make(program)
    result = stack.up()
    assert counts(result) == {"create": 1}
    assert result.outputs["plain"].value == "x"
    assert (result.outputs["hidden"].value, result.outputs["hidden"].secret) == ("s", True)
    assert not result.outputs["plain"].secret
    assert "none" not in result.outputs
    assert counts(stack.up()) == {"same": 1}
    state["require"] = True
    with pytest.raises(StackError, match="KeyError"):
        stack.up()
    state.update({"require": False, "name": "other/nowhere"})
    with pytest.raises(StackError, match="no stack named 'other/nowhere'"):
        stack.up()


def test_targets(make: Make, world: World) -> None:
    state: dict[str, Any] = {"size": 1, "more": False}

    def program() -> None:
        a = Thing("a", size=state["size"])
        Thing("b", after=a.arn, size=state["size"])
        if state["more"]:
            Thing("new")

    stack = make(program)
    stack.up()
    urn = {name: record["urn"] for name, record in records(stack).items()}
    state.update({"size": 2, "more": True})
    assert counts(stack.up(target=[urn["a"]])) == {"same": 3, "update": 1}  # of which one does not exist yet
    assert world.named("b")["size"] == 1
    with pytest.raises(StackError, match="no resource named"):
        stack.up(target=["urn:pulumi:dev::p::mem:index:Thing::typo"])
    with pytest.raises(StackError, match="which cannot be deleted alone"):
        stack.destroy(target=[urn["a"]])
    assert counts(stack.destroy(target=[urn["a"]], target_dependents=True)) == {"delete": 2, "same": 1}
    assert counts(stack.up(exclude=[urn["a"]])) == {"same": 3, "create": 1}  # b needs a, which does not exist
    assert set(records(stack)) == {"stack", "default", "new"}


def test_refresh_takes_drift_and_up_puts_it_back(make: Make, world: World) -> None:
    def program() -> None:
        a = Thing("a", size=2)
        Thing("b", after=a.arn)
        pulumi.export("size", a.size)  # type: ignore[attr-defined]

    stack = make(program)
    stack.up()
    world.objects["id-1"]["size"] = PropertyValue(9.0)
    assert counts(stack.preview_refresh()) == {"same": 2, "update": 1}
    assert records(stack)["a"]["inputs"]["size"] == 2
    assert counts(stack.refresh()) == {"same": 2, "update": 1}
    assert records(stack)["a"]["inputs"]["size"] == 9
    assert records(stack)["a"]["outputs"]["size"] == 9
    assert stack.outputs()["size"].value == 2
    assert counts(stack.up()) == {"same": 2, "update": 1}
    assert world.named("a")["size"] == 2
    world.objects["id-1"]["size"] = PropertyValue(9.0)
    world.reads_inputs = False
    stack.refresh()
    assert records(stack)["a"]["inputs"]["size"] == 2
    assert records(stack)["a"]["outputs"]["size"] == 9
    assert counts(stack.up(refresh=True)) == {"same": 2, "update": 1}


def test_refresh_of_what_vanished(make: Make, world: World) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("child", ResourceOptions(parent=a))
        Thing("b", after=a.arn)

    stack = make(program)
    stack.up()
    del world.objects["id-1"]
    assert counts(stack.refresh()) == {"same": 3, "delete": 1}
    found = records(stack)
    assert "a" not in found
    assert "parent" not in found["child"]
    assert "dependencies" not in found["b"]
    assert counts(stack.up())["create"] == 1
    assert records(stack)["child"]["parent"] == records(stack)["a"]["urn"]


def test_a_blocking_invoke_through_an_explicit_provider_and_its_transform(make: Make, world: World) -> None:
    def program() -> None:
        def double(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
            given: Any = dict(args.args)
            return pulumi.InvokeTransformResult({"n": 2 * given["n"]}, args.opts)

        own = MemProvider("own")
        pulumi.runtime.register_invoke_transform(double)
        result = pulumi.runtime.invoke("mem:index:twice", {"n": 4}, pulumi.InvokeOptions(provider=own))
        pulumi.export("twice", result.value["twice"])

    assert make(program).up().outputs["twice"].value == 16
    assert world.only("invoke") == [("invoke", "mem:index:twice")]


def test_two_stacks_at_once_and_one_inside_a_running_loop(make: Make, world: World) -> None:
    world.delay_s = 0.02

    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn)
        pulumi.export("stack", pulumi.get_stack())

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda name: make(program, name=name).up(), ["s1", "s2", "s3", "s4"]))
    assert [result.outputs["stack"].value for result in results] == ["s1", "s2", "s3", "s4"]

    async def inside() -> dict[str, int]:
        return counts(make(program, name="s5").up())

    assert asyncio.run(inside()) == {"create": 3}


def test_a_resource_comes_back_from_a_reference(make: Make) -> None:
    def program() -> None:
        a = Thing("a", size=3)
        holder = Thing("holder", link=a)
        pulumi.export("id", holder.link.apply(lambda link: link if isinstance(link, str) else link.id))  # type: ignore[attr-defined]

    assert make(program).up().outputs["id"].value == "id-1"

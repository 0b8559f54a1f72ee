"""Providers as resources, import, read, invoke, stack references, refresh."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceOptions
from pulumi.provider.experimental.property_value import PropertyValue

from tests.stacks.memory import Group, MemProvider, Thing
from tests.stacks.sidebyside import Run


def provider_explicit(run: Run) -> None:
    state: dict[str, Any] = {"region": "r1"}

    def program() -> None:
        own = MemProvider("own", region=state["region"], account="x")
        Group("g", 1, ResourceOptions(providers=[own]))
        Thing("c")

    run.up(program)
    state["region"] = "r2"
    run.preview(program)
    run.up(program)
    run.destroy()


def provider_replaced(run: Run) -> None:
    state: dict[str, Any] = {"account": "x"}

    def program() -> None:
        own = MemProvider("own", account=state["account"])
        first = Thing("a", ResourceOptions(provider=own))
        Thing("b", ResourceOptions(provider=own), after=first.arn)
        Thing("c")

    run.up(program)
    state["account"] = "y"
    run.preview(program)
    run.up(program)


def provider_default(run: Run) -> None:
    def program() -> None:
        Thing("a")

    run.config = {"mem:region": "r1"}
    run.up(program)
    run.config = {"mem:region": "r2"}
    run.up(program)


def provider_moved(run: Run) -> None:
    state = {"own": False}

    def program() -> None:
        own = MemProvider("own") if state["own"] else None
        Thing("a", ResourceOptions(provider=own))

    run.up(program)
    state["own"] = True
    run.up(program)


def provider_bad_config(run: Run) -> None:
    def program() -> None:
        Thing("a")

    run.config = {"mem:bad": "x"}
    run.preview(program)
    run.up(program)


def provider_unknown_config(run: Run) -> None:
    def program() -> None:
        a = Thing("a")
        own = MemProvider("own", region=a.arn, account=a.id)
        Thing("b", ResourceOptions(provider=own))

    run.preview(program)
    run.up(program)


def import_existing(run: Run) -> None:
    def other() -> None:
        Thing("a", size=4)

    state: dict[str, Any] = {"import": "a-9", "size": 4}

    def program() -> None:
        Thing("a", ResourceOptions(import_=state["import"]), size=state["size"])

    run.up(other, stack="other")
    run.up(program)
    state["import"] = "a-1"
    run.preview(program)
    run.up(program)
    run.up(program)
    state["import"] = None
    run.up(program)


def import_with_other_inputs(run: Run) -> None:
    def other() -> None:
        Thing("a", size=4)

    def program() -> None:
        Thing("a", ResourceOptions(import_="a-1"), size=5)

    run.up(other, stack="other")
    run.preview(program)
    run.up(program)


def read(run: Run) -> None:
    def other() -> None:
        Thing("a", size=4)

    def program() -> None:
        found = Thing("a", ResourceOptions(id="a-1"))
        Thing("b", after=found.arn)
        pulumi.export("size", found.size)  # type: ignore[attr-defined]

    run.up(other, stack="other")
    run.preview(program)
    run.up(program)
    run.up(program)
    run.refresh()
    run.destroy()


def read_missing(run: Run) -> None:
    def program() -> None:
        Thing("a", ResourceOptions(id="a-1"))

    run.up(program)


def invoke(run: Run) -> None:
    state: dict[str, Any] = {"arguments": {}}

    def program() -> None:
        a = Thing("a", size=2)
        result = pulumi.runtime.invoke_output("mem:index:twice", {"n": a.rev, **state["arguments"]})
        pulumi.export("twice", result.apply(lambda value: value["twice"]))

    run.preview(program)
    run.up(program)
    state["arguments"] = {"broken": True}
    run.up(program)
    state["arguments"] = {"refused": True}
    run.up(program)


def stack_reference(run: Run) -> None:
    def upper() -> None:
        pulumi.export("plain", "x")
        pulumi.export("hidden", pulumi.Output.secret("s"))

    state: dict[str, Any] = {"name": "organization/p/upper", "require": False}

    def program() -> None:
        reference = pulumi.StackReference(state["name"])
        pulumi.export("plain", reference.get_output("plain"))
        pulumi.export("hidden", reference.get_output("hidden"))
        pulumi.export("none", reference.get_output("nothing"))
        if state["require"]:
            pulumi.export("required", reference.require_output("nothing"))

    run.up(upper, stack="upper")
    run.up(program)
    run.up(program)
    state["require"] = True
    run.up(program)
    state.update({"require": False, "name": "organization/p/nowhere"})
    run.up(program)


def refresh_drift(run: Run) -> None:
    def program() -> None:
        a = Thing("a", size=2)
        Thing("b", after=a.arn)
        pulumi.export("size", a.size)  # type: ignore[attr-defined]

    run.up(program)
    run.world.objects["a-1"]["size"] = PropertyValue(9.0)
    run.refresh(preview_only=True)
    run.refresh()
    run.refresh()
    run.preview(program)
    run.up(program)


def refresh_of_outputs(run: Run) -> None:
    """A provider that reads no inputs."""

    def program() -> None:
        Thing("a", size=2)

    run.world.reads_inputs = False
    run.up(program)
    run.world.objects["a-1"]["size"] = PropertyValue(9.0)
    run.refresh()
    run.up(program)


def refresh_vanished(run: Run) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn)
        Thing("child", ResourceOptions(parent=a))

    run.up(program)
    del run.world.objects["a-1"]
    run.refresh(preview_only=True)
    run.refresh()
    run.up(program)


def refresh_in_an_update(run: Run) -> None:
    def program() -> None:
        Thing("a", size=2)

    run.up(program)
    run.world.objects["a-1"]["size"] = PropertyValue(9.0)
    run.preview(program, refresh=True)
    run.up(program, refresh=True)
    del run.world.objects["a-1"]
    run.up(program, refresh=True)


def refresh_of_a_target(run: Run) -> None:
    def program() -> None:
        Thing("a", size=2)
        Thing("b", size=2)

    run.up(program)
    run.world.objects["a-1"]["size"] = PropertyValue(9.0)
    run.world.objects["b-1"]["size"] = PropertyValue(9.0)
    run.refresh(target=[run.urn("a")])

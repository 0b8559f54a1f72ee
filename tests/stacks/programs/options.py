"""Resource options that keep, protect, ignore, and limit; runs that touch a part of the stack."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceOptions

from tests.stacks.memory import Group, Thing
from tests.stacks.sidebyside import Run


def protect(run: Run) -> None:
    state: dict[str, Any] = {"there": True, "kind": "a", "protect": True}

    def program() -> None:
        if state["there"]:
            a = Thing("a", ResourceOptions(protect=state["protect"]), kind=state["kind"])
            Thing("b", after=a.arn)

    run.up(program)
    state["kind"] = "b"
    run.up(program)
    state.update({"kind": "a", "there": False})
    run.preview(program)
    run.up(program)
    run.destroy()
    state.update({"there": True, "protect": False})
    run.up(program)
    run.destroy()


def destroy_leaves_protected(run: Run) -> None:
    def program() -> None:
        Thing("a", ResourceOptions(protect=True))
        Thing("b")

    run.up(program)
    run.destroy(exclude_protected=True)


def retain(run: Run) -> None:
    state = {"kind": "a", "there": True}

    def program() -> None:
        if state["there"]:
            Thing("a", ResourceOptions(retain_on_delete=True), kind=state["kind"])

    run.up(program)
    state["kind"] = "b"
    run.up(program)
    state["there"] = False
    run.up(program)


def deleted_with(run: Run) -> None:
    state = {"more": True}

    def program() -> None:
        owner = Thing("owner")
        child = Thing("child", ResourceOptions(deleted_with=owner))
        if state["more"]:
            Thing("other", ResourceOptions(deleted_with=owner, depends_on=[child]))

    run.up(program)
    state["more"] = False
    run.up(program)
    run.destroy()


def inherited(run: Run) -> None:
    """What children take from their parent."""

    def program() -> None:
        owner = Thing("owner")
        Thing("kept", ResourceOptions(parent=Group("keeps", 0, ResourceOptions(retain_on_delete=True, depends_on=[owner]))))
        Thing("along", ResourceOptions(parent=Group("follows", 0, ResourceOptions(deleted_with=owner))))
        Thing("safe", ResourceOptions(parent=Group("protects", 0, ResourceOptions(protect=True, depends_on=[owner]))))

    run.up(program)


def ignore_changes(run: Run) -> None:
    state: dict[str, Any] = {"a": 1, "tags": {"x": 1, "y": 1}, "ignore": ["a", "tags.x"]}

    def program() -> None:
        thing = Thing("t", ResourceOptions(ignore_changes=state["ignore"]), a=state["a"], tags=dict(state["tags"]))
        pulumi.export("a", thing.a)  # type: ignore[attr-defined]

    run.up(program)
    state["a"], state["tags"] = 2, {"x": 2, "y": 1}
    run.up(program)
    state["tags"] = {"x": 2, "y": 2}
    run.up(program)
    state.update({"ignore": ["*"], "a": 5})
    run.up(program)


def timeouts(run: Run) -> None:
    limits = pulumi.CustomTimeouts(create="5m", update="1h30m", delete="10s")
    state = {"size": 1}

    def program() -> None:
        Thing("a", ResourceOptions(custom_timeouts=limits), size=state["size"])

    run.up(program)
    state["size"] = 2
    run.up(program)
    run.destroy()


def targets(run: Run) -> None:
    state: dict[str, Any] = {"size": 1, "more": False}

    def program() -> None:
        a = Thing("a", size=state["size"])
        Thing("b", after=a.arn, size=state["size"])
        if state["more"]:
            Thing("new", ResourceOptions(depends_on=[a]))

    run.up(program)
    state.update({"size": 2, "more": True})
    run.preview(program, target=[run.urn("a")])
    run.up(program, target=[run.urn("a")])
    run.up(program, target=[run.urn("typo")])
    run.destroy(target=[run.urn("a")])
    run.destroy(target=[run.urn("b")])
    run.destroy(target=[run.urn("a")], target_dependents=True)


def target_dependents(run: Run) -> None:
    state = {"size": 1}

    def program() -> None:
        a = Thing("a", size=state["size"])
        b = Thing("b", after=a.rev, size=state["size"])
        Thing("c", ResourceOptions(depends_on=[b]), size=1)

    run.up(program)
    state["size"] = 2
    run.up(program, target=[run.urn("a")], target_dependents=True)


def target_that_needs_another(run: Run) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn)

    run.up(program, target=[run.urn("b")])


def excluded(run: Run) -> None:
    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn)
        Thing("c")

    run.up(program, exclude=[run.urn("c")])
    run.up(program)


def excluded_and_needed(run: Run) -> None:
    """What an excluded resource is needed for, and does not exist yet."""

    def program() -> None:
        a = Thing("a")
        Thing("b", after=a.arn)
        Thing("c")

    run.up(program, exclude=[run.urn("a")])
    run.up(program)

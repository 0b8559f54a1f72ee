"""Create, same, update, delete; values, components, dependencies, outputs, configuration, names."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceOptions

from tests.stacks.memory import Group, Thing
from tests.stacks.sidebyside import Run


def basic(run: Run) -> None:
    size = {"n": 2}

    def program() -> None:
        a = Thing("a", size=size["n"])
        Thing("b")
        pulumi.export("arn", a.arn)

    run.preview(program)
    run.up(program)
    run.up(program)
    size["n"] = 3
    run.preview(program)
    run.up(program)
    run.destroy()


def values(run: Run) -> None:
    def program() -> None:
        a = Thing("a", list=[1, None, "x"], nothing=None, deep={"x": {"y": 2.5}}, empty={}, yes=True, long="字" * 20)
        Thing("b", link=a)
        pulumi.Output.from_input(a.list).apply(run.note)  # type: ignore[attr-defined]
        pulumi.export("none", None)
        pulumi.export("number", 3)
        pulumi.export("half", 0.5)
        pulumi.export("nested", {"list": [a.arn, None], "none": None})

    run.up(program)
    run.up(program)


def components(run: Run) -> None:
    class Outer(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("mem:index:Outer", name, {"given": 1})
            inner = Group("inner", 1, ResourceOptions(parent=self))
            Thing("leaf", ResourceOptions(parent=inner.members[0]))
            self.register_outputs({"count": 1, "arn": inner.members[0].arn})

    def program() -> None:
        Outer("o")

    run.up(program)
    run.up(program)
    run.destroy()


def component_as_dependency(run: Run) -> None:
    def program() -> None:
        group = Group("g", 2)
        empty = Group("empty", 0)
        a = Thing("a", ResourceOptions(depends_on=[group, empty]))
        Group("late", 1, ResourceOptions(depends_on=[a]))

    run.up(program)
    run.destroy()


def dependencies(run: Run) -> None:
    state = {"size": 1}

    def program() -> None:
        a = Thing("a", size=state["size"])
        b = Thing("b", after=a.arn)
        c = Thing("c", after=a.rev, deep={"list": [b.arn, a.id]})
        Thing("d", ResourceOptions(depends_on=[c]))

    run.up(program)
    state["size"] = 2
    run.preview(program)
    run.up(program)
    run.destroy()


def unknowns(run: Run) -> None:
    size = {"n": 1}

    def program() -> None:
        a = Thing("a", size=size["n"])
        for name in ("arn", "rev", "id", "size"):
            getattr(a, name).apply(lambda value, name=name: run.note(name, value))
        Thing("b", after=a.rev)
        pulumi.export("rev", a.rev)

    run.preview(program)
    run.up(program)
    size["n"] = 2
    run.preview(program)
    run.up(program)


def removal(run: Run) -> None:
    keep = {"all": True}

    def program() -> None:
        if keep["all"]:
            a = Thing("a")
            b = Thing("b", after=a.arn)
            Thing("c", ResourceOptions(parent=b))

    run.up(program)
    keep["all"] = False
    run.preview(program)
    run.up(program)


def empty(run: Run) -> None:
    def program() -> None:
        pulumi.export("arn", Thing("a").arn)

    run.up(program)
    run.up(lambda: None)
    run.destroy()
    run.destroy()


def outputs(run: Run) -> None:
    value: dict[str, Any] = {"x": 1, "y": "a"}

    def program() -> None:
        for key, item in value.items():
            pulumi.export(key, item)

    run.up(program)
    value.clear()
    value.update({"y": [1, 2], "z": None})
    run.preview(program)
    run.up(program)


def config(run: Run) -> None:
    run.config = {"plain": "x", "number": "5", "mem:region": "r1"}
    run.secrets = {"word": "hunter2"}
    state = {"missing": True}

    def program() -> None:
        settings = pulumi.Config()
        Thing("a", plain=settings.require("plain"), number=settings.require_int("number"), word=settings.require_secret("word"))
        if state["missing"]:
            settings.require("missing")
        pulumi.export("word", settings.require_secret("word"))

    run.preview(program)
    run.up(program)
    state["missing"] = False
    run.up(program)


def duplicate(run: Run) -> None:
    twice = {"x": True}

    def program() -> None:
        a = Thing("a")
        if twice["x"]:
            Thing("a", ResourceOptions(depends_on=[a]))

    run.preview(program)
    run.up(program)
    twice["x"] = False
    run.up(program)


def exception(run: Run) -> None:
    state = {"raise": False, "size": 1}

    def program() -> None:
        a = Thing("a", size=state["size"])
        if state["raise"]:
            raise ValueError("the program's own fault")
        b = Thing("b", after=a.arn)
        Thing("c", after=b.arn)
        pulumi.export("size", state["size"])

    run.up(program)
    state.update({"raise": True, "size": 2})
    run.up(program)
    state["raise"] = False
    run.up(program)


def exception_in_an_apply(run: Run) -> None:
    state = {"raise": False, "size": 1}

    def program() -> None:
        a = Thing("a", size=state["size"])
        if state["raise"]:
            a.arn.apply(lambda _: 1 / 0)
            return
        Thing("b", after=a.arn)
        pulumi.export("size", state["size"])

    run.up(program)
    state.update({"raise": True, "size": 2})
    run.up(program)


def alias_rename(run: Run) -> None:
    step = {"n": 0}

    def program() -> None:
        name = "old" if step["n"] == 0 else "new"
        aliases: list[Any] = [pulumi.Alias(name="old")] if step["n"] == 1 else []
        a = Thing(name, ResourceOptions(aliases=aliases))
        Thing("b", after=a.arn)

    run.up(program)
    step["n"] = 1
    run.preview(program)
    run.up(program)
    step["n"] = 2
    run.up(program)


def rename_without_an_alias(run: Run) -> None:
    name = {"is": "old"}

    def program() -> None:
        a = Thing(name["is"])
        Thing("b", after=a.arn)

    run.up(program)
    name["is"] = "new"
    run.preview(program)
    run.up(program)


def alias_reparent(run: Run) -> None:
    step = {"n": 0}

    def program() -> None:
        if step["n"] == 0:
            group = Group("g", 1)
            Thing("child", ResourceOptions(parent=group))
        else:
            group = Group("h", 1, ResourceOptions(aliases=[pulumi.Alias(name="g")]))
            Thing("child", ResourceOptions(aliases=[pulumi.Alias(parent=group)]))

    run.up(program)
    step["n"] = 1
    run.preview(program)
    run.up(program)


def alias_type(run: Run) -> None:
    step = {"n": 0}

    def program() -> None:
        if step["n"] == 0:
            Group("g", 1)
            Thing("a")
        else:
            Group("g", 1, ResourceOptions(aliases=[pulumi.Alias(type_="mem:index:Group")]), type_="mem:index:Team")
            Thing("b", ResourceOptions(aliases=["urn:pulumi:dev::p::mem:index:Thing::a"]), size=2)

    run.up(program)
    step["n"] = 1
    run.up(program)


def transforms(run: Run) -> None:
    def add(word: str) -> Any:
        def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
            if args.type_ != "mem:index:Thing":
                return None
            words: Any = dict(args.props).get("words")
            opts = ResourceOptions.merge(args.opts, ResourceOptions(protect=True)) if word == "stack" else args.opts
            return pulumi.ResourceTransformResult({**args.props, "words": [*(words or []), word]}, opts)

        return transform

    def program() -> None:
        pulumi.runtime.register_resource_transform(add("stack"))
        group = Group("g", 1, ResourceOptions(transforms=[add("group")]), transforms=[add("own")])
        before = group.members[0]
        Thing("b", ResourceOptions(transforms=[add("own")], depends_on=[group]), after=before.rev, deep=[before.arn], hidden=pulumi.Output.secret("x"))
        Thing("c", ResourceOptions(parent=before), after=before.rev)

    run.up(program)
    run.up(program)


def hooks(run: Run) -> None:
    state = {"size": 1, "there": True, "fail": False}

    def program() -> None:
        def noting(kind: str) -> Any:
            def hook(args: pulumi.ResourceHookArgs) -> None:
                if state["fail"]:
                    raise ValueError("not now")
                old, new = (args.old_inputs or {}).get("size"), (args.new_inputs or {}).get("size")
                run.note(kind, args.id, old, new)

            return pulumi.ResourceHook(kind, hook)

        names = ("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete")
        made = {name: [noting(name)] for name in names}
        if state["there"]:
            Thing("a", ResourceOptions(hooks=pulumi.ResourceHookBinding(**made)), size=state["size"])

    run.preview(program)
    run.up(program)
    state["size"] = 2
    run.up(program)
    state.update({"fail": False, "there": False})
    run.up(program)
    state.update({"there": True, "fail": True})
    run.up(program)


def hook_after_fails(run: Run) -> None:
    def program() -> None:
        def fail(args: pulumi.ResourceHookArgs) -> None:
            raise ValueError("not now")

        hook = pulumi.ResourceHook("fail", fail)
        a = Thing("a", ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook], before_delete=[hook])))
        Thing("b", after=a.arn)

    run.up(program)
    run.preview(lambda: None)
    run.up(lambda: None)
    run.destroy()


def many(run: Run) -> None:
    number = {"n": 12, "size": 1}

    def program() -> None:
        Group("g")
        for n in range(number["n"]):
            Thing(f"t{n:02}", size=number["size"] if n < 3 else 1)

    run.up(program)
    number.update({"n": 6, "size": 2})
    run.up(program)

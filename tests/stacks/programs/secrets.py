"""Secrets: where the mark goes, and where it stays."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from tests.stacks.memory import MemProvider, Thing
from tests.stacks.sidebyside import Run


def secret_inputs(run: Run) -> None:
    def program() -> None:
        a = Thing("a", word=Output.secret("hunter2"), map={"inner": Output.secret("hunter3")})
        pulumi.export("word", a.word)  # type: ignore[attr-defined]
        pulumi.export("more", Output.concat("x-", a.word))  # type: ignore[attr-defined]
        pulumi.export("map", {"deep": a.word, "plain": 1})  # type: ignore[attr-defined]
        pulumi.export("arn", a.arn)
        Thing("b", given=a.word, part=a.map.apply(lambda value: value["inner"]))  # type: ignore[attr-defined]

    run.preview(program)
    run.up(program)
    run.up(program)


def secret_changed(run: Run) -> None:
    state = {"word": "one"}

    def program() -> None:
        Thing("a", word=Output.secret(state["word"]))

    run.up(program)
    state["word"] = "two"
    run.up(program)


def secret_becomes_plain(run: Run) -> None:
    state: dict[str, Any] = {"word": lambda: Output.secret("w")}

    def program() -> None:
        Thing("a", word=state["word"]())

    run.up(program)
    state["word"] = lambda: "w"
    run.up(program)
    state["word"] = lambda: "v"
    run.up(program)


def secret_outputs(run: Run) -> None:
    state: dict[str, Any] = {"names": ["password"]}

    def program() -> None:
        a = Thing("a", ResourceOptions(additional_secret_outputs=state["names"]), size=2)
        pulumi.export("password", a.password)

    run.up(program)
    state["names"] = []
    run.up(program)


def secret_configuration_of_a_provider(run: Run) -> None:
    def program() -> None:
        own = MemProvider("own", password=Output.secret("hunter2"))
        Thing("a", ResourceOptions(provider=own))

    run.up(program)
    run.up(program)

"""Saved plans: what was approved is what is applied, and no secret is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from stacks.engine import Stack, StackError
from stacks.engine.paths import differences, parse
from stacks.engine.values import Secret
from tests.stacks.conftest import Make
from tests.stacks.memory import Thing, World, counts


def things(wanted: dict[str, Any]) -> Any:
    def program() -> None:
        a = Thing("a", size=wanted.get("size", 1), kind=wanted.get("kind", "k"), word=pulumi.Output.secret(wanted.get("word", "hunter2")))
        Thing("b", after=a.rev)
        if wanted.get("more"):
            Thing("c")

    return program


def refused(stack: Stack, file: Path) -> list[str]:
    """How what is asked for now differs from a saved plan."""
    approved = stack.read_plan(file)
    now = stack.plan_of(stack.preview().steps, json.loads(file.read_text())["salt"])
    return approved.differences(now)


def test_what_was_approved_is_applied(make: Make, tmp_path: Path) -> None:
    stack = make(things({}))
    file = tmp_path / "plan.json"
    stack.preview(plan=file)
    assert refused(stack, file) == []
    assert counts(stack.up(plan=file)) == {"create": 3}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"size": 3}, "mem:index:Thing a: size: 2 was approved, 3 is asked for now"),
        ({"kind": "other"}, "mem:index:Thing a: replace is asked for now, update was approved"),
        ({"word": "other"}, "mem:index:Thing a: word: the secret differs"),
        ({"more": True}, "mem:index:Thing c: create is asked for now and was not approved"),
        ({"size": 1}, "mem:index:Thing a: update was approved and is not asked for any more"),
    ],
)
def test_every_other_wish_is_refused_and_named(make: Make, world: World, tmp_path: Path, change: dict[str, Any], line: str) -> None:
    wanted: dict[str, Any] = {}
    stack = make(things(wanted))
    stack.up()
    wanted["size"] = 2
    stack.preview(plan=tmp_path / "plan.json")
    wanted.update(change)
    assert line in refused(stack, tmp_path / "plan.json")
    world.calls.clear()
    with pytest.raises(StackError, match="not in the plan, and not done"):
        stack.up(plan=tmp_path / "plan.json")
    assert [call for call in world.calls if call[1] == ("c" if "more" in change else "a")] == []


def test_a_state_that_moved_on_is_seen(make: Make, tmp_path: Path) -> None:
    wanted: dict[str, Any] = {}
    stack = make(things(wanted))
    stack.up()
    wanted["size"] = 3
    stack.preview(plan=tmp_path / "plan.json")
    wanted["size"] = 2
    stack.up()
    wanted["size"] = 3
    assert refused(stack, tmp_path / "plan.json") == [f"mem:index:Thing {name}: it was changed since the plan was made" for name in "ab"]


def test_what_was_not_known_may_turn_out_to_be_as_it_is(make: Make, tmp_path: Path) -> None:
    wanted: dict[str, Any] = {}
    stack = make(things(wanted))
    stack.up()
    wanted["kind"] = "other"
    preview = stack.preview(plan=tmp_path / "plan.json")
    assert preview.change_summary == {"same": 1, "replace": 1, "update": 1}  # the old half of the replacement is no deletion of its own
    assert counts(stack.up(plan=tmp_path / "plan.json")) == {"same": 2, "replace": 1}


def test_an_adopted_object_and_its_update_are_one_plan(make: Make, world: World, tmp_path: Path) -> None:
    make(lambda: Thing("a", size=1) and None, name="before").up()
    (id_,) = world.objects
    stack = make(lambda: Thing("a", pulumi.ResourceOptions(import_=id_), size=2) and None)
    stack.preview(plan=tmp_path / "plan.json")
    assert refused(stack, tmp_path / "plan.json") == []
    assert counts(stack.up(plan=tmp_path / "plan.json")) == {"create": 1, "import": 1, "update": 1}


def test_no_secret_is_in_a_plan(make: Make, tmp_path: Path) -> None:
    stack = make(things({"word": "correct horse"}))
    stack.preview(plan=tmp_path / "plan.json")
    text = (tmp_path / "plan.json").read_text()
    assert "correct horse" not in text
    assert "hunter2" not in text
    other = make(things({"word": "correct horse"}), passphrase="another")
    with pytest.raises(StackError, match="incorrect passphrase"):
        other.plan_of(other.preview().steps, json.loads(text)["salt"])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": {"urn": {}}}', '{"resources": {"urn": {"ops": [], "inputs": {}, "basis": ""}}}'])
def test_a_file_that_is_no_plan_is_named(make: Make, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(StackError, match=r"plan\.json is not a saved plan"):
        make(things({})).up(plan=tmp_path / "plan.json")
    with pytest.raises(StackError, match="cannot be read"):
        make(things({})).up(plan=tmp_path / "missing.json")


def test_differences_go_as_deep_as_both_sides_have_one_shape() -> None:
    before = {"a": {"x.y": 1, "z": 2}, "list": [{"n": 1}, {"n": 2}], "words": ["a"], "gone": True, "word": Secret("old")}
    after = {"a": {"x.y": 5, "z": 2}, "list": [{"n": 1}, {"n": 3}], "words": ["a", "b"], "word": Secret("new")}
    found = {path: (old, new) for path, old, new in differences(before, after)}
    assert found == {
        'a["x.y"]': (1, 5),
        "list[1].n": (2, 3),
        "words": (["a"], ["a", "b"]),
        "gone": (True, None),
        "word": (Secret("old"), Secret("new")),
    }
    assert parse('a["x.y"]') == ["a", "x.y"]
    assert parse("list[1].n") == ["list", 1, "n"]


def test_steps_name_what_forced_a_replacement(make: Make) -> None:
    wanted: dict[str, Any] = {}
    stack = make(things(wanted))
    stack.up()
    wanted.update(kind="other", size=2)
    step = next(step for step in stack.preview().steps if step.op == "replace")
    assert {path: step.forced_by(path) for path, _, _ in step.changes()} == {"size": False, "kind": True}

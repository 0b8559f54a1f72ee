"""The embedded engine beside the real CLI: the same programs, and what record.py wrote down of it; where it is on PATH, also what it does now."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.differences import DIFFERENCES, GONE
from tests.stacks.programs import PROGRAMS
from tests.stacks.sidebyside import Cli, Embedded, settled

RECORDED = Path(__file__).parent / "recorded"


def differences(theirs: Any, ours: Any, at: str = "") -> dict[str, tuple[Any, Any]]:
    """What differs: (the CLI's, ours) by place, which is `STEP / what / resource / field`, steps numbered from 1."""
    if isinstance(theirs, dict) and isinstance(ours, dict) and at.count("/") < 4:
        pairs = [(name, theirs.get(name, GONE), ours.get(name, GONE)) for name in {**theirs, **ours}]
    elif isinstance(theirs, list) and isinstance(ours, list) and not at:
        assert len(theirs) == len(ours), "the program took other steps"
        pairs = [(f"{number} {his['do']}", his, mine) for number, (his, mine) in enumerate(zip(theirs, ours, strict=True), 1)]
    else:
        return {at: (theirs, ours)} if theirs != ours else {}
    found: dict[str, tuple[Any, Any]] = {}
    for name, his, mine in pairs:
        found |= differences(his, mine, f"{at} / {name}" if at else name)
    return found


def expected(name: str) -> dict[str, Any]:
    return {place: ours for item in DIFFERENCES if item.program == name for place, ours in item.ours.items()}


def as_the_cli(name: str, theirs: list[Any], folder: Path) -> None:
    run = Embedded(folder)
    PROGRAMS[name](run)
    found = differences(theirs, json.loads(json.dumps(settled(run.steps))))
    wanted = expected(name)
    wrong = {
        place: f"CLI: {json.dumps(pair[0], ensure_ascii=False)}\n    ours: {json.dumps(pair[1], ensure_ascii=False)}"
        for place, pair in found.items()
        if place not in wanted or wanted[place] != pair[1]
    }
    assert not wrong, "\n".join(f"{place}\n    {text}" for place, text in wrong.items())
    assert not wanted.keys() - found.keys(), "this no longer differs: take it out of differences.py"


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_program_as_the_cli_did_it(name: str, tmp_path: Path) -> None:
    as_the_cli(name, json.loads((RECORDED / f"{name}.json").read_text("utf-8"))["steps"], tmp_path)


def test_every_recording_has_its_program_and_every_difference_a_recording() -> None:
    assert {file.stem for file in RECORDED.glob("*.json")} == set(PROGRAMS)
    assert {item.program for item in DIFFERENCES} <= set(PROGRAMS)


@pytest.mark.lab
@pytest.mark.skipif(shutil.which("pulumi") is None, reason="needs the Pulumi CLI on PATH")
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_every_program_side_by_side_with_the_cli(name: str, tmp_path: Path) -> None:
    real = Cli(tmp_path / "cli")
    PROGRAMS[name](real)
    as_the_cli(name, json.loads(json.dumps(settled(real.steps))), tmp_path / "embedded")

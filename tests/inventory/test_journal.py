"""An edit of several files is carried out whole or not at all, and is recorded once, wherever it is cut off."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.edit import TableChange, change_tables
from inventory.errors import XiangyunError
from inventory.journal import PENDING, STATE, Note
from inventory.load import load_estate
from ledger import Ledger

CHANGES = {"rooms": TableChange({"room:990101-0001": {"status": "emptying"}}), "systems": TableChange({"system:1": {"users": 9}})}
NOTES = {name: Note("test.edit", f"table:{name}", "both", {"a.xlsx": "0" * 64}) for name in CHANGES}


class Point(BaseException):
    """Where a process ends: no handler of the product runs for it."""


def tables(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def ended_at(monkeypatch: pytest.MonkeyPatch, number: int, run: Callable[[], object]) -> bool:
    """Run until the call with this number of what changes anything on the disk; whether there was one. What comes after a kill never runs."""
    made = 0

    def counted(name: str, owner: object) -> None:
        real = getattr(owner, name)

        def call(*args: object, **named: object) -> object:
            nonlocal made
            made += 1
            if made >= number:
                raise Point
            return real(*args, **named)

        monkeypatch.setattr(owner, name, call)

    with monkeypatch.context() as monkeypatch:
        for name, owner in (("replace", Path), ("unlink", Path), ("record", Ledger), ("fsync", os)):
            counted(name, owner)
        try:
            run()
        except Point:
            return True
    return False


def test_a_killed_edit_is_whole_or_nothing_at_every_point(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(small / STATE).record("test.before", "all")
    before = tables(small)
    number, ends = 0, set()
    while True:
        number += 1
        for name, content in before.items():
            (small / name).write_bytes(content)
        held = len(Ledger(small / STATE).entries())
        cut = ended_at(monkeypatch, number, lambda: change_tables(small, CHANGES, NOTES))
        estate = load_estate(small)
        both = str(estate.rooms["room:990101-0001"].status) == "emptying", estate.systems["system:1"].users == 9
        assert both in ((True, True), (False, False)), number
        ends.add(both[0])
        new = Ledger(small / STATE).entries()[held:]
        assert [(entry.what, entry.on, entry.note) for entry in new] == ([("test.edit", f"table:{name}", "both") for name in CHANGES] if both[0] else []), (
            number
        )
        assert not (small / STATE / PENDING).exists()
        if not cut:
            break
    assert ends == {True, False}
    assert number > 8
    change_tables(small, CHANGES)
    assert [file.name for file in small.iterdir() if file.name.endswith(".edit")] == []


def test_an_interruption_waits_for_the_end(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)  # to this thread: a process of pytest-xdist has others
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what it puts into the background with the signal ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            change_tables(small, CHANGES, NOTES)
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.undo()
    assert load_estate(small).systems["system:1"].users == 9
    assert len(Ledger(small / STATE).entries()) == 2


def test_what_was_changed_after_a_kill_is_not_overwritten(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 0
    while not (small / STATE / PENDING).exists():
        number += 1
        assert ended_at(monkeypatch, number, lambda: change_tables(small, CHANGES))
    (small / "systems.csv").write_text((small / "systems.csv").read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(XiangyunError, match=r"systems\.csv was changed since: .*edit\.json"):
        load_estate(small)
    (small / STATE / PENDING).unlink()
    assert load_estate(small).systems["system:1"].users != 9

"""Several clouds side by side in processes: one that fails, or dies, fails alone; Ctrl-C reaches each of them once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inventory.errors import InputError, XiangyunError
from stacks import fleet


def test_one_that_fails_or_dies_fails_alone() -> None:
    def work(cloud: str, tell: Any) -> int:
        tell({"pid": os.getpid()})
        if cloud == "down":
            raise XiangyunError("down: Connection refused") from ValueError("not for others")
        if cloud == "wrong":
            raise InputError("wrong: no password")
        if cloud == "broken":
            raise KeyError("x")
        if cloud == "dead":
            os.kill(os.getpid(), signal.SIGKILL)
        return len(cloud)

    seen: dict[str, int] = {}
    found = dict(fleet.run(["a", "down", "wrong", "broken", "dead", "bb"], work, 2, lambda cloud, event: seen.update({cloud: event["pid"]})))
    assert {name: value for name, value in found.items() if isinstance(value, int)} == {"a": 1, "bb": 2}
    assert {name: str(value) for name, value in found.items() if isinstance(value, Exception)} == {
        "down": "down: Connection refused",
        "wrong": "wrong: no password",
        "broken": "broken: KeyError: 'x' (--debug shows where)",
        "dead": "dead: its process was killed by signal 9: what it had begun is in its state; run it again to go on",
    }
    assert isinstance(found["wrong"], InputError)
    assert len(set(seen.values())) == 6
    assert os.getpid() not in seen.values()


def test_one_cloud_stays_in_this_process() -> None:
    assert dict(fleet.run(["a"], lambda cloud, tell: os.getpid())) == {"a": os.getpid()}
    assert dict(fleet.run(["a", "b"], lambda cloud, tell: os.getpid(), jobs=1)) == {"a": os.getpid(), "b": os.getpid()}


def _noted(found: Iterator[tuple[str, Any]], results: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for cloud, result in found:
        results[cloud] = result  # also when the next one never comes
        yield cloud, result


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_presses_ctrl_c_waits_for_what_was_begun_and_begins_nothing_more(number: signal.Signals) -> None:
    me = os.getpid()

    def work(cloud: str, tell: Any) -> str:
        try:
            tell({})
            time.sleep(60)
        except KeyboardInterrupt:
            return "ended what it had begun"
        return "slept"

    begun: list[str] = []

    def watch(cloud: str, event: Any) -> None:
        begun.append(cloud)
        if len(begun) == 2:
            os.kill(me, number)

    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs with SIGINT ignored
    results: dict[str, Any] = {}
    try:
        with pytest.raises(KeyboardInterrupt):
            results.update(_noted(fleet.run(["a", "b", "c"], work, 2, watch), results))
    finally:
        signal.signal(signal.SIGINT, inherited)
    assert results == dict.fromkeys(begun, "ended what it had begun")
    assert sorted(begun) == ["a", "b"]


def test_a_cloud_whose_parent_was_killed_ends_what_it_had_begun(tmp_path: Path) -> None:
    def work(cloud: str, tell: Any) -> None:
        (tmp_path / cloud).write_text("begun")
        try:
            while True:
                tell({})
                time.sleep(0.01)
        except KeyboardInterrupt:
            (tmp_path / cloud).write_text("ended")

    def parent() -> None:
        list(fleet.run(["a", "b"], work, 2, lambda cloud, event: None))

    process = multiprocessing.get_context("fork").Process(target=parent)
    process.start()
    _until(lambda: len(list(tmp_path.iterdir())) == 2)
    process.kill()
    process.join()
    _until(lambda: {file.read_text() for file in tmp_path.iterdir()} == {"ended"})


def _until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit, "it did not come true in 20 s"
        time.sleep(0.01)

"""Fleet transactions with devices in memory: all change or none, whatever fails and wherever it is cut off."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from netconf.push.journal import Journal
from netconf.push.transaction import Fleet, PushError, Target

DEVICES = ("device:a", "device:b", "device:c")


class Cut(BaseException):
    """Stands for SIGKILL: nothing of the process runs on."""


@dataclass
class Device:
    """A device that keeps its configuration while controllers come and go."""

    running: str = "old"
    saved: str = "old"
    before: str = "old"
    message: str = ""
    pending: bool = False
    fails: set[str] = field(default_factory=set)

    def expire(self) -> None:
        """The timer fires."""
        if self.pending:
            self.running, self.pending = self.before, False


class Driver:
    """What Fleet needs of a NAPALM driver."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.candidate: str | None = None

    def load_replace_candidate(self, config: str) -> None:
        self._maybe("load")
        self.candidate = config

    def _maybe(self, what: str) -> None:
        if what in self.device.fails:
            raise RuntimeError(f"{what} refused")

    def compare_config(self) -> str:
        return "" if self.candidate == self.device.running else "change"

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        self._maybe("commit")
        d = self.device
        d.before, d.message, d.pending = d.running, message, revert_in is not None
        assert self.candidate
        d.running = self.candidate
        if not revert_in:
            d.saved = d.running
        self._maybe("after commit")

    def has_pending_commit(self) -> bool:
        return self.device.pending

    def last_message(self) -> str:
        return self.device.message

    def confirm_commit(self) -> None:
        self._maybe("confirm")
        self.device.pending, self.device.saved = False, self.device.running

    def discard_config(self) -> None:
        self.candidate = None

    def rollback(self) -> None:
        self.device.running = self.device.saved = self.device.before
        self.device.pending = False

    def close(self) -> None:
        pass


class World:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.devices = {name: Device() for name in DEVICES}
        self.unreachable: set[str] = set()
        self.told: list[tuple[str, str, list[str]]] = []  # that a push is confirmed everywhere

    def open(self, name: str) -> Any:
        if name in self.unreachable:
            raise RuntimeError("no answer")
        return Driver(self.devices[name])

    def fleet(self) -> Fleet:
        return Fleet(self.state, self.open, lambda _: None, lambda *told: self.told.append(told))

    def push(self, verify: Any = list, text: str = "new") -> Any:
        return self.fleet().push([Target(name, lambda _: text) for name in DEVICES], "plan", verify)

    def runs(self) -> set[str]:
        return {d.running for d in self.devices.values()}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_all_devices_change_and_save(world: World) -> None:
    outcome = world.push()
    assert outcome.changed == DEVICES
    assert world.runs() == {"new"}
    assert {d.saved for d in world.devices.values()} == {"new"}
    assert world.told == [(outcome.txn, "plan", list(DEVICES))]
    assert world.push().changed == ()
    assert len(world.told) == 1


def test_a_device_that_does_not_answer_stops_the_push_before_anything_is_touched(world: World) -> None:
    world.unreachable = {"device:b", "device:c"}
    with pytest.raises(PushError, match=r"nothing was changed: device:b: no answer; device:c: no answer"):
        world.push()
    assert world.runs() == {"old"}


@pytest.mark.parametrize("where", ["load", "commit", "after commit"])
def test_aborts_all_devices_when_one_refuses(world: World, where: str) -> None:
    world.devices["device:c"].fails = {where}
    with pytest.raises(PushError, match="device:c"):
        world.push()
    assert world.runs() == {"old"}
    assert world.fleet().recover() == "nothing to finish: no push was cut off"


def test_aborts_all_devices_when_the_network_does_not_come_up(world: World) -> None:
    with pytest.raises(PushError, match="no adjacency"):
        world.push(verify=lambda: ["no adjacency"])
    assert world.runs() == {"old"}


def test_a_device_lost_after_the_decision_is_named_and_finished_later(world: World) -> None:
    def verified() -> list[str]:
        world.devices["device:b"].fails = {"confirm"}
        return []

    with pytest.raises(PushError, match=r"could not confirm everywhere \(device:b"):
        world.push(verify=verified)
    with pytest.raises(PushError, match="was cut off"):
        world.push()
    world.devices["device:b"].fails = set()
    world.devices["device:b"].expire()
    with pytest.raises(PushError, match="was decided to be confirmed"):
        world.fleet().recover(abort=True)
    assert "was confirmed on" in world.fleet().recover()
    assert world.runs() == {"new"}
    assert {d.saved for d in world.devices.values()} == {"new"}


def test_only_one_push_at_a_time(world: World) -> None:
    def second() -> list[str]:
        with pytest.raises(PushError, match="another push is running"):
            world.push()
        return []

    assert world.push(verify=second).changed == DEVICES


def test_ctrl_c_takes_everything_back_before_it_ends(world: World) -> None:
    def interrupted() -> list[str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.push(verify=interrupted)
    assert world.runs() == {"old"}
    assert not world.told
    assert "nothing to finish" in world.fleet().recover()


def test_a_push_waits_for_another_one_as_long_as_it_is_told(world: World) -> None:
    def second() -> list[str]:
        fleet = world.fleet()
        fleet.wait_s = 1
        began = time.monotonic()
        with pytest.raises(PushError, match="another push is running"):
            fleet.push([], "plan", list)
        assert 1 <= time.monotonic() - began < 5
        return []

    assert world.push(verify=second).changed == DEVICES


def test_why_a_push_was_given_up_is_said_even_if_taking_back_fails(world: World) -> None:
    def verified() -> list[str]:
        world.unreachable = {"device:b"}
        return ["no adjacency"]

    with pytest.raises(PushError, match=r"no adjacency; could not take back everywhere \(device:b"):
        world.push(verify=verified)


@pytest.mark.parametrize("timers", [False, True])
def test_cut_off_at_every_journal_point_ends_in_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timers: bool) -> None:
    """A cut before or after each journal write, timers fired or not: recovery leaves all devices new, or all old, and a later push works."""
    points = _journal_writes(World(_sub(tmp_path, "count")), monkeypatch)
    assert points > 8
    ends = set()
    for point in range(points):
        for late in (False, True):
            world = World(_sub(tmp_path, f"{point}-{late}"))
            with monkeypatch.context() as patched:
                _cut_at(patched, point, late)
                with pytest.raises(Cut):
                    world.push()
            if timers:
                for device in world.devices.values():
                    device.expire()
            world.fleet().recover()
            assert len(world.runs()) == 1, (point, late)
            assert bool(world.told) == (world.runs() == {"new"}), (point, late)
            assert len({txn for txn, *_ in world.told}) <= 1
            ends |= world.runs()
            world.push(text="newer")
            assert world.runs() == {"newer"}
    assert ends == {"old", "new"}


def _sub(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


WRITES = ("begin", "mark", "decide", "end")


def _journal_writes(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    count = 0
    with monkeypatch.context() as patched:
        for name in WRITES:
            real = getattr(Journal, name)

            def counted(*args: Any, real: Any = real) -> Any:
                nonlocal count
                count += 1
                return real(*args)

            patched.setattr(Journal, name, counted)
        world.push()
    return count


def _cut_at(patched: pytest.MonkeyPatch, point: int, late: bool) -> None:
    """Once cut, every later write of other threads is cut too, as it is with a dead process."""
    count = 0
    for name in WRITES:
        real = getattr(Journal, name)

        def cutting(*args: Any, real: Any = real) -> Any:
            nonlocal count
            count += 1
            if count - 1 == point and late:
                real(*args)
            if count - 1 >= point:
                raise Cut
            return real(*args)

        patched.setattr(Journal, name, cutting)

"""A push as one transaction over many devices: stage all, try in waves under timers, verify, decide once, carry the decision out everywhere.

Several devices cannot be one atom. So the decision (confirm or abort) is journaled before the first confirmation, and recovery carries it out on every
device, forward or back; a timer on each device takes its change back if nobody comes.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from inventory.errors import XiangyunError
from netconf.push.journal import Journal, Step

T = TypeVar("T")
WORKERS = 8
CONFIRM_TRIES = 3


class PushError(XiangyunError):
    """The push failed; the message says on which device, why, and in what state the devices are."""


@dataclass(frozen=True, slots=True)
class Target:
    """A device, and how to say what it shall run once its driver is open (some text depends on what the device can do)."""

    device: str
    intended: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Devices changed, in the order of the waves, and the seconds that it took."""

    txn: str
    changed: tuple[str, ...]
    seconds: float


OpenDriver = Callable[[str], Any]  # device id -> an opened NAPALM driver; raises XiangyunError
Say = Callable[[str], None]
Verify = Callable[[], list[str]]  # what is not as intended; empty when all is
Confirmed = Callable[[str, str, list[str]], None]  # transaction, digest of its plan, devices: called once all have it, again after a crash
LOCK_PAUSE_S = 0.5


class Fleet:
    """Pushes under one lock and one journal, both in the estate's state folder."""

    def __init__(self, state: Path, open_driver: OpenDriver, say: Say, confirmed: Confirmed, wait_s: float = 0) -> None:
        """`wait_s`: how long to wait for a push that is running."""
        self.state, self.open_driver, self.say, self.confirmed, self.wait_s = state, open_driver, say, confirmed, wait_s
        self.journal = Journal(state / "push.sqlite")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One push at a time; the lock goes with the process, however it ends."""
        end = time.monotonic() + self.wait_s
        with (self.state / "push.lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError as error:
                    if time.monotonic() >= end:
                        raise PushError("another push is running on this estate: wait for it to end") from error
                    time.sleep(LOCK_PAUSE_S)
            yield

    def push(self, targets: Sequence[Target], plan: str, verify: Verify, timer_s: int = 180) -> Outcome:
        """Push `targets` in the given order, the first one alone as canary. Raises PushError; then nothing stays changed, or the message names what does."""
        with self.locked():
            self._refuse_unfinished()
            start = time.monotonic()
            drivers, texts = self._stage(targets)
            changed = [t.device for t in targets if t.device in drivers]
            txn = uuid.uuid4().hex[:12]
            try:
                if changed:
                    self.journal.begin(txn, plan, [(device, texts[device]) for device in changed])
                    self._try_all(txn, changed, drivers, timer_s)
                    self._verified(txn, verify)
                    self.journal.decide(txn, "confirm")
                    self._carry_out(txn, drivers)
            except KeyboardInterrupt:
                self._stop_safely(txn)
                raise
            finally:
                _close(drivers)
            return Outcome(txn, tuple(changed), time.monotonic() - start)

    def recover(self, *, abort: bool = False) -> str:
        """Finish what an interrupted push left. Returns what was done, in words."""
        with self.locked():
            left = self.journal.unfinished()
            if left is None:
                return "nothing to finish: no push was cut off"
            txn, decision = left
            if abort and decision == "confirm":
                raise PushError(f"push {txn} was decided to be confirmed, and some devices may be already: use `xiangyun net resume`, then push the way back")
            if decision is None:
                self.journal.decide(txn, "abort")
            devices = [step.device for step in self._open_steps(txn)]
            self._carry_out(txn, {})
            return f"push {txn} was {'confirmed' if decision == 'confirm' else 'taken back'} on {len(devices)} devices"

    def _refuse_unfinished(self) -> None:
        if left := self.journal.unfinished():
            ways = "`xiangyun net resume`" if left[1] == "confirm" else "`xiangyun net resume` or `xiangyun net abort`"
            raise PushError(f"push {left[0]} was cut off: finish it with {ways}")

    # stage

    def _stage(self, targets: Sequence[Target]) -> tuple[dict[str, Any], dict[str, str]]:
        """Open and check every device; drivers and texts of those that differ. All faults at once, and nothing touched."""
        self.say(f"stage: {len(targets)} devices")
        drivers: dict[str, Any] = {}
        texts: dict[str, str] = {}
        faults: list[str] = []

        def stage(target: Target) -> None:
            try:
                driver = drivers[target.device] = self.open_driver(target.device)
                texts[target.device] = target.intended(driver)
                driver.load_replace_candidate(config=texts[target.device])
                if not driver.compare_config():
                    drivers.pop(target.device).close()
            except Exception as error:
                faults.append(_named(target.device, error))

        _each(stage, targets)
        if faults:
            _close(drivers)
            raise PushError("nothing was changed: " + "; ".join(sorted(faults)))
        return drivers, texts

    # try

    def _try_all(self, txn: str, devices: list[str], drivers: dict[str, Any], timer_s: int) -> None:
        for wave in filter(None, (devices[:1], devices[1:])):
            self.say(f"try: {', '.join(device.partition(':')[2] for device in wave)} (taken back by themselves after {timer_s} s)")
            faults: list[str] = []

            def attempt(device: str, faults: list[str] = faults) -> None:
                try:
                    self.journal.mark(txn, device, "trying")
                    drivers[device].commit_config(message=txn, revert_in=timer_s)
                    self.journal.mark(txn, device, "tried")
                except Exception as error:
                    faults.append(_named(device, error))

            _each(attempt, wave)
            if faults:
                self._abort(txn, drivers, "; ".join(sorted(faults)))

    def _verified(self, txn: str, verify: Verify) -> None:
        self.say("verify: adjacencies and sessions")
        try:
            faults = verify()
        except XiangyunError as error:
            faults = [str(error)]
        if faults:
            self._abort(txn, {}, "; ".join(faults[:5]))

    def _abort(self, txn: str, drivers: dict[str, Any], why: str) -> None:
        self.journal.decide(txn, "abort")
        self.say(f"abort: {why}")
        try:
            self._carry_out(txn, drivers)
        except PushError as error:
            raise PushError(f"{why}; {error}") from error
        raise PushError(f"taken back on every device: {why}")

    def _stop_safely(self, txn: str) -> None:
        """Ctrl-C: take everything back, or, once it was decided, confirm everywhere. A second Ctrl-C leaves that to `net resume`."""
        if (left := self.journal.unfinished()) and left[0] == txn:
            self.say("interrupted: going to a safe point; a second Ctrl-C leaves that to `xiangyun net resume`")
            self.journal.decide(txn, "abort")  # changes nothing where it was decided before
            self._carry_out(txn, {})

    # carry out the decision

    def _open_steps(self, txn: str) -> list[Step]:
        return [s for s in self.journal.steps(txn) if s.state not in {"planned", "confirmed", "aborted"}]

    def _carry_out(self, txn: str, drivers: dict[str, Any]) -> None:
        """Confirm or take back on every device that was begun; a device that does not answer is named and stays open in the journal."""
        left = self.journal.unfinished()
        confirm = left is not None and left[1] == "confirm"
        steps = self._open_steps(txn)
        if not confirm:
            steps = steps[::-1]
        self.say(f"{'confirm' if confirm else 'take back'}: {len(steps)} devices")
        faults: list[str] = []

        def finish(step: Step) -> None:
            for attempt in range(CONFIRM_TRIES):
                driver = drivers.get(step.device) if attempt == 0 else None
                fresh = None
                try:
                    driver = driver or (fresh := self.open_driver(step.device))
                    _confirm(driver, txn, step.intended) if confirm else _take_back(driver, txn)
                    self.journal.mark(txn, step.device, "confirmed" if confirm else "aborted")
                    return
                except Exception as error:
                    fault = _named(step.device, error)
                finally:
                    if fresh is not None:
                        fresh.close()
            faults.append(fault)

        _each(finish, steps)
        if faults:
            word = "confirm" if confirm else "take back"
            raise PushError(f"could not {word} everywhere ({'; '.join(sorted(faults))}): run `xiangyun net resume` when they answer")
        if confirm:
            self.confirmed(txn, self.journal.plan_of(txn), [step.device for step in self.journal.steps(txn)])
        self.journal.end(txn)


def _confirm(driver: Any, txn: str, intended: str) -> None:
    """Confirm; where the timer or a restart was faster, do it again."""
    if driver.has_pending_commit() and driver.last_message() == txn:
        driver.confirm_commit()
    driver.load_replace_candidate(config=intended)
    if driver.compare_config():
        driver.commit_config(message=txn)


def _take_back(driver: Any, txn: str) -> None:
    """Undo this transaction's change and no other's."""
    driver.discard_config()
    if driver.last_message() == txn:
        driver.rollback()


def _each(do: Callable[[T], None], items: Sequence[T]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(do, items))


def _close(drivers: dict[str, Any]) -> None:
    for driver in drivers.values():
        driver.close()


def _named(device: str, error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if device in text else f"{device}: {text}"

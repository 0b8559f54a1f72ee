"""A move as a durable workflow (DBOS): what was done is remembered across crashes; the word to go back is a message into it.

States: waits for approval → assessed → prepared → replicating → trial → cut-over → watched → done, or rolled back, or failed. The approval is a signed
ledger entry, for one move and for what the estate said then; the workflow begins only when it is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS, DBOSClient, SetWorkflowID

from inventory.errors import Exit, InputError, XiangyunError
from inventory.load import load_estate
from ledger import Ledger
from migration import ansible, steps
from migration.context import Move, Say

T = TypeVar("T")
NAME = "xiangyun"
WAITS = "waits for approval"
OPEN = {"PENDING", "ENQUEUED", "DELAYED"}  # of DBOS: not ended
_say: Say = print


class BusyError(XiangyunError):
    """Another process carries the moves of this estate on."""


def _step(name: str, do: Callable[..., T], *args: Any, **options: Any) -> T:
    """Run one step at least once, remember its result, and never wrap the error that it raises."""
    result: T = DBOS.run_step({"name": name}, do, *args, **options)
    return result


def _on(folder: str, system: str, scope: str | None, do: Callable[..., T], *args: Any, **options: Any) -> T:
    result: T = do(Move(Path(folder), system, scope, _say), *args, **options)
    return result


def digest(folder: Path, system: str) -> str:
    """What an approval is for: the system's row, its recipe and its landing, as the estate has them now."""
    move = Move(folder, system, None, _say)
    content = [move.system.model_dump(mode="json"), move.recipe.model_dump(mode="json"), move.place[1].model_dump(mode="json")]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@DBOS.workflow()
def move_system(folder: str, system: str, scope: str | None, approved_by: str) -> dict[str, Any]:
    """Take one system from its room to the cloud; ends `done` or `rolled back` with what was measured."""

    def step(name: str, do: Callable[..., T], *args: Any, **options: Any) -> T:
        _say(name)
        done: T = _step(name, _on, folder, system, scope, do, *args, **options)
        return done

    result: dict[str, Any] = {"system": system, "approved_by": approved_by}
    try:
        if step("where it stands", steps.stands_at_target):  # cut over by an earlier move, which failed while it was watched
            step("open the new place", steps.open_target)
            return _watched(folder, system, None, result, step)
        result |= step("assess", steps.check)
        room = step("room", steps.room_of)
        step("prepare", steps.prepare)
        _state(folder, system, "prepared", {"room": room})
        result["rows"] = step("replicate", steps.replicate)
        _state(folder, system, "replicating")
        step("trial", steps.trial)
        _state(folder, system, "trial")
        with _users_wait():
            try:
                stopped = step("stop writes", steps.stop_source)
                result["digests"] = step("drain, compare, turn replication round", steps.turn)
                opened = step("switch and open", steps.open_target)
                result["downtime_s"] = round(opened - stopped, 2)
                result |= step("compare the client's log", steps.no_write_lost, at_target=True)
            except Exception as error:  # whatever it was: users are served again where they were
                result["why"] = _words(error)
                return _back(folder, system, room, result, step)
        return _watched(folder, system, room, result, step)
    except Exception as error:  # a move that failed in a way nobody thought of has still ended, and says so
        result["why"] = "; ".join(filter(None, (result.get("why"), _words(error))))
        _state(folder, system, "failed", result)
        return result


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, XiangyunError) else f"{type(error).__name__}: {error}"


def _watched(folder: str, system: str, room: str | None, result: dict[str, Any], step: Callable[..., Any]) -> dict[str, Any]:
    """The way back stays open until the watch ends. Going back is refused while the old place cannot take over; then the watch goes on."""
    _state(folder, system, "cut-over", result)
    end = _step("watch", _watch_ends, Path(folder), system)
    while DBOS.recv("watch", timeout_seconds=max(0.0, end - _step("now", time.time))) == "rollback":
        try:
            step("can the old place take over", steps.can_go_back)
        except XiangyunError as error:
            _say(f"not taken back: {error}")
            DBOS.set_event("refused", f"{error} ({_step('at', _clock)})")
            continue
        with _users_wait():
            return _back(folder, system, room or step("room it came from", steps.old_room), result, step)
    _state(folder, system, "watched")
    step("does it serve", steps.serves)
    result |= step("compare the client's log again", steps.no_write_lost, at_target=True)
    step("finish", steps.finish)
    _state(folder, system, "done", result)
    return result


def _back(folder: str, system: str, room: str, result: dict[str, Any], step: Callable[..., Any]) -> dict[str, Any]:
    """The way back: what was written at the new place comes along. If it does not, the new place is opened again where it had been open."""
    stopped = step("stop writes at the new place", steps.stop_target)
    try:
        step("drain back and compare", steps.drain_back)
        opened = step("open the old place", steps.open_source, room)
    except Exception as error:
        if "downtime_s" not in result:
            raise
        _say(f"{_words(error)}: the new place is opened again")
        step("stop the old place again", steps.stop_source)
        step("open the new place again", steps.open_target)
        raise
    result["rollback_s"] = round(opened - stopped, 2)
    result |= step("compare the client's log with the old place", steps.no_write_lost, at_target=False)
    step("end replication", steps.end_replication)
    _state(folder, system, "rolled back", result)
    return result


_waiting = threading.Event()  # users wait: writes are stopped at one place and not yet open at the other


@contextmanager
def _users_wait() -> Iterator[None]:
    _waiting.set()
    try:
        yield
    finally:
        _waiting.clear()


def _clock() -> str:
    return time.strftime("%H:%M:%S")


def _watch_ends(folder: Path, system: str) -> float:
    return time.time() + float(Move(folder, system, None, _say).recipe.watch_s)


def _state(folder: str, system: str, state: str, facts: dict[str, Any] | None = None) -> None:
    """Tell the state, and record it in the ledger, once each."""
    _say(f"state: {state}")
    _step(f"record {state}", _record, folder, system, state, facts or {})
    DBOS.set_event("state", state)


def _record(folder: str, system: str, state: str, facts: dict[str, Any]) -> None:
    """Repeated after a crash between the entry and its acknowledgement, the same fact is not written twice."""
    note = json.dumps({"state": state, **facts}, ensure_ascii=False, sort_keys=True)
    ledger = Ledger(Path(folder) / ".xiangyun")
    last = [entry for entry in ledger.entries() if entry.on == system and entry.what == "migrate.state"][-1:]
    if not (last and last[0].note == note):
        ledger.record(what="migrate.state", on=system, note=note)


# use from outside


@contextmanager
def running(state: Path, say: Say) -> Iterator[None]:
    """The one process that carries the moves of this estate on; those that were cut off go on at once. XiangyunError when another does."""
    global _say
    _say = say
    with (state / "migrate.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("another process carries out migrations of this estate: wait for it, or see `xiangyun migrate status`") from error
        DBOS(config={"name": NAME, "system_database_url": _database(state), "application_version": "1", "log_level": "CRITICAL"})
        DBOS.launch()
        try:
            yield
        except KeyboardInterrupt:
            # A workflow's thread cannot be interrupted; it need not be: what it has done is durable, and the next run carries it on.
            _to_a_safe_point()
            sys.stderr.write("xiangyun: interrupted; `xiangyun migrate run` carries it on\n")
            os._exit(Exit.INTERRUPTED)
        finally:
            DBOS.destroy()


def _to_a_safe_point() -> None:
    """Users are served again and no playbook runs; a second Ctrl-C does not wait, and says what that means."""
    try:
        if _waiting.is_set():
            sys.stderr.write("xiangyun: users wait just now: going on until they are served again; a second Ctrl-C leaves them waiting\n")
        while _waiting.is_set():
            time.sleep(0.1)
        ansible.stop()
    except KeyboardInterrupt:
        sys.stderr.write("xiangyun: the service may be down: run `xiangyun migrate run` at once\n")


def _database(state: Path) -> str:
    return f"sqlite:///{state / 'migrations.sqlite'}"


class Moves:
    """The moves of an estate, seen and spoken to from any process."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder, self.state = folder, state
        self.client = DBOSClient(system_database_url=_database(state))

    def current(self, system: str) -> str | None:
        """The latest workflow of a system, or None."""
        if not self._begun():
            return None
        known = self.client.list_workflows(workflow_id_prefix=f"{system}#", load_input=False, load_output=False)
        return max((w.workflow_id for w in known), key=lambda i: int(i.rpartition("#")[2]), default=None)

    def _begun(self) -> bool:
        """Whether any move was ever begun: DBOS makes its tables then."""
        with closing(sqlite3.connect(self.state / "migrations.sqlite")) as database:
            return database.execute("select 1 from sqlite_master where name = 'workflow_status'").fetchone() is not None

    def done(self, system: str) -> dict[str, Any] | None:
        """What was measured, when the system's latest move is done; None otherwise."""
        last = self.current(system)
        if last is None or self.state_of(last) != "done":
            return None
        measured: dict[str, Any] = self.client.retrieve_workflow(last).get_result()
        return measured

    def state_of(self, workflow: str) -> str:
        state: str | None = self.client.get_event(workflow, "state", timeout_seconds=0)
        return state or "assessed"

    def all(self) -> dict[str, str]:
        """The state of every system that was ever moved, its latest move."""
        if not self._begun():
            return {}
        known = self.client.list_workflows(load_input=False, load_output=False)
        systems = sorted({w.workflow_id.rpartition("#")[0] for w in known})
        return {system: self.state_of(workflow) for system in systems if (workflow := self.current(system))}

    def open(self, system: str) -> tuple[str, bool]:
        """The id of the system's move, and whether it has begun: the one that is not ended, or the next."""
        last = self.current(system)
        if last and self.client.retrieve_workflow(last).get_status().status in OPEN:
            return last, True
        return f"{system}#{int(last.rpartition('#')[2]) + 1 if last else 1}", False

    def approver(self, system: str) -> str | None:
        """Who approved the next move of the system, as the estate says it now; None while nobody has."""
        workflow, _ = self.open(system)
        wanted = digest(self.folder, system)
        approvals = [e for e in Ledger(self.state).entries() if e.what == "migrate.approve" and e.note == workflow and e.after == wanted]
        return approvals[-1].who if approvals else None

    def run(self, system: str, scope: str | None) -> tuple[str, dict[str, Any]]:
        """Begin the approved move, or carry the open one on, to its end: its state and what was measured. Only inside `running`."""
        if (measured := self.done(system)) is not None:
            return "done", measured
        workflow, begun = self.open(system)
        if not begun:
            who = self.approver(system)
            if who is None:
                _record(str(self.folder), system, WAITS, {})
                return WAITS, {"digest": digest(self.folder, system)}
            with SetWorkflowID(workflow):
                DBOS.start_workflow(move_system, str(self.folder.resolve()), system, scope, who)
        return self.follow(workflow)

    def follow(self, workflow: str) -> tuple[str, dict[str, Any]]:
        result: dict[str, Any] = DBOS.retrieve_workflow(workflow).get_result()
        return self.state_of(workflow), result

    def approve(self, system: str, who: str | None) -> str:
        """Sign the approval of the next move into the ledger; the digest of what was approved. Raises InputError when the move has begun, or is done."""
        if self.done(system) is not None:
            raise InputError(f"{system} was moved: there is nothing to approve")
        workflow, begun = self.open(system)
        if begun:
            raise InputError(f"{system} does not wait for an approval: its move has begun")
        wanted = digest(self.folder, system)
        Ledger(self.state).record(what="migrate.approve", on=system, after=wanted, note=workflow, who=who)
        return wanted

    def roll_back(self, system: str) -> str:
        """Send the word to go back to a move that is being watched; returns its workflow."""
        if system not in load_estate(self.folder).systems:
            raise InputError(f"no system {system} in this estate")
        workflow = self.current(system)
        if workflow is None or self.state_of(workflow) != "cut-over":
            raise XiangyunError(f"{system} is not being watched: only a system that was cut over and is not finished can be rolled back")
        self.client.send(workflow, "rollback", "watch", idempotency_key=f"{workflow}-rollback-{int(time.time())}")
        return workflow

    def gone_back(self, workflow: str, refused_before: str | None, limit_s: float) -> tuple[str, str]:
        """Wait until another process has taken up the word to go back: the state then, and why, where it was refused or failed."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            state, refused = self.state_of(workflow), self.refused(workflow)
            if state != "cut-over":
                ended = self.client.retrieve_workflow(workflow).get_status().status not in OPEN
                if ended:
                    result: dict[str, Any] = self.client.retrieve_workflow(workflow).get_result()
                    return state, str(result.get("why", ""))
            elif refused != refused_before:
                return state, str(refused)
            time.sleep(0.5)
        return self.state_of(workflow), f"nobody took up the word within {limit_s:.0f} s"

    def refused(self, workflow: str) -> str | None:
        """Why the last word to go back was refused; None when none was."""
        why: str | None = self.client.get_event(workflow, "refused", timeout_seconds=0)
        return why

"""A stack's state on disk: SQLite, one writer thread that groups commits, one lock that dies with its holder.

An operation is recorded before its provider is called (`begin`), and its result replaces that record in one transaction (`commit`). What is
written is durable in the order in which it was submitted: who needs to know waits for the future.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import queue
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger import user
from stacks.engine.errors import ConcurrentUpdateError, StackError
from stacks.engine.secrets import Crypter
from stacks.engine.state import Pending, State, ordered
from stacks.engine.urns import ROOT_TYPE
from stacks.engine.values import Values

_SCHEMA = """
create table if not exists meta(name text primary key, value text not null);
create table if not exists resource(key integer primary key, urn text not null, data text not null);
create table if not exists pending(key integer primary key, kind text not null, data text not null);
create table if not exists history(version integer primary key, kind text not null, started text not null, ended text not null,
  result text not null, message text not null, changes text not null, who text not null default '');
"""
_LATER = {"history": {"who": "text not null default ''"}}  # columns that files of the first version lack; older readers do not mind them
FORMAT = "1"
Sql = tuple[str, tuple[Any, ...]]
_PUT = "insert into resource(key, urn, data) values(?,?,?) on conflict(key) do update set urn=excluded.urn, data=excluded.data"


@dataclass
class Snapshot:
    """Everything a run starts from."""

    resources: list[State]
    pending: list[Pending]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a stack's lock; `since` is UTC."""

    process: int
    who: str = ""
    host: str = ""
    since: str = ""

    def __str__(self) -> str:
        return f"process {self.process}{f' of {self.who}@{self.host}' if self.who else ''}{f' since {self.since}' if self.since else ''}"


class Lock:
    """One run at a time. The kernel gives it back when the process dies, so a killed run leaves nothing to cancel."""

    def __init__(self, file: Path, stack: str) -> None:
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(self._handle)
            os.close(self._handle)
            raise ConcurrentUpdateError(f"error: the stack {stack} is currently locked by 1 lock(s): {holder or 'another run'}") from error
        os.ftruncate(self._handle, 0)
        since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        os.write(self._handle, json.dumps(asdict(Holder(os.getpid(), user(), os.uname().nodename, since))).encode())

    def release(self) -> None:
        os.close(self._handle)

    @staticmethod
    def holder(file: Path) -> Holder | None:
        """Who holds the lock now; None: nobody."""
        try:
            handle = os.open(file, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(handle) or Holder(0)
        finally:
            os.close(handle)
        return None


def _holder(handle: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(handle, 1_000, 0)))
    except (ValueError, TypeError):  # it is being written
        return None


class Journal:
    """The state file of one stack. Reading is done by whoever opens it, writing by the writer thread between `start` and `close`."""

    def __init__(self, file: Path, crypter_file: Path, passphrase: str | None = None) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.closing(self._connect()) as db:
                db.executescript(_SCHEMA)
                for table, columns in _LATER.items():
                    have = {row[1] for row in db.execute(f"pragma table_info({table})")}
                    for name in columns.keys() - have:
                        db.execute(f"alter table {table} add column {name} {columns[name]}")
                db.execute("insert or ignore into meta values('format', ?)", (FORMAT,))
                meta = dict(db.execute("select name, value from meta"))
        except sqlite3.DatabaseError as error:
            raise StackError(f"error: {file} is not a stack's state file: {error}") from error
        if meta["format"] != FORMAT:
            raise StackError(f"error: {file} has state format {meta['format']}; this version reads format {FORMAT}: use a newer xiangyun")
        self.crypter = Crypter(meta.get("salt"), crypter_file, passphrase)
        self._salt_stored = self.crypter.salted
        self._queue: queue.SimpleQueue[tuple[list[Sql], asyncio.Future[None] | None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._keys = 0
        self._failure: Exception | None = None
        file.chmod(0o600)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=full")
        return db

    # --- reading ---

    def load(self) -> Snapshot:
        with contextlib.closing(self._connect()) as db:
            db.execute("begin")
            rows = db.execute("select key, data from resource order by key").fetchall()
            waiting = db.execute("select key, kind, data from pending order by key").fetchall()
            top = db.execute("select max(k) from (select max(key) k from resource union all select max(key) from pending)").fetchone()[0]
        self._keys = max(self._keys, top or 0)
        resources = []
        for key, data in rows:
            state = State.from_json(json.loads(data), self.crypter.unseal)
            state.key = key
            resources.append(state)
        pending = [Pending(kind, State.from_json(json.loads(data), self.crypter.unseal), key) for key, kind, data in waiting]
        return Snapshot(ordered(resources), pending)

    def stack_outputs(self) -> Values:
        """The outputs of the stack itself, without reading the rest."""
        with contextlib.closing(self._connect()) as db:
            rows = db.execute("select data from resource where urn like ?", (f"%::{ROOT_TYPE}::%",)).fetchall()
        states = [State.from_json(json.loads(data), self.crypter.unseal) for (data,) in rows]
        return next((state.outputs for state in states if not state.delete), {})

    def history(self) -> list[dict[str, Any]]:
        """All finished runs, the newest first."""
        names = ("version", "kind", "started", "ended", "result", "message", "who", "changes")
        with contextlib.closing(self._connect()) as db:
            rows = db.execute(f"select {', '.join(names)} from history order by version desc").fetchall()
        return [{**dict(zip(names, row, strict=True)), "changes": json.loads(row[-1])} for row in rows]

    # --- writing ---

    @property
    def writing(self) -> bool:
        """Whether it is between `start` and `close`."""
        return self._thread is not None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait until everything is on disk; a write that failed is raised here at the latest."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        if self._failure is not None:
            raise StackError(f"error: {self.file} cannot be written: {self._failure}")

    def begin(self, kind: str, state: State) -> tuple[Pending, asyncio.Future[None]]:
        """Record an operation before it is done; await the future before doing it."""
        self._keys += 1
        pending = Pending(kind, state, self._keys)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._submit([("insert into pending values(?,?,?)", (pending.key, kind, self._encode(state)))], done)
        return pending, done

    def commit(self, put: Iterable[State] = (), drop: Iterable[State] = (), done: Iterable[Pending] = ()) -> None:
        """Store and remove records, and the operations that this finishes, in one transaction."""
        statements: list[Sql] = []
        for state in put:
            if not state.key:
                self._keys += 1
                state.key = self._keys
            statements.append((_PUT, (state.key, state.urn, self._encode(state))))
        statements += [("delete from resource where key=?", (state.key,)) for state in drop if state.key]
        statements += [("delete from pending where key=?", (pending.key,)) for pending in done]
        if statements:
            self._submit(statements, None)

    def amend(self, pending: Iterable[Pending]) -> None:
        """Write begun operations again, with what changed in their records."""
        statements: list[Sql] = [("update pending set data=? where key=?", (self._encode(item.resource), item.key)) for item in pending]
        if statements:
            self._submit(statements, None)

    def record(self, kind: str, started: str, ended: str, result: str, message: str, changes: dict[str, int]) -> None:
        """One line of history."""
        values = (kind, started, ended, result, message, user(), json.dumps(changes))
        self._submit([("insert into history(kind, started, ended, result, message, who, changes) values(?,?,?,?,?,?,?)", values)], None)

    def replace(self, snapshot: Snapshot) -> None:
        """Put a whole other state in the place of this one."""
        self._submit([("delete from resource", ()), ("delete from pending", ())], None)
        for state in snapshot.resources:
            state.key = 0
        self.commit(put=snapshot.resources)
        for pending in snapshot.pending:
            self._keys += 1
            self._submit([("insert into pending values(?,?,?)", (self._keys, pending.kind, self._encode(pending.resource)))], None)

    def _encode(self, state: State) -> str:
        text = json.dumps(state.to_json(self.crypter.seal), ensure_ascii=False)
        if not self._salt_stored and self.crypter.salted:
            self._salt_stored = True
            self._submit([("insert or replace into meta values('salt', ?)", (self.crypter.salt,))], None)
        return text

    def _submit(self, statements: list[Sql], done: asyncio.Future[None] | None) -> None:
        if self._failure is not None:
            raise StackError(f"error: {self.file} cannot be written: {self._failure}")
        self._queue.put((statements, done))

    def _write(self) -> None:
        db: sqlite3.Connection | None = None
        ending = False
        while not ending:
            batch = [self._queue.get()]
            with contextlib.suppress(queue.Empty):
                while True:
                    batch.append(self._queue.get_nowait())
            waiting: list[asyncio.Future[None]] = []
            try:
                db = db or self._connect()  # in here: whoever waits is told when it fails
                db.execute("begin immediate")
                for item in batch:
                    if item is None:
                        ending = True
                        continue
                    for sql, values in item[0]:
                        db.execute(sql, values)
                    if item[1] is not None:
                        waiting.append(item[1])
                db.execute("commit")
            except sqlite3.Error as error:
                self._failure = error
                waiting = [item[1] for item in batch if item is not None and item[1] is not None]
                ending = ending or None in batch
            if waiting:
                waiting[0].get_loop().call_soon_threadsafe(_settle, waiting, self._failure)
        if db is not None:
            db.close()


def _settle(waiting: list[asyncio.Future[None]], failure: Exception | None) -> None:
    for future in waiting:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(StackError(f"error: the state cannot be written: {failure}"))

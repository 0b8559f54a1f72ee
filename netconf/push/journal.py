"""The write-ahead journal of fleet transactions: what was begun on which device, and what was decided, before it is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Decision = Literal["confirm", "abort"]
State = Literal["planned", "trying", "tried", "confirmed", "aborted"]

SCHEMA = """
create table if not exists txn (id text primary key, plan text not null, decision text, ended integer not null default 0);
create table if not exists step (
    txn text not null references txn, device text not null, position integer not null, state text not null, intended text not null,
    primary key (txn, device));
"""


@dataclass(frozen=True, slots=True)
class Step:
    device: str
    state: State
    intended: str  # the whole intended text, so that a decided confirmation can be carried out again


class Journal:
    """One SQLite file; every change is durable before the call returns."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._open() as db:
            db.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        try:
            db.execute("pragma journal_mode=wal")
            db.execute("pragma synchronous=full")
            yield db
        finally:
            db.close()

    def begin(self, txn: str, plan: str, steps: list[tuple[str, str]]) -> None:
        with self._open() as db:
            db.execute("begin immediate")
            db.execute("insert into txn (id, plan) values (?, ?)", (txn, plan))
            db.executemany("insert into step values (?, ?, ?, 'planned', ?)", [(txn, device, n, text) for n, (device, text) in enumerate(steps)])
            db.execute("commit")

    def mark(self, txn: str, device: str, state: State) -> None:
        with self._open() as db:
            db.execute("update step set state = ? where txn = ? and device = ?", (state, txn, device))

    def decide(self, txn: str, decision: Decision) -> None:
        with self._open() as db:
            db.execute("update txn set decision = ? where id = ? and decision is null", (decision, txn))

    def end(self, txn: str) -> None:
        with self._open() as db:
            db.execute("update txn set ended = 1 where id = ?", (txn,))

    def unfinished(self) -> tuple[str, Decision | None] | None:
        """The transaction that was begun and not ended, and what was decided about it."""
        with self._open() as db:
            row = db.execute("select id, decision from txn where ended = 0 order by rowid limit 1").fetchone()
        return (row[0], row[1]) if row else None

    def plan_of(self, txn: str) -> str:
        """The digest of the plan that a transaction carries."""
        with self._open() as db:
            return str(db.execute("select plan from txn where id = ?", (txn,)).fetchone()[0])

    def steps(self, txn: str) -> list[Step]:
        with self._open() as db:
            return [Step(*row) for row in db.execute("select device, state, intended from step where txn = ? order by position", (txn,))]

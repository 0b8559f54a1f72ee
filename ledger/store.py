"""The ledger itself: an append-only table in SQLite, one committed and signed entry at a time."""

from __future__ import annotations

import getpass
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger import keys, merkle, transfer
from ledger.canonical import canonical
from ledger.checkpoint import Checkpoint, origin_of
from ledger.errors import LedgerError

FILE = "ledger.sqlite"
BUSY_S = 60  # a writer waits this long for another one's commit
SCHEMA = """CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY,   -- 1, 2, 3 ... without gaps
    body BLOB NOT NULL,        -- canonical JSON, what is hashed
    frontier BLOB NOT NULL,    -- the Merkle tree after this entry (ledger.merkle)
    signature BLOB NOT NULL    -- of the checkpoint of size `seq`
) STRICT"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded fact: `who` did `what` `on` which object. Digests are SHA-256 in hex; `prev` is the leaf hash of the entry before."""

    seq: int
    time: str
    who: str
    what: str
    on: str
    before: str | None = None
    after: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    prev: str = ""

    def body(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "time": self.time,
            "who": self.who,
            "what": self.what,
            "on": self.on,
            "before": self.before,
            "after": self.after,
            "evidence": dict(self.evidence),
            "note": self.note,
            "prev": self.prev,
        }


class Ledger:
    """The ledger of a state folder (`.xiangyun` beside the estate); several processes may write at once.

    An entry is durable when `record` returns: SQLite in WAL mode with `synchronous=FULL`; a process killed before that leaves nothing.
    """

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self.file = state / FILE
        self.public_key_file = state / "keys" / keys.PUBLIC
        if not (state / "keys" / keys.PRIVATE).exists() and self._size_on_disk():
            raise LedgerError(
                f"the key {state / 'keys' / keys.PRIVATE} of the ledger {self.file} is gone: restore it; a new key cannot go on with an old ledger"
            )
        self._key = keys.ensure(state / "keys")
        self.origin = origin_of(self._key.public_key())

    def record(
        self,
        what: str,
        on: str,
        who: str | None = None,
        before: str | None = None,
        after: str | None = None,
        evidence: Mapping[str, str] | None = None,
        note: str = "",
        time: datetime | None = None,
    ) -> Entry:
        """Append one entry and return it. `who` is the operating system's user by default, `time` now."""
        moment = (time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._transaction() as database:
            last = database.execute("SELECT seq, body, frontier FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            size, prev, frontier = (last[0], merkle.leaf(last[1]).hex(), _split(last[2])) if last else (0, "", ())
            entry = Entry(size + 1, moment, who or user(), what, on, before, after, dict(evidence or {}), note, prev)
            body = canonical(entry.body())
            frontier = merkle.grown(frontier, size, merkle.leaf(body))
            signature = Checkpoint(self.origin, size + 1, merkle.root(frontier)).signed(self._key).signature
            database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (size + 1, body, b"".join(frontier), signature))
        return entry

    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        return [Entry(**transfer.parsed(body)) for body, _ in self._rows()]

    def checkpoint(self) -> Checkpoint:
        """The signed checkpoint of the ledger as it is now."""
        with self._transaction() as database:
            last = database.execute("SELECT seq, frontier FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        size, frontier = (last[0], _split(last[1])) if last else (0, ())
        return Checkpoint(self.origin, size, merkle.root(frontier)).signed(self._key)

    def note(self, checkpoint: Checkpoint) -> str:
        """The text of a checkpoint that an auditor keeps."""
        return checkpoint.note(self._key.public_key())

    def export(self, file: Path) -> int:
        """Write the whole ledger to `file`, at once or not at all; returns the number of entries."""
        rows = self._rows()
        bodies = [body for body, _ in rows]
        frontier: merkle.Frontier = ()
        for size, body in enumerate(bodies):
            frontier = merkle.grown(frontier, size, merkle.leaf(body))
        end = Checkpoint(self.origin, len(rows), merkle.root(frontier)).signed(self._key)
        try:
            with tempfile.NamedTemporaryFile("wb", dir=file.resolve().parent, prefix=f".{file.name}.", delete=False) as out:
                out.write(transfer.text(self.origin, rows, end.signature))
                out.flush()
                os.fsync(out.fileno())
            Path(out.name).chmod(0o644)
            Path(out.name).replace(file)
        except OSError as error:
            raise LedgerError(f"{file} cannot be written: {error.strerror}") from error
        return len(rows)

    def _rows(self) -> list[tuple[bytes, bytes]]:
        with self._transaction() as database:
            return database.execute("SELECT body, signature FROM entry ORDER BY seq").fetchall()

    def _size_on_disk(self) -> int:
        if not self.file.exists():
            return 0
        with self._transaction() as database:
            return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One immediate transaction on a connection of its own, so that threads and forks share nothing."""
        try:
            database = sqlite3.connect(self.file, timeout=BUSY_S, isolation_level=None)
            try:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=FULL")
                database.execute("BEGIN IMMEDIATE")
                database.execute(SCHEMA)
                yield database
                database.execute("COMMIT")
            finally:
                database.close()
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self.file} cannot be used: {error}") from error


def _split(frontier: bytes) -> merkle.Frontier:
    return tuple(frontier[start : start + merkle.SIZE] for start in range(0, len(frontier), merkle.SIZE))


def user() -> str:
    """The operating system's user, who does what is recorded."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid:{os.getuid()}"

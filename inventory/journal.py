"""Several files of an estate replaced at once and recorded in the ledger: a process that is killed half way leaves a note by which the next one finishes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from inventory.errors import XiangyunError

STATE, PENDING = ".xiangyun", "edit.json"


@dataclass(frozen=True, slots=True)
class Note:
    """What the ledger is to say of a file's change, beside its digests before and after."""

    what: str
    on: str
    note: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One editor at a time, by a lock in the state folder; what an earlier one left half done is finished first. Raises `XiangyunError`."""
    try:
        state = folder / STATE
        state.mkdir(exist_ok=True)
        with (state / "edit.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _recover(folder)
            yield
    except OSError as error:
        raise XiangyunError(f"{folder} cannot be edited: {error}") from error


def finish(folder: Path) -> None:
    """Carry out an edit that was cut off; nothing where there was none. Raises `XiangyunError`."""
    if (folder / STATE / PENDING).exists():
        with alone(folder):
            pass


def replace_all(folder: Path, contents: Mapping[Path, tuple[bytes | None, bytes]], notes: Mapping[Path, Note]) -> None:
    """Replace files (before and after of each), then record `notes`; called within `alone`. All or nothing: `XiangyunError` when a file cannot be written.

    The new contents lie beside the files before the note that commits to them appears; from then on the edit is carried out, by whoever comes next.
    """
    digests = {file: (sha256(before or b"").hexdigest(), sha256(after).hexdigest()) for file, (before, after) in contents.items()}
    entries = [{**asdict(note), "before": digests[file][0], "after": digests[file][1]} for file, note in notes.items()]
    changed = {file: after for file, (before, after) in contents.items() if before != after}
    note = folder / STATE / PENDING
    try:
        for file, after in changed.items():
            _write(_part(file), after, file)
        told = {"files": {file.name: digests[file] for file in changed}, **_signed(folder, entries)}
        _write(note.with_suffix(".part"), json.dumps(told, ensure_ascii=False).encode(), note)
        with _uninterrupted():
            note.with_suffix(".part").replace(note)
            try:
                for file in changed:
                    _part(file).replace(file)
            except OSError:
                _put_back(contents)
                note.unlink()
                raise
            _record(folder, told, known=False)
            note.unlink()
    except OSError as error:
        for file in changed:
            _part(file).unlink(missing_ok=True)
        raise XiangyunError(f"{error.filename2 or error.filename or folder} cannot be written: {error.strerror}") from error


def _recover(folder: Path) -> None:
    """Finish what a note commits to, or clear away what none does."""
    note = folder / STATE / PENDING
    if not note.exists():
        for part in folder.glob(".*.edit"):
            part.unlink()
        return
    told = json.loads(note.read_bytes())
    files = {folder / name: digests for name, digests in told["files"].items()}
    strange = [file.name for file, digests in files.items() if sha256(file.read_bytes() if file.exists() else b"").hexdigest() not in digests]
    if strange:
        raise XiangyunError(
            f"{folder}: an edit was cut off, and {', '.join(strange)} was changed since: put back the file as it was, or keep it and remove {note}"
        )
    with _uninterrupted():
        for file in files:
            if _part(file).exists():
                _part(file).replace(file)
        _record(folder, told, known=True)
        note.unlink()


def _signed(folder: Path, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What it takes to record the entries later as if it were now."""
    if not entries:
        return {"entries": []}
    from ledger import Ledger, user

    return {"entries": entries, "size": Ledger(folder.resolve() / STATE).checkpoint().size, "who": user(), "time": datetime.now().astimezone().isoformat()}


def _record(folder: Path, told: Mapping[str, Any], *, known: bool) -> None:
    """Record the entries; with `known`, only those that the ledger does not hold since the note was written."""
    if not told["entries"]:
        return
    from ledger import Ledger

    ledger = Ledger(folder.resolve() / STATE)
    since = [entry.body() for entry in ledger.entries() if entry.seq > told["size"]] if known else []
    for entry in told["entries"]:
        if not any(entry.items() <= body.items() for body in since):
            ledger.record(**entry, who=told["who"], time=datetime.fromisoformat(told["time"]))


def _put_back(contents: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    for file, (before, after) in contents.items():
        if file.exists() and file.read_bytes() == after != before:
            if before is None:
                file.unlink()
            else:
                _write(_part(file), before, file)
                _part(file).replace(file)


def _part(file: Path) -> Path:
    return file.with_name(f".{file.name}.edit")


def _write(part: Path, content: bytes, like: Path) -> None:
    """A file on the disk, with the mode of another."""
    with part.open("wb") as out:
        os.fchmod(out.fileno(), like.stat().st_mode & 0o777 if like.exists() else 0o644)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the end; where signals cannot be held back, it does not."""
    held = None
    with suppress(AttributeError, ValueError):
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if held is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

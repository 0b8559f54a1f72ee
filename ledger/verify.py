"""Checking an exported ledger with a public key alone: no network, no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger import checkpoint as checkpoints
from ledger import keys, merkle, transfer
from ledger.canonical import canonical
from ledger.checkpoint import Checkpoint, origin_of
from ledger.errors import LedgerError, UnreadableError


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and at which entry (0: with the file as a whole)."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.what}" if self.seq else self.what


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problems` is empty when the file is what was recorded; `size` and `root` are what the file holds."""

    size: int
    root: str
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(slots=True)
class _Line:
    """An entry's line after parsing: its body, leaf hash and signature."""

    body: dict[str, Any]
    leaf: bytes
    signature: bytes


def verify(file: Path, public_key: Path, checkpoint: Path | None = None) -> Verdict:
    """Check the export `file`; with a kept `checkpoint`, also that nothing recorded before it is missing or changed.

    Raises `UnreadableError` when `file` is no exported ledger at all, or the key or checkpoint is none.
    """
    key = keys.public(public_key)
    kept = checkpoints.read(checkpoint) if checkpoint else None
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}") from error
    lines = raw.split(b"\n")
    try:
        header = transfer.parsed(lines[0])
    except (ValueError, LedgerError) as error:
        raise UnreadableError(f"{file} is not an exported ledger (its first line is not the header)") from error
    if header.get("format") != transfer.FORMAT or header.keys() != {"format", "origin"}:
        raise UnreadableError(f"{file} is not an exported ledger of the form {transfer.FORMAT}")
    origin = origin_of(key)
    if header["origin"] != origin:
        return Verdict(0, "", (Problem(0, f"signed by another key: the file says {header['origin']}, the key is that of {origin}"),))
    return _Walk(key, origin, kept).over(lines[1:])


class _Walk:
    """One pass over the entries, the tree growing along; after a fault the next entry's `prev` says what the hash should have been."""

    def __init__(self, key: Ed25519PublicKey, origin: str, kept: Checkpoint | None) -> None:
        self.key, self.origin, self.kept = key, origin, kept
        self.size = 0
        self.frontier: merkle.Frontier = ()
        self.prev = ""
        self.problems: list[Problem] = []
        self.kept_root = merkle.root(()) if kept and kept.size == 0 else None

    def over(self, lines: list[bytes]) -> Verdict:
        if lines.pop() != b"":
            self.problems.append(Problem(0, "the file does not end with its last line: something was cut off or added"))
        elif not lines:
            self.problems.append(Problem(0, "the end of the file is missing: entries may have been cut off"))
        else:
            end = lines.pop()
            if self._entries(lines):
                self._end(end)
                self._compare()
        return Verdict(self.size, merkle.root(self.frontier).hex(), tuple(self.problems))

    def _entries(self, lines: list[bytes]) -> bool:
        """Whether the walk reached the end; False when a fault cannot be stepped over."""
        parsed = [_line(line) for line in lines]
        for index, line in enumerate(parsed):
            following = parsed[index + 1] if index + 1 < len(parsed) else None
            if not self._step(line, following):
                return False
        return True

    def _step(self, line: _Line | None, following: _Line | None) -> bool:
        expected = self.size + 1
        if line is None:
            self.problems.append(Problem(expected, "edited: the line is not an entry in canonical form"))
            return self._step_over(following)
        seq = line.body["seq"]
        if seq == expected + 1 and self._bridges(line):
            self.problems.append(Problem(expected, "removed"))
            self._grow(bytes.fromhex(line.body["prev"]))
            expected += 1
        elif seq != expected:
            what = f"removed, or moved: entry {seq} stands in its place" if seq > expected else f"entry {seq} stands here again, or was moved here"
            self.problems.append(Problem(expected, what))
            return False
        if line.body["prev"] == self.prev and self._signed(line.leaf, line.signature):
            self._grow(line.leaf)
            return True
        self.problems.append(Problem(expected, "edited, or inserted: its signature does not hold"))
        return self._step_over(following, line)

    def _bridges(self, line: _Line) -> bool:
        """Whether `line` holds once the one entry before it, known by its hash in `prev`, is put back."""
        missing = _hash(line.body["prev"])
        if missing is None:
            return False
        frontier = merkle.grown(self.frontier, self.size, missing)
        return self._holds(merkle.grown(frontier, self.size + 1, line.leaf), self.size + 2, line.signature)

    def _step_over(self, following: _Line | None, line: _Line | None = None) -> bool:
        """Go on with the hash that the following entry remembers of the faulty one, if that makes the following one hold."""
        remembered = _hash(following.body["prev"]) if following else None
        if following is None or remembered is None:
            self._grow(line.leaf if line else merkle.leaf(b""))
            return True
        if following.body["seq"] != self.size + 2 or not self._bridges(following):
            self.problems.append(Problem(self.size + 2, "this and what follows cannot be checked one by one, since the entry before is not what was recorded"))
            return False
        self._grow(remembered)
        return True

    def _grow(self, leaf: bytes) -> None:
        self.frontier = merkle.grown(self.frontier, self.size, leaf)
        self.size += 1
        self.prev = leaf.hex()
        if self.kept and self.kept.size == self.size:
            self.kept_root = merkle.root(self.frontier)

    def _signed(self, leaf: bytes, signature: bytes) -> bool:
        return self._holds(merkle.grown(self.frontier, self.size, leaf), self.size + 1, signature)

    def _holds(self, frontier: merkle.Frontier, size: int, signature: bytes) -> bool:
        return Checkpoint(self.origin, size, merkle.root(frontier), signature).holds(self.key)

    def _end(self, line: bytes) -> None:
        try:
            end = transfer.parsed(line)
            signature = transfer.signature_of(end)
            count = end["end"]
        except (ValueError, KeyError, TypeError, LedgerError):
            self.problems.append(Problem(0, "the last line is not the end of a ledger: entries may have been cut off"))
            return
        if count != self.size:
            missing = f"entries {self.size + 1} to {count} are missing" if isinstance(count, int) and count > self.size else f"it speaks of {count}"
            self.problems.append(Problem(0, f"the file holds {self.size} entries, but {missing}"))
        elif not self.problems and (end.keys() != {"end", "signature"} or not self._holds(self.frontier, self.size, signature)):
            self.problems.append(Problem(0, "the signature at the end does not hold"))

    def _compare(self) -> None:
        """The kept checkpoint against the tree that was walked."""
        kept = self.kept
        if kept is None:
            return
        if kept.origin != self.origin or not kept.holds(self.key):
            self.problems.append(Problem(0, "the kept checkpoint is not signed by this key for this ledger"))
        elif kept.size > self.size:
            first, last = self.size + 1, kept.size
            which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            self.problems.append(Problem(0, f"truncated: {which} missing; the kept checkpoint was signed when there were {last}"))
        elif kept.root != self.kept_root and not self.problems:
            self.problems.append(Problem(0, f"the first {kept.size} entries are not those of the kept checkpoint: the history was written anew"))


def _line(line: bytes) -> _Line | None:
    """An entry's line, or None when it is not one in its canonical form."""
    try:
        value = transfer.parsed(line)
        body = value["entry"]
        if value.keys() != {"entry", "signature"} or not isinstance(body["seq"], int) or not isinstance(body["prev"], str):
            return None
        return _Line(body, merkle.leaf(canonical(body)), transfer.signature_of(value))
    except (ValueError, KeyError, TypeError, LedgerError):
        return None


def _hash(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == merkle.SIZE else None

"""What an import would do: rows added, changed and vanished, and what became of every row of every sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from inventory.importers.problems import Place, Problem, Severity

NEW = "new"  # a decision: this name is a new row


class Entry(NamedTuple):
    """A row of a workbook that is taken. `values`: what is written, by column; `changes`: column to (old, new) of a row that the estate has."""

    table: str
    id: str
    place: Place
    kind: Literal["added", "changed", "unchanged"]
    values: dict[str, str]
    changes: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the rows below one sheet's header; `rows` = taken + unchanged + refused + skipped + empty."""

    place: Place
    table: str
    rows: int
    taken: int
    unchanged: int
    refused: int
    skipped: tuple[tuple[int, str], ...]  # row from 0, why: total, remark, example, header, heading, nothing
    empty: int


@dataclass(frozen=True, slots=True)
class Preview:
    entries: tuple[Entry, ...]
    vanished: tuple[tuple[str, str, str], ...]  # table, id, name
    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...]
    digests: dict[str, str]  # SHA-256 of each workbook by name

    @property
    def added(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "added")

    @property
    def changed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.kind == "changed")

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Known:
    """What names are decided to mean (`accepted`: name to an id or `new`), and texts whose ids must not be given again."""

    accepted: Mapping[str, str] = field(default_factory=dict)
    mentioned: tuple[str, ...] = ()

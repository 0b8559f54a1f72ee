"""What a rule and a finding are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from inventory.model import Estate


class Severity(StrEnum):
    """`error`: nothing is done with such an estate; `warning`: somebody should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a rule found, in Chinese and English; `file`:`row`:`column` is where."""

    file: str
    row: int
    column: str
    rule: str
    severity: Severity
    subject: str
    zh: str
    en: str

    @property
    def where(self) -> tuple[str, int, str]:
        return self.file, self.row, self.column

    @property
    def place(self) -> str:
        return ":".join(part for part in (self.file, str(self.row) if self.row else "", self.column) if part)


@dataclass(frozen=True, slots=True)
class Title:
    """What a rule is about, in Chinese and English."""

    zh: str
    en: str


class Check(ABC):
    """A rule; subclasses are found by their place in `inventory.checks.rules`."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    title: ClassVar[Title]

    @abstractmethod
    def run(self, estate: Estate) -> Iterator[Finding]:
        """The findings of this rule, in the order of the rows."""

    def finding(self, estate: Estate, subject: str, column: str, *, zh: str, en: str) -> Finding:
        """A finding about `subject`, an id that `estate.origins` knows."""
        file, _, row = estate.origins.get(subject, "").partition(":")
        return Finding(file, int(row or 0), column, self.id, self.severity, subject, zh, en)

"""What a rule and a finding are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
class Text:
    """One text of a rule, in Chinese and English."""

    zh: str
    en: str


class Rule(ABC):
    """What every rule says of itself: what it finds, why that matters (with its source) and what to do about it."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    title: ClassVar[Text]
    reason: ClassVar[Text]
    advice: ClassVar[Text]

    def finding(self, estate: Estate, subject: str, column: str, *, zh: str, en: str, at: str | None = None) -> Finding:
        """A finding about `subject`, placed at the row of `at` (an id that `estate.origins` knows; by default the subject's own)."""
        file, _, row = estate.origins.get(at or subject, "").partition(":")
        return Finding(file, int(row or 0), column, self.id, self.severity, subject, zh, en)


class Check(Rule):
    """A rule that an estate keeps or breaks whatever the day; subclasses are found by their place in `inventory.checks.rules`."""

    @abstractmethod
    def run(self, estate: Estate) -> Iterator[Finding]:
        """The findings of this rule, in the order of the rows."""


class DatedCheck(Rule):
    """A rule that depends on the day. It only warns: an estate does not become unfit to work on overnight."""

    severity: ClassVar[Severity] = Severity.WARNING

    @abstractmethod
    def run(self, estate: Estate, day: date) -> Iterator[Finding]:
        """The findings of this rule on `day`, in the order of the rows."""

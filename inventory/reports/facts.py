"""What a report needs besides the estate; handed in as plain facts, since nothing above is known here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """The day of the report, and what was done so far.

    `changes`: the ledger's entries, oldest first (seq, time, who, what, on, before, after, note).
    `migrations`: per system id its state and what is known of it (state, disposition, rows, acknowledged, lost, downtime_s, longest_gap_s, …);
    `clouds`: per cloud id its state. Later entries than `as_of` are left out of `changes`; migrations and clouds are as they were handed in.
    `zombie_days`: a running system that nobody used for longer is a zombie (僵尸系统).
    """

    as_of: date
    scope: str | None = None
    changes: Sequence[Mapping[str, Any]] = ()
    migrations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clouds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    zombie_days: int = 365

"""The day of a report: not in the future, and not before what the estate's rows say already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from inventory.errors import InputError
from inventory.model import Estate
from inventory.reports.notes import CHINA, local

# Columns that tell what has happened; others (the end of a contract) may well lie ahead.
PAST = {
    "systems": ("last_used", "mlps_tested", "crypto_assessed", "in_service"),
    "assets": ("purchased",),
    "data_resources": ("updated",),
    "data_needs": ("asked",),
    "decisions": ("on",),
}
EDITS = ("estate.", "room.", "asset.", "inventory.", "intake.decide")  # entries of what was written into rows


def today() -> date:
    """In China."""
    return datetime.now(UTC).astimezone(CHINA).date()


def check_day(estate: Estate, entries: Sequence[Mapping[str, Any]], day: date, now: date) -> None:
    """Raises InputError for a day on which the estate cannot have been as its rows are now."""
    if day > now:
        raise InputError(f"--as-of {day} is in the future: give {now} or an earlier day")
    what = "check out the estate's revision of that day, or give that day or a later one"
    newest, subject, column = max(_dates(estate), default=(date.min, "", ""))
    if newest > day:
        place = estate.origins.get(subject, subject)
        raise InputError(f"--as-of {day}: the estate knows what was later ({place}:{column} is {newest}): {what}")
    for entry in reversed(entries):
        if str(entry["what"]).startswith(EDITS) and entry["before"] != entry["after"] and (done := local(str(entry["time"])).date()) > day:
            raise InputError(f"--as-of {day}: the estate holds what was written later ({entry['what']} on {entry['on']}, {done}): {what}")


def _dates(estate: Estate) -> list[tuple[date, str, str]]:
    return [
        (value, row.id, column)
        for table, columns in PAST.items()
        for row in getattr(estate, table).values()
        for column in columns
        if (value := getattr(row, column)) is not None
    ]

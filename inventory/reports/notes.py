"""Entries of the ledger in words: codes translated, ids as names, China's time, and the facts that a note holds.

What is not known here is shown as it was recorded: the layers above may record what they like.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from inventory.reports.context import Context

CHINA = timezone(timedelta(hours=8))  # all of it, the whole year
ID = re.compile(r"\b[a-z]+:[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]")
DECIDED = re.compile(r"(?P<decision>[a-z]+)(?: into (?P<into>\S+))? by (?P<by>.+?): (?P<reason>.*)", re.S)  # as `inventory.decide` writes it
QUIET = frozenset({"state", "system", "project", "digest", "digests", "signature"})  # of a note's facts: told elsewhere, or no words


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as it is read: `was` and `is_now` are the object's state before and after, where the record tells them."""

    seq: int
    time: str
    who: str
    code: str
    what: str
    on: str
    on_id: str
    was: str
    is_now: str
    note: str
    before: str | None
    after: str | None


def local(time: str) -> datetime:
    """An entry's time in China. Raises ValueError."""
    moment = datetime.fromisoformat(time)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(CHINA)


def until(entries: Sequence[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The entries that were made by the end of a day."""
    return [entry for entry in entries if local(str(entry["time"])).date() <= day]


def changed(c: Context, entries: Sequence[Mapping[str, Any]]) -> list[Change]:
    states: dict[tuple[str, str], str] = {}
    found = []
    for entry in entries:
        what, on = str(entry.get("what", "")), str(entry.get("on", ""))
        facts = facts_of(str(entry.get("note") or ""))
        was, now = "", _state(what, facts)
        if now:
            track = (what.partition(".")[0], on)
            was = states.get(track, "")
            states[track] = now
        found.append(
            Change(
                int(entry.get("seq") or 0),
                local(str(entry["time"])).strftime("%Y-%m-%d %H:%M:%S"),
                str(entry.get("who") or ""),
                what,
                c.said("what", what),
                _name(c, on),
                on,
                _state_word(c, what, was),
                _state_word(c, what, now),
                _note(c, what, str(entry.get("note") or ""), facts),
                entry.get("before"),
                entry.get("after"),
            )
        )
    return found


def facts_of(note: str) -> dict[str, Any] | None:
    """The facts of a note that is a JSON object."""
    try:
        facts = json.loads(note)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _state(what: str, facts: dict[str, Any] | None) -> str:
    area, _, step = what.partition(".")
    if what == "migrate.state" and facts:
        return str(facts.get("state") or "")
    return step if area in ("room", "asset") else ""


def _state_word(c: Context, what: str, state: str) -> str:
    area = what.partition(".")[0]
    return c.said(area if area in ("room", "asset") else "state", state)


def _name(c: Context, on: str) -> str:
    kind, _, key = on.partition(":")
    if kind == "scope":
        return c.words["whole"] if key == "all" else c.words["scope_of"].format(name=key)
    if kind == "estate":
        region = c.estate.regions.get(key)
        return c.region(region) if region else on
    return c.names.get(on, on)


def _named(c: Context, text: str) -> str:
    """Ids within a text by their names."""
    return ID.sub(lambda found: str(c.names.get(found[0], found[0])), text)


def _note(c: Context, what: str, note: str, facts: dict[str, Any] | None) -> str:
    if facts is not None:
        return "; ".join(f"{c.said('fact', key)}: {_fact(c, value)}" for key, value in facts.items() if key not in QUIET and value is not None)
    if what in ("net.push", "room.network"):
        return _pushed(c, note)
    if what.startswith("cloud."):
        return re.sub(r"\b[a-z]+\b(?= \d)", lambda found: c.said("op", found[0]), note)
    if what == "media.sanitised":
        return _sanitised(c, note)
    if what == "migrate.approve":
        return c.words["move_number"].format(number=note.rpartition("#")[2])
    if what == "estate.edit":
        return _edited(c, note)
    if what == "inventory.decide" and (found := DECIDED.match(note)):
        into = c.words["decided_into"].format(name=_named(c, found["into"])) if found["into"] else ""
        return c.words["decided"].format(decision=c.said("decision", found["decision"]), into=into, by=found["by"], reason=found["reason"])
    return _named(c, note)


def _fact(c: Context, value: object) -> str:
    if isinstance(value, list):
        return "、".join(_fact(c, one) for one in value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:,}"
    return _named(c, c.said("value", value))


def _sanitised(c: Context, note: str) -> str:
    """`serial: …, method: purge, …`"""
    pairs = [part.partition(": ") for part in note.split(", ")]
    return "; ".join(f"{c.said('fact', key)}: {c.said('method', value) if key == 'method' else value}" for key, _, value in pairs)


def _pushed(c: Context, note: str) -> str:
    """`push TXN: device:a, device:b`: how many, and their names."""
    devices = [one for one in note.partition(": ")[2].split(", ") if one]
    if not devices or not all(ID.fullmatch(one) for one in devices):
        return _named(c, note)
    return c.words["pushed"].format(number=len(devices), names=", ".join(_named(c, one) for one in devices))


def _edited(c: Context, note: str) -> str:
    """`{'room': None, 'cloud': 'cloud:x'}; push TXN: …`: the columns that were set, then the push."""
    fields, _, push = note.partition("; ")
    try:
        values = ast.literal_eval(fields)
    except (ValueError, SyntaxError):
        return _named(c, note)
    if not isinstance(values, dict):
        return _named(c, note)
    words = [f"{c.words.get(str(key), str(key))}: {_fact(c, value) or c.words['nowhere']}" for key, value in values.items()]
    return "; ".join([*words, *([_pushed(c, push)] if push else [])])

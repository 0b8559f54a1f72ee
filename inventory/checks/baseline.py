"""Accepted findings: a YAML file that says who answers for which finding, until when, and why.

    accepted:
      - {rule: INV-053, subject: room:430000-0001, owner: 省政务局, until: 2026-12-31, reason: emptied in wave 3}

An entry accepts what its rule finds about its subject up to and including `until`. Errors cannot be accepted: nothing works on such an estate.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from inventory.checks.base import Finding, Severity
from inventory.checks.run import all_checks
from inventory.errors import InputError
from inventory.load.faults import Fault
from inventory.load.messages import said
from inventory.load.text import read_text
from inventory.load.yamlfile import NotYamlError, Seq, read_yaml

Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Accepted(BaseModel):
    """One accepted finding, or several of one rule about one subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Filled
    subject: Filled
    owner: Filled
    until: date
    reason: Filled
    line: int = Field(default=0, exclude=True)

    @property
    def key(self) -> tuple[str, str]:
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings after a baseline: what is still open, what is accepted and by whom, entries past their day, and entries that match nothing."""

    open: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Accepted], ...] = ()
    expired: tuple[Accepted, ...] = ()
    unmatched: tuple[Accepted, ...] = ()


def read_baseline(file: Path) -> tuple[Accepted, ...]:
    """The entries of `file`. Raises `InputError` (exit 2) with every fault and its line: unknown rules, rules of severity error, two entries for one thing."""
    text = read_text(file)
    if isinstance(text, Fault):
        raise InputError(f"{file}: {text.message}")
    try:
        document = read_yaml(text)
    except NotYamlError as error:
        raise InputError(error.of(file)) from error
    rows = document.get("accepted") if isinstance(document, Mapping) and set(document) == {"accepted"} else None
    if not isinstance(rows, Seq):
        raise InputError(f"{file}: expected one key, accepted, with a list of rule, subject, owner, until, reason")
    faults: list[str] = []
    entries: dict[tuple[str, str], Accepted] = {}
    for index, raw in enumerate(rows):
        line = rows.lines[index]
        entry, wrong = _entry(raw, line)
        if entry is not None and entry.key in entries:
            wrong = [f"{entry.rule} about {entry.subject} is accepted on line {entries[entry.key].line} already"]
        elif entry is not None:
            entries[entry.key] = entry
        faults += [f"  {file}:{line}: {message}" for message in wrong]
    if faults:
        raise InputError(f"{file}: {len(faults)} fault{'s' if len(faults) > 1 else ''}; nothing was checked\n" + "\n".join(faults))
    return tuple(entries.values())


def _entry(raw: Any, line: int) -> tuple[Accepted | None, list[str]]:
    """The entry, or what is wrong with it."""
    if not isinstance(raw, Mapping) or "line" in raw:
        return None, ["expected a mapping of rule, subject, owner, until, reason"]
    try:
        entry = Accepted.model_validate({**raw, "line": line})
    except ValidationError as error:
        return None, [f"{detail['loc'][0]}: {said(detail)}" for detail in error.errors()]
    severities = {check.id: check.severity for check in all_checks()}
    if entry.rule not in severities:
        return None, [f"no rule {entry.rule}"]
    if severities[entry.rule] is Severity.ERROR:
        return None, [f"{entry.rule} is an error: it cannot be accepted, only mended"]
    return entry, []


def judge(findings: Iterable[Finding], entries: Sequence[Accepted], day: date, ran: Collection[str]) -> Judged:
    """Findings held against a baseline on `day`. Entries of rules that are not among `ran` are not called unmatched."""
    accepting = {entry.key: entry for entry in entries}
    opened: list[Finding] = []
    accepted: list[tuple[Finding, Accepted]] = []
    met: set[tuple[str, str]] = set()
    for finding in findings:
        entry = accepting.get((finding.rule, finding.subject))
        if entry is not None:
            met.add(entry.key)
        if entry is None or entry.until < day:
            opened.append(finding)
        else:
            accepted.append((finding, entry))
    expired = tuple(entry for entry in entries if entry.until < day and entry.key in met)
    unmatched = tuple(entry for entry in entries if entry.key not in met and entry.rule in ran)
    return Judged(tuple(opened), tuple(accepted), expired, unmatched)


def baseline_text(findings: Iterable[Finding], owner: str, until: date, reason: str) -> str:
    """A baseline that accepts the warnings among these findings, in the order of rule and subject; the same arguments, the same bytes."""
    from ruamel.yaml import YAML  # heavy, and only needed to write

    keys = sorted({(finding.rule, finding.subject) for finding in findings if finding.severity is Severity.WARNING})
    rows = [{"rule": rule, "subject": subject, "owner": owner, "until": until, "reason": reason} for rule, subject in keys]
    out = io.StringIO()
    yaml = YAML()
    yaml.representer.ignore_aliases = lambda *_: True  # a day is written in each entry, so that one can be changed alone
    yaml.width = 160
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump({"accepted": rows}, out)
    return out.getvalue()

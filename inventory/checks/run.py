"""Running all rules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache

from inventory.checks import rules
from inventory.checks.base import Check, DatedCheck, Finding, Severity
from inventory.collector import paused_collector
from inventory.errors import InputError
from inventory.model import Estate


@cache
def all_checks() -> tuple[Check | DatedCheck, ...]:
    """One instance of every rule in `inventory.checks.rules`, by id."""
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    found: list[Check | DatedCheck] = [cls() for cls in Check.__subclasses__()]
    found += [cls() for cls in DatedCheck.__subclasses__()]
    return tuple(sorted(found, key=lambda check: check.id))


def chosen(ids: Collection[str]) -> tuple[Check | DatedCheck, ...]:
    """The rules of these ids, all when there are none. Raises `InputError` (exit 2) for ids that no rule has."""
    known = {check.id for check in all_checks()}
    if unknown := sorted(set(ids) - known):
        raise InputError(f"no rule {', '.join(unknown)}: known are {min(known)} to {max(known)}, see docs/reference/estate.md")
    return tuple(check for check in all_checks() if not ids or check.id in ids)


def run(estate: Estate, day: date, rule_ids: Collection[str] = ()) -> list[Finding]:
    """All findings on `day`, by place; of some rules only, when their ids are given."""
    with paused_collector():
        return sorted(finding for check in chosen(rule_ids) for finding in _findings(check, estate, day))


def _findings(check: Check | DatedCheck, estate: Estate, day: date) -> Iterator[Finding]:
    return check.run(estate, day) if isinstance(check, DatedCheck) else check.run(estate)


def errors(estate: Estate) -> list[Finding]:
    """Findings of severity error only, the same on every day; rules that only warn are not run."""
    timeless = (check for check in all_checks() if isinstance(check, Check) and check.severity is Severity.ERROR)
    with paused_collector():
        return sorted(finding for check in timeless for finding in check.run(estate))

"""Running all rules."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from inventory.checks import rules
from inventory.checks.base import Check, Finding, Severity
from inventory.model import Estate


@cache
def all_checks() -> tuple[Check, ...]:
    """One instance of every rule in `inventory.checks.rules`, by id."""
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    return tuple(sorted((cls() for cls in Check.__subclasses__()), key=lambda check: check.id))


def run(estate: Estate) -> list[Finding]:
    """All findings, by place."""
    return sorted(finding for check in all_checks() for finding in check.run(estate))


def errors(estate: Estate) -> list[Finding]:
    """Findings of severity error only; rules that only warn are not run."""
    return sorted(finding for check in all_checks() if check.severity is Severity.ERROR for finding in check.run(estate))

"""Cross-checks of an estate, one rule a file; pure loops over typed objects."""

from inventory.checks.base import Check, DatedCheck, Finding, Severity, Text
from inventory.checks.run import errors, run

__all__ = ["Check", "DatedCheck", "Finding", "Severity", "Text", "errors", "run"]

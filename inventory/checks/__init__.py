"""Cross-checks of an estate, one rule a file; pure loops over typed objects."""

from inventory.checks.base import Check, Finding, Severity
from inventory.checks.run import errors, run

__all__ = ["Check", "Finding", "Severity", "errors", "run"]

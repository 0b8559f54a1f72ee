"""The auditor's inventory: an estate and plain facts to a report; the report to HTML, XLSX and JSON."""

from inventory.reports.build import build
from inventory.reports.facts import Facts
from inventory.reports.model import Report

__all__ = ["Facts", "Report", "build"]

"""Findings as JUnit XML, for CI systems that show test results: a test case a rule, which fails when the rule has open findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from inventory.checks.base import Check, DatedCheck
from inventory.checks.baseline import Judged
from inventory.checks.lists import grouped

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production Char


def render(judged: Judged, checks: Sequence[Check | DatedCheck]) -> str:
    """The document as text."""
    found = grouped(judged.open, lambda finding: finding.rule)
    accepted = grouped(judged.accepted, lambda pair: pair[0].rule)
    totals = {"tests": str(len(checks)), "failures": str(len(found)), "errors": "0", "skipped": "0", "time": "0"}
    suites = ET.Element("testsuites", {"name": "xiangyun", **totals})
    suite = ET.SubElement(suites, "testsuite", {"name": "inventory check", **totals})
    for check in checks:
        case = ET.SubElement(suite, "testcase", classname=f"inventory.{check.severity}", name=f"{check.id} {check.title.en} ({check.title.zh})", time="0")
        if check.id in found:
            lines = [f"{finding.place}: {finding.subject}: {finding.en} / {finding.zh}" for finding in found[check.id]]
            failure = ET.SubElement(case, "failure", message=f"{len(lines)} findings", type=str(check.severity))
            failure.text = _clean("\n".join([*lines, f"{check.advice.en} / {check.advice.zh}"]))
        if check.id in accepted:
            lines = [f"accepted by {entry.owner} until {entry.until}: {finding.place}: {entry.reason}" for finding, entry in accepted[check.id]]
            ET.SubElement(case, "system-out").text = _clean("\n".join(lines))
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)

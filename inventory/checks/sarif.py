"""Findings as SARIF 2.1.0 (OASIS), for code hosts and editors that show results at their lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from inventory.checks.base import Check, DatedCheck, Finding
from inventory.checks.baseline import Accepted, Judged

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(judged: Judged, checks: Sequence[Check | DatedCheck], version: str, root: str = "") -> str:
    """The log as JSON text. `root` is the estate's folder as the reader of the log knows it, put before every file's name."""
    index = {check.id: number for number, check in enumerate(checks)}
    found: list[tuple[Finding, Accepted | None]] = [*((finding, None) for finding in judged.open), *judged.accepted]
    seen: Counter[str] = Counter()
    results = [_result(finding, entry, index[finding.rule], root, seen) for finding, entry in sorted(found, key=lambda one: one[0])]
    driver = {"name": "xiangyun", "version": version, "rules": [_rule(check) for check in checks]}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(check: Check | DatedCheck) -> dict[str, Any]:
    return {
        "id": check.id,
        "name": type(check).__name__,
        "shortDescription": {"text": check.title.en},
        "fullDescription": {"text": check.reason.en},
        "help": {"text": check.advice.en},
        "defaultConfiguration": {"level": str(check.severity)},
        "properties": {"title_zh": check.title.zh, "reason_zh": check.reason.zh, "advice_zh": check.advice.zh},
    }


def _result(finding: Finding, entry: Accepted | None, index: int, root: str, seen: Counter[str]) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"name": finding.subject, "fullyQualifiedName": f"{finding.subject}/{finding.column}"}]}
    if finding.file:
        uri = quote(str(PurePosixPath(root) / finding.file))  # a folder's name may have blanks or Chinese in it: RFC 3986
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": {"startLine": max(1, finding.row)}}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": f"{finding.en} / {finding.zh}"},
        "locations": [location],
        "partialFingerprints": {"xiangyunFinding/v1": _fingerprint(finding, seen)},
        "suppressions": [] if entry is None else [{"kind": "external", "status": "accepted", "justification": f"{entry.owner}, {entry.until}: {entry.reason}"}],
    }


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Of rule, subject and column, not of the line: it stays when rows move. A number tells several of one column apart."""
    key = f"{finding.rule}|{finding.subject}|{finding.column}"
    seen[key] += 1
    return sha256(f"{key}|{seen[key]}".encode()).hexdigest()[:32]

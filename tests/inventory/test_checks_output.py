"""SARIF and JUnit say what was found, in the form that their readers demand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from inventory.checks import Finding, Severity, junit, sarif
from inventory.checks.baseline import Accepted, Judged
from inventory.checks.output import write_whole
from inventory.checks.run import chosen
from inventory.errors import InputError, XiangyunError

CHECKS = chosen(["INV-002", "INV-053", "INV-072"])
OPEN = (
    Finding("systems.csv", 7, "unit", "INV-002", Severity.ERROR, "system:1", "单位\x0b不存在 <&>", "no \x00unit <&>"),
    Finding("systems.csv", 7, "unit", "INV-002", Severity.ERROR, "system:1", "另一个", "another"),
    Finding("", 0, "", "INV-072", Severity.WARNING, "system:2", "中", "en"),
)
ENTRY = Accepted(rule="INV-053", subject="room:1", owner="省政务局", until=date(2026, 12, 31), reason="三批腾退")
JUDGED = Judged(OPEN, ((Finding("assets.csv", 3, "os", "INV-053", Severity.WARNING, "room:1", "旧", "old"), ENTRY),))


@pytest.fixture
def log() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(sarif.render(JUDGED, CHECKS, "0.1.0", "estates/some"))
    return made


def test_the_log_has_what_sarif_demands(log: dict[str, Any]) -> None:
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "xiangyun"
    for rule in driver["rules"]:
        assert set(rule) == {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}
        assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        for location in result["locations"]:
            if physical := location.get("physicalLocation"):
                assert physical["region"]["startLine"] >= 1
                assert not physical["artifactLocation"]["uri"].startswith("/")


def test_results_name_their_place_and_keep_their_fingerprint(log: dict[str, Any]) -> None:
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["INV-072", "INV-053", "INV-002", "INV-002"]
    assert "physicalLocation" not in results[0]["locations"][0]
    assert results[2]["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "estates/some/systems.csv"}, "region": {"startLine": 7}}
    prints = [result["partialFingerprints"]["xiangyunFinding/v1"] for result in results]
    assert len(set(prints)) == 4
    moved = Judged(tuple(Finding(f.file, f.row + 5, f.column, f.rule, f.severity, f.subject, f.zh, f.en) for f in OPEN), JUDGED.accepted)
    again = json.loads(sarif.render(moved, CHECKS, "0.1.0"))["runs"][0]["results"]
    assert [result["partialFingerprints"]["xiangyunFinding/v1"] for result in again] == prints


def test_names_of_folders_are_written_as_uris() -> None:
    [run] = json.loads(sarif.render(JUDGED, CHECKS, "0.1.0", "../湖南 省"))["runs"]
    assert run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "../%E6%B9%96%E5%8D%97%20%E7%9C%81/systems.csv"


def test_accepted_findings_are_suppressed_with_their_reason(log: dict[str, Any]) -> None:
    suppressed = {result["ruleId"]: result["suppressions"] for result in log["runs"][0]["results"]}
    assert suppressed["INV-002"] == []
    assert suppressed["INV-053"] == [{"kind": "external", "status": "accepted", "justification": "省政务局, 2026-12-31: 三批腾退"}]


def test_junit_has_a_case_a_rule() -> None:
    root = ET.fromstring(junit.render(JUDGED, CHECKS))
    [suite] = root
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {"tests": "3", "failures": "2", "errors": "0"}
    cases = {(case.get("name") or "")[:7]: case for case in suite}
    failure = cases["INV-002"].find("failure")
    assert failure is not None
    assert failure.get("message") == "2 findings"
    assert "systems.csv:7:unit: system:1: no \ufffdunit <&> / 单位\ufffd不存在 <&>" in (failure.text or "")
    assert cases["INV-053"].find("failure") is None
    assert "accepted by 省政务局 until 2026-12-31" in (cases["INV-053"].findtext("system-out") or "")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    write_whole(file, "中\n")
    write_whole(file, "二\n")
    assert file.read_bytes() == "二\n".encode()
    with pytest.raises(InputError, match="is there already"):
        write_whole(file, "三", replace=False)
    with pytest.raises(InputError, match="is a folder"):
        write_whole(tmp_path, "三")
    with pytest.raises(XiangyunError, match="cannot be written: No such file"):
        write_whole(tmp_path / "none" / "out.json", "三")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\ud800")
    assert [one.name for one in tmp_path.iterdir()] == ["out.json"]
    assert file.read_text("utf-8") == "二\n"

"""A baseline accepts what it names until its day, and nothing else; a faulty one is refused whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inventory.checks import Finding, Severity
from inventory.checks.baseline import baseline_text, judge, read_baseline
from inventory.errors import InputError

DAY = date(2026, 9, 30)


def found(rule: str, subject: str, severity: Severity = Severity.WARNING, column: str = "name") -> Finding:
    return Finding("systems.csv", 2, column, rule, severity, subject, "中", "en")


def written(tmp_path: Path, *entries: str) -> Path:
    file = tmp_path / "baseline.yaml"
    file.write_text("accepted:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), "utf-8")
    return file


def entry(rule: str = "INV-072", subject: str = "system:1", until: str = "2026-12-31") -> str:
    return f"rule: {rule}, subject: {subject}, owner: 省政务局, until: {until}, reason: 三批腾退"


def test_findings_are_open_accepted_or_open_again(tmp_path: Path) -> None:
    entries = read_baseline(written(tmp_path, entry(), entry(subject="system:2", until="2026-09-29"), entry(subject="system:3"), entry(rule="INV-084")))
    findings = [found("INV-072", "system:1"), found("INV-072", "system:1", column="unit"), found("INV-072", "system:2"), found("INV-072", "system:4")]
    judged = judge(findings, entries, DAY, ["INV-072"])
    assert [finding.subject for finding in judged.open] == ["system:2", "system:4"]
    assert [(finding.column, one.owner) for finding, one in judged.accepted] == [("name", "省政务局"), ("unit", "省政务局")]
    assert [(one.subject, one.line) for one in judged.expired] == [("system:2", 3)]
    assert [one.subject for one in judged.unmatched] == ["system:3"]  # INV-084 was not run, so nothing is known of its entry


def test_the_last_day_still_counts(tmp_path: Path) -> None:
    entries = read_baseline(written(tmp_path, entry(until="2026-09-30")))
    assert judge([found("INV-072", "system:1")], entries, DAY, ["INV-072"]).open == ()
    assert judge([found("INV-072", "system:1")], entries, date(2026, 10, 1), ["INV-072"]).accepted == ()


def test_each_entry_of_a_new_baseline_stands_alone(tmp_path: Path) -> None:
    """An anchor of YAML would tie all days to the first one's."""
    text = baseline_text([found("INV-072", "system:1"), found("INV-072", "system:2")], "省政务局", date(2026, 12, 31), "三批腾退")
    assert text.count("until: 2026-12-31\n") == 2


def test_all_faults_of_a_baseline_are_told_with_their_lines(tmp_path: Path) -> None:
    faulty = written(
        tmp_path, entry(), entry(), entry(rule="INV-999"), entry(rule="INV-002"), entry(until="soon"), "rule: INV-072", f"{entry(subject='x')}, extra: 1"
    )
    with pytest.raises(InputError) as caught:
        read_baseline(faulty)
    said = str(caught.value)
    for line, words in (
        (3, "accepted on line 2 already"),
        (4, "no rule INV-999"),
        (5, "cannot be accepted"),
        (6, "until"),
        (7, "owner: missing"),
        (8, "extra"),
    ):
        assert any(f":{line}:" in one and words in one for one in said.splitlines()), (line, said)
    assert ":2:" not in said
    assert int(caught.value.exit) == 2


@pytest.mark.parametrize("text", ["", "accepted: 3\n", "accepted:\n", "other: []\n", "accepted: [\n", "accepted: [1]\n", "accepted: []\nother: []\n", "- a\n"])
def test_other_files_are_no_baseline(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"baseline\.yaml"):
        read_baseline(file)


def test_an_empty_list_accepts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("accepted: []\n", "utf-8")
    assert read_baseline(file) == ()


def test_a_written_baseline_accepts_all_warnings_and_no_error(tmp_path: Path) -> None:
    findings = [
        found("INV-084", "system:2"),
        found("INV-072", "system:1"),
        found("INV-072", "system:1", column="unit"),
        found("INV-002", "system:3", Severity.ERROR),
    ]
    text = baseline_text(findings, "省政务局: 运维处", date(2026, 12, 31), "历史遗留 #1")
    assert text == baseline_text(findings[::-1], "省政务局: 运维处", date(2026, 12, 31), "历史遗留 #1")
    file = tmp_path / "baseline.yaml"
    file.write_text(text, "utf-8")
    entries = read_baseline(file)
    assert [(one.key, one.owner, one.until, one.reason) for one in entries] == [
        (("INV-072", "system:1"), "省政务局: 运维处", date(2026, 12, 31), "历史遗留 #1"),
        (("INV-084", "system:2"), "省政务局: 运维处", date(2026, 12, 31), "历史遗留 #1"),
    ]
    assert [finding.rule for finding in judge(findings, entries, DAY, ["INV-072", "INV-084"]).open] == ["INV-002"]

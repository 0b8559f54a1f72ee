"""`xiangyun inventory check` with its options, as a pipeline calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app

AS_OF = ("--as-of", "2026-09-30")


@pytest.fixture
def estate(folder: Path) -> Path:
    return folder


def check(estate: Path, *words: str | Path) -> Any:
    return CliRunner().invoke(app, [str(word) for word in ("inventory", "check", "--estate", estate, *words)])


def test_only_the_rules_asked_for(estate: Path) -> None:
    result = check(estate, *AS_OF, "--rule", "INV-057", "--rule", "INV-033", "--json")
    assert result.exit_code == 0
    assert {finding["rule"] for finding in json.loads(result.stdout)["findings"]} == {"INV-033", "INV-057"}
    assert json.loads(check(estate, "--severity", "error", "--json").stdout)["findings"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["--rule", "INV-999"],
        ["--severity", "fatal"],
        ["--as-of", "30.9.2026"],
        ["--baseline", "none.yaml"],
        ["--explain", "INV-999"],
        ["--write-baseline", "new.yaml"],
        ["--owner", "甲"],
        ["--write-baseline", "new.yaml", "--owner", "甲", "--until", "2026-09-29", "--as-of", "2026-09-30"],
    ],
)
def test_wrong_use_is_one_line_and_exit_2(estate: Path, words: list[str]) -> None:
    result = check(estate, *words)
    assert result.exit_code == 2
    assert result.stderr.startswith("xiangyun: ")
    assert result.stderr.count("\n") == 1
    assert not Path("new.yaml").exists()


def test_a_baseline_is_a_ratchet(estate: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    made = check(estate, *AS_OF, "--write-baseline", file, "--owner", "省政务局", "--until", "2026-12-31")
    assert (made.exit_code, file.exists()) == (0, True)
    assert check(estate, *AS_OF, "--write-baseline", file, "--owner", "省政务局", "--until", "2026-12-31").exit_code == 2
    clean = check(estate, *AS_OF, "--baseline", file)
    assert (clean.exit_code, " 0 warnings, " in clean.stdout) == (0, True)
    with (estate / "assets.csv").open("r+", encoding="utf-8") as text:
        changed = text.read().replace("WD-SMP224002A", "WD-SMP224001A", 1)
        text.seek(0)
        text.write(changed)
        text.truncate()
    grown = check(estate, *AS_OF, "--baseline", file, "--json")
    assert grown.exit_code == 3
    assert [finding["rule"] for finding in json.loads(grown.stdout)["findings"]] == ["INV-070"]


def test_an_expired_acceptance_is_listed_again_and_said(estate: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text(
        "accepted:\n"
        "  - {rule: INV-057, subject: egress:430000-0101, owner: 省公安厅, until: 2026-09-29, reason: 过渡}\n"
        "  - {rule: INV-057, subject: egress:430000-0102, owner: 省公安厅, until: 2026-09-30, reason: 过渡}\n"
        "  - {rule: INV-057, subject: egress:430100-0001, owner: 省公安厅, until: 2026-12-31, reason: 过渡}\n",
        "utf-8",
    )
    result = check(estate, *AS_OF, "--rule", "INV-057", "--baseline", file)
    assert result.exit_code == 3
    assert "egresses.csv:17:site: warning INV-057" in result.stdout
    assert "egresses.csv:18" not in result.stdout
    assert "baseline line 2: INV-057 about egress:430000-0101 was accepted by 省公安厅 until 2026-09-29: it is open again" in result.stdout
    assert "baseline line 4: INV-057 about egress:430100-0001 is found no more" in result.stdout
    assert "0 errors, 2 warnings, 1 accepted" in result.stdout


def test_results_for_ci_are_the_same_on_every_run(estate: Path, tmp_path: Path) -> None:
    first, second = ({kind: tmp_path / f"{number}.{kind}" for kind in ("sarif", "xml")} for number in (1, 2))
    for files in (first, second):
        assert check(estate, *AS_OF, "--sarif", files["sarif"], "--junit", files["xml"]).exit_code == 0
    assert all(first[kind].read_bytes() == second[kind].read_bytes() for kind in first)
    results = json.loads(first["sarif"].read_text("utf-8"))["runs"][0]["results"]
    assert len(results) > 100
    assert str(tmp_path) not in first["sarif"].read_text("utf-8")
    refused = check(estate, *AS_OF, "--sarif", tmp_path / "none" / "x.sarif")
    assert refused.exit_code == 1
    assert "x.sarif cannot be written" in refused.stderr


def test_a_rule_explains_itself_without_an_estate(tmp_path: Path) -> None:
    result = check(tmp_path / "none", "--explain", "INV-051")
    assert result.exit_code == 0
    assert "信息安全等级保护管理办法第十四条" in result.stdout
    assert "Commission the assessment" in result.stdout
    assert set(json.loads(check(tmp_path, "--explain", "INV-051", "--json").stdout)) == {"id", "severity", "title", "reason", "advice"}

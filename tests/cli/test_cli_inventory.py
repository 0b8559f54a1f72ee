"""The commands on the estate, as a new user meets them: exit codes, one clear line, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture
def estate(folder: Path) -> Path:
    return folder


def run(*words: str | Path) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def break_file(estate: Path, file: str, old: str, new: str) -> None:
    text = (estate / file).read_text("utf-8")
    assert old in text
    (estate / file).write_text(text.replace(old, new, 1), "utf-8")


def test_check_of_the_province(estate: Path) -> None:
    result = run("inventory", "check", "--estate", estate)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "137 regions" in lines[-2]
    assert "0 errors" in lines[-1]
    assert all(line.split(": ")[0].count(":") == 2 and "warning" in line for line in lines[:-2])


def test_check_of_a_scope_tells_its_findings_alone(estate: Path) -> None:
    findings = json.loads(run("inventory", "check", "--estate", estate, "--scope", "pilot", "--as-of", "2026-09-30", "--json").stdout)["findings"]
    assert {finding["subject"] for finding in findings} == {"cloud:hn-province", "room:430224-0001", "system:430224-0001"}


def test_findings_of_severity_error_exit_3_with_their_place(estate: Path) -> None:
    break_file(estate, "systems.csv", "unit:430224-0002,room:430224-0001", "unit:430224-0002,room:430224-9999")
    break_file(estate, "units.csv", "county,430224,unit:430224-0001", "county,430224,unit:430224-0002")
    with (estate / "regions.csv").open("a", encoding="utf-8") as out:
        out.write("430224,茶陵县,Chaling County,county,430200,,gbt2260\n")
    result = run("inventory", "check", "--estate", estate)
    assert result.exit_code == 3
    errors = [line.split(" ")[0] for line in result.stdout.splitlines() if ": error INV-" in line]
    assert "systems.csv:2:room:" in errors
    assert any(line.startswith("units.csv:") and line.endswith(":parent:") for line in errors)
    assert "regions.csv:32:id:" in errors
    assert "regions.csv:32, regions.csv:139" in result.stdout


def test_unreadable_files_exit_2_all_at_once(estate: Path) -> None:
    break_file(estate, "regions.csv", "430224,茶陵县", "43022,茶陵县")
    break_file(estate, "rooms.csv", "id,name,site,unit,", "id,name,site,")
    (estate / "topics.csv").write_bytes((estate / "topics.csv").read_text("utf-8").encode("gbk"))
    result = run("inventory", "check", "--estate", estate)
    assert result.exit_code == 2
    for place in ("regions.csv:32:code:", "rooms.csv:1:unit:", "topics.csv:2: not UTF-8"):
        assert place in result.stderr
    as_json = run("inventory", "check", "--estate", estate, "--json")
    assert as_json.exit_code == 2
    assert {fault["file"] for fault in json.loads(as_json.stdout)["faults"]} >= {"regions.csv", "rooms.csv", "topics.csv"}


def test_other_commands_refuse_an_estate_with_errors(estate: Path) -> None:
    break_file(estate, "systems.csv", "unit:430224-0002,room:430224-0001", "unit:430224-0002,room:430224-9999")
    for words in (("report",), ("inventory", "list", "rooms"), ("inventory", "show", "system:430224-0001")):
        result = run(*words, "--estate", estate)
        assert (result.exit_code, "systems.csv:2:room" in result.stderr) == (2, True)
    assert not (estate / ".xiangyun").exists()


@pytest.mark.parametrize("words", [("inventory", "check"), ("inventory", "list", "rooms"), ("report",), ("audit", "list")])
def test_a_folder_that_is_no_estate(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(*words, "--estate", tmp_path)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "--estate" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_show_and_list(estate: Path) -> None:
    shown = json.loads(run("inventory", "show", "system:430224-0001", "--estate", estate, "--json").stdout)
    assert (shown["table"], shown["origin"], shown["room"]) == ("systems", "systems.csv:2", "room:430224-0001")
    assert {"id": "component:430224-0001-db", "column": "system"} in shown["named_by"]
    assert "茶陵县就业信息登记系统" in run("inventory", "show", "system:430224-0001", "--estate", estate).stdout
    listed = run("inventory", "list", "devices", "--scope", "pilot", "--estate", estate).stdout.splitlines()
    assert len(listed) == 9
    assert run("inventory", "list", "gadgets", "--estate", estate).exit_code == 2
    assert run("inventory", "show", "device:none", "--estate", estate).exit_code == 2
    assert run("inventory", "list", "devices", "--scope", "none", "--estate", estate).exit_code == 2


def test_init_starts_another_province(tmp_path: Path) -> None:
    made = run("init", tmp_path / "gd", "--province", "440000", "--name", "广东省")
    assert made.exit_code == 0, made.output
    assert run("inventory", "check", "--estate", tmp_path / "gd").exit_code == 0
    again = run("init", tmp_path / "gd", "--province", "440000", "--name", "广东省")
    assert (again.exit_code, "not an empty folder" in again.stderr) == (2, True)
    assert run("init", tmp_path / "other", "--name", "广东省").exit_code == 2
    assert not (tmp_path / "other").exists()


def test_version() -> None:
    assert run("version").stdout.startswith("xiangyun ")


def test_report_is_written_recorded_and_the_same_again(estate: Path) -> None:
    first = json.loads(run("report", "--estate", estate, "--scope", "pilot", "--as-of", "2026-10-01", "--json").stdout)
    second = json.loads(run("report", "--estate", estate, "--scope", "pilot", "--as-of", "2026-10-01", "--json").stdout)
    assert first == second
    entries = json.loads(run("audit", "list", "--estate", estate, "--json").stdout)
    assert [entry["what"] for entry in entries] == ["report.write", "report.write"]
    assert entries[0]["evidence"] == first["files"]
    out = estate / "out"
    assert run("report", "--estate", estate, "--scope", "pilot", "--lang", "en", "--out", out).exit_code == 0
    assert "Hunan Province" in (out / "inventory.html").read_text("utf-8")
    assert run("report", "--estate", estate, "--lang", "fr").exit_code == 2
    assert run("report", "--estate", estate, "--as-of", "soon").exit_code == 2


def test_report_tells_what_the_ledger_knows(estate: Path) -> None:
    from ledger import Ledger

    ledger = Ledger(estate / ".xiangyun")
    ledger.record("migrate.state", "system:430224-0001", note=json.dumps({"state": "done", "downtime_s": 1.25}))
    ledger.record("cloud.up", "cloud:hn-province", note="12 created")
    assert run("report", "--estate", estate, "--out", estate / "out").exit_code == 0
    tables = json.loads((estate / "out" / "inventory.json").read_text("utf-8"))["tables"]
    assert [(row["state"], row["downtime"]) for row in tables["migrations"]] == [("已完成", 1.25)]
    assert next(row["status"] for row in tables["clouds"] if row["id"] == "cloud:hn-province") == "已部署"
    assert [row["code"] for row in tables["changes"]] == ["migrate.state", "cloud.up"]


def test_a_report_for_a_day_that_cannot_be_told_is_refused(estate: Path) -> None:
    for day in ("2022-01-01", "2999-01-01"):
        result = run("inventory", "report", "--estate", estate, "--as-of", day)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert f"--as-of {day}" in result.stderr
    assert not (estate / ".xiangyun" / "report").exists()

"""`xiangyun audit`, end to end, with its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from inventory.starter import start
from ledger import Ledger


def run(*words: str | Path) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    start(tmp_path / "estate", "440000", "广东省", "")
    ledger = Ledger(tmp_path / "estate" / ".xiangyun")
    for number in range(4):
        ledger.record("net.push", f"scope:{number}")
    return tmp_path / "estate"


def test_export_and_verify_with_the_key_alone(estate: Path, tmp_path: Path) -> None:
    file, key, kept = tmp_path / "ledger.jsonl", tmp_path / "key.pem", tmp_path / "kept"
    assert run("audit", "export", file, "--estate", estate).exit_code == 0
    assert run("audit", "checkpoint", kept, "--estate", estate).exit_code == 0
    key.write_bytes((estate / ".xiangyun" / "keys" / "ledger.pub").read_bytes())
    checked = run("audit", "verify", file, "--key", key, "--checkpoint", kept)
    assert (checked.exit_code, "4 entries" in checked.stdout) == (0, True)

    raw = file.read_bytes()
    file.write_bytes(raw.replace(b"scope:2", b"scope:9"))
    tampered = run("audit", "verify", file, "--key", key)
    assert (tampered.exit_code, "entry 3: edited" in tampered.stdout) == (3, True)
    as_json = json.loads(run("audit", "verify", file, "--key", key, "--json").stdout)
    assert (as_json["ok"], as_json["problems"][0]["seq"]) == (False, 3)

    file.write_bytes(raw)
    Ledger(estate / ".xiangyun").record("more", "x")
    assert run("audit", "checkpoint", kept, "--estate", estate).exit_code == 0
    cut = run("audit", "verify", file, "--key", key, "--checkpoint", kept)
    assert (cut.exit_code, "truncated: entry 5 is missing" in cut.stdout) == (3, True)


@pytest.mark.parametrize("broken", ["file", "key", "checkpoint"])
def test_unreadable_things_exit_2(estate: Path, tmp_path: Path, broken: str) -> None:
    file, kept, key = tmp_path / "ledger.jsonl", tmp_path / "kept", estate / ".xiangyun" / "keys" / "ledger.pub"
    run("audit", "export", file, "--estate", estate)
    run("audit", "checkpoint", kept, "--estate", estate)
    {"file": file, "key": key, "checkpoint": kept}[broken].write_text("nonsense")
    result = run("audit", "verify", file, "--key", key, "--checkpoint", kept)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    missing = run("audit", "verify", tmp_path / "none", "--key", estate / ".xiangyun" / "keys" / "ledger.pub")
    assert missing.exit_code == 2


def test_list(estate: Path) -> None:
    assert len(run("audit", "list", "--estate", estate).stdout.splitlines()) == 4
    entries = json.loads(run("audit", "list", "--estate", estate, "--json").stdout)
    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4]


def test_export_to_where_nothing_can_be_written(estate: Path, tmp_path: Path) -> None:
    result = run("audit", "export", tmp_path / "none" / "file", "--estate", estate)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)

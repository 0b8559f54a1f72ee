"""Commands about what the census is for: exit codes, JSON, and what a stranger reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.inventory import app
from cli.main import app as main
from inventory.load import load_estate

ESTATES = Path(__file__).parents[2] / "estates"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ESTATES / "ningxia", tmp_path / "nx", ignore=shutil.ignore_patterns(".xiangyun")))


def run(*words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, list(words))
    return found.exit_code, found.stdout, found.stderr


@pytest.mark.parametrize("name", ["hunan", "ningxia"])
def test_both_estates_are_told(county: Path, name: str) -> None:
    folder = ["--estate", str(county if name == "hunan" else ESTATES / name)]
    for words in (["zombies", "--as-of", "2026-09-30"], ["catalogue"], ["catalogue", "--needs"], ["progress", "--as-of", "2026-09-30"]):
        for lang in ("zh", "en"):
            code, out, _ = run(*words, *folder, "--lang", lang)
            assert code == 3
            assert out
        code, out, _ = run(*words, *folder, "--json")
        assert code == 3
        assert json.loads(out)


def test_an_estate_without_targets_says_so(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--province", "440000", "--name", "广东省"]).exit_code == 0
    assert run("progress", "--estate", str(tmp_path / "new"), "--lang", "en")[:2] == (0, "no targets: write them into targets.yaml\n")


def test_a_decision_empties_the_list(estate: Path) -> None:
    folder, day = ["--estate", str(estate)], ["--as-of", "2026-09-30"]
    _, out, _ = run("zombies", "--kind", "unused", *day, *folder, "--json")
    names = [suspect["system"] for suspect in json.loads(out)]
    assert names
    for name in names:
        assert run("decide", name, "retire", "--by", "census", "--reason", "无人使用", "--yes", *folder)[0] == 0
    assert run("zombies", "--kind", "unused", *day, *folder)[0] == 0
    code, out, _ = run("zombies", "--kind", "unused", "--undecided", *day, *folder, "--json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["zombies", "--kind", "x"], "known are unused, ownerless, overlap"),
        (["zombies", "--as-of", "soon"], "not a day"),
        (["zombies", "--lang", "fr"], "known are zh and en"),
        (["catalogue", "--element", "nothing"], "no data element nothing"),
        (["catalogue", "--unit", "unit:x"], "no unit unit:x"),
        (["decide", "system:x", "keep", "--by", "census", "--reason", "r", "--yes"], "no system system:x"),
        (["intake", "check", "project:x"], "no project project:x"),
        (["intake", "enrol", "planner", "--key", "k"], "may not review"),
        (["intake", "review", "project:2026-0001", "--role", "finance", "--key", "no/such", "--approve"], "no enrolled key"),
    ],
)
def test_wrong_use_is_one_line(estate: Path, words: list[str], said: str) -> None:
    code, _, err = run(*words, "--estate", str(estate))
    assert code == 2
    assert said in err
    assert err.count("\n") == 1


def test_an_application_from_check_to_decision(estate: Path, tmp_path: Path) -> None:
    folder, project = ["--estate", str(estate)], "project:2026-0001"
    code, out, _ = run("intake", "check", project, *folder, "--json")
    found = json.loads(out)
    assert found["cloud"] == "cloud:nx-region"
    assert (code == 3) == any(opinion["level"] == "against" for opinion in found["opinions"])
    assert run("intake", "decide", project, *folder, "--yes")[0] == 4
    for role in ("digital-office", "finance"):
        code, out, _ = run("intake", "enrol", role, "--key", str(tmp_path / role), *folder, "--json")
        assert (code, json.loads(out)["private_key"]) == (0, str(tmp_path / role))
        words = ["intake", "review", project, "--role", role, "--key", str(tmp_path / role), "--approve", *folder]
        code, out, err = run(*words)
        assert code == 0, err
    assert out.strip() == f"{project}: finance approves; approved"
    assert json.loads(run(*words, "--json")[1])["state"] == "approved"
    assert run("intake", "decide", project, *folder, "--yes")[0] == 0
    _, out, _ = run("intake", "list", *folder)
    assert "approved" in out


def test_questions_in_jmespath(estate: Path) -> None:
    folder = ["--estate", str(estate)]
    assert run("query", "length(systems)", *folder)[:2] == (0, "85\n")
    code, out, _ = run("query", "regions[?level == 'city'].[code, name]", *folder)
    assert code == 0
    assert out.splitlines()[0] == "640100\t银川市"
    assert json.loads(run("query", "clouds[].id", *folder, "--json")[1])[0] == "cloud:nx-region"
    for wrong in ("systems[?", "length(`1`)"):
        code, _, err = run("query", wrong, *folder)
        assert code == 2
        assert err.count("\n") == 1


def test_the_report_of_a_whole_estate_leaves_nothing_out(estate: Path, tmp_path: Path) -> None:
    """What belongs to no scope, such as the plan's targets, is in the report of the whole."""
    code, _, err = run("report", "--estate", str(estate), "--out", str(tmp_path / "r"), "--as-of", "2026-11-24")
    assert code == 0, err
    tables = json.loads((tmp_path / "r" / "inventory.json").read_text("utf-8"))["tables"]
    loaded = load_estate(estate)
    assert len(tables["progress"]) == len(loaded.targets)
    assert len(tables["projects"]) == len(loaded.projects)
    assert len(tables["systems"]) == len(loaded.systems)

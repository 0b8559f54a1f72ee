"""What changed between revisions, in words; what hangs on what."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.inventory import app
from inventory.edit import set_fields
from inventory.errors import InputError
from inventory.graph import MOST, around, mermaid, svg
from inventory.history import at_revision, changes, shown
from inventory.load import read_estate
from inventory.model import Estate


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.fixture(params=["", "estates/one"])
def committed(small: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The small estate in a git repository, at its top or in a folder of it."""
    folder: Path = tmp_path / "repository" / request.param
    folder.parent.mkdir(parents=True, exist_ok=True)
    small.rename(folder)
    git(tmp_path / "repository", "init", "-q")
    git(tmp_path / "repository", "add", "-A")
    git(tmp_path / "repository", "commit", "-qm", "one")
    return folder


def test_moved_added_and_gone_rows_are_told(committed: Path) -> None:
    set_fields(committed, "systems", "system:1", {"room": "", "cloud": "cloud:p"})
    text = (committed / "dependencies.csv").read_text("utf-8")
    (committed / "dependencies.csv").write_text(text.replace("dependency:1", "dependency:9"), "utf-8")
    old, new = at_revision(committed, "HEAD"), read_estate(committed)
    found = {(row.id, row.kind): row.columns for row in changes(old, new)}
    assert found[("system:1", "changed")] == {"room": ("room:990101-0001", None), "cloud": (None, "cloud:p")}
    assert set(found) == {("system:1", "changed"), ("dependency:1", "removed"), ("dependency:9", "added")}
    assert shown(old, "room:990101-0001") == "某区机房 (room:990101-0001)"
    assert shown(old, None) == "–"


def test_columns_are_told_by_their_titles_and_to_programs_by_their_names(committed: Path) -> None:
    set_fields(committed, "systems", "system:1", {"max_downtime_s": 30})
    plan = (committed / "plan.yaml").read_text("utf-8")
    (committed / "plan.yaml").write_text(plan.replace('isis_area: "49.', 'isis_area: "48.'), "utf-8")
    (committed / "reviews.yaml").write_text("reviews:\n  - {roles: [approver], over_cny: 5000}\n", "utf-8")
    said = {lang: CliRunner().invoke(app, ["diff", "HEAD", "--estate", str(committed), "--lang", lang]).stdout for lang in ("zh", "en")}
    assert "  允许停机（秒）: 60 → 30\n" in said["zh"]
    assert "  Max downtime (s): 60 → 30\n" in said["en"]
    assert "变更 plan\n  IS-IS 区域: " in said["zh"]
    assert "added review over 5000\n" in said["en"]
    found = json.loads(CliRunner().invoke(app, ["diff", "HEAD", "--estate", str(committed), "--json"]).stdout)
    assert next(row["columns"] for row in found if row["id"] == "system:1") == {"max_downtime_s": [60, 30]}


def test_nothing_changed(committed: Path) -> None:
    assert changes(at_revision(committed, "HEAD"), read_estate(committed)) == []


@pytest.mark.parametrize("revision", ["nope", "--all", "-x"])
def test_no_such_revision(committed: Path, revision: str) -> None:
    with pytest.raises(InputError, match=revision):
        at_revision(committed, revision)


def test_outside_a_repository(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(small.parent))
    with pytest.raises(InputError, match="in no git repository"):
        at_revision(small, "HEAD")


def test_a_systems_picture_has_both_sides(small: Path) -> None:
    graph = around(read_estate(small), "system:1", 1)
    assert graph.distance["component:1-web"] == -1
    assert graph.distance["system:2"] == graph.distance["room:990101-0001"] == 1
    assert ("system:1", "system:2", "login") in graph.edges
    assert "system:3" not in graph.nodes
    assert not graph.cut


def test_a_part_without_a_name_is_called_by_its_product(hunan: Estate) -> None:
    assert around(hunan, "system:430224-0001").nodes["component:430224-0001-db"] == "postgresql"


def test_the_texts_of_a_picture_are_sound(small: Path) -> None:
    estate = read_estate(small)
    named = estate.systems["system:1"].model_copy(update={"name": '<"系统" & 一>'})
    graph = around(estate.model_copy(update={"systems": {**estate.systems, "system:1": named}}), "system:1")
    assert sum(1 for node in ET.fromstring(svg(graph)).iter() if node.tag.endswith("rect")) == len(graph.nodes)
    text = mermaid(graph)
    assert text.startswith("flowchart LR\n")
    assert "#quot;系统#quot;" in text
    assert text.count("-->") == len(graph.edges)


def test_a_picture_that_is_too_big_is_cut_and_says_so(hunan: Estate) -> None:
    graph = around(hunan, "system:430000-0009", 3)
    assert graph.cut
    assert len(graph.nodes) == MOST
    with pytest.raises(InputError, match="--depth"):
        around(hunan, "system:430000-0009", 0)

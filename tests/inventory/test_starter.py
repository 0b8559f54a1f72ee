"""A new estate is valid, and nothing is overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inventory.checks import run
from inventory.errors import InputError
from inventory.load import load_estate
from inventory.starter import start
from inventory.tables import TABLES, columns


def test_a_new_estate_passes_its_checks(tmp_path: Path) -> None:
    start(tmp_path / "new", "440000", "广东省", "Guangdong Province")
    estate = load_estate(tmp_path / "new")
    assert estate.regions["440000"].name == "广东省"
    assert run(estate, date(2026, 9, 30)) == []
    for table in TABLES.values():
        assert (tmp_path / "new" / table.file).read_text("utf-8").splitlines()[0] == ",".join(columns(table.row))


def test_the_examples_in_the_comments_are_those_that_load(tmp_path: Path) -> None:
    """Taking away the # of an example gives what the loader takes."""
    start(tmp_path / "new", "440000", "广东省", "Guangdong Province")
    for name in ("targets", "reviews"):
        file = tmp_path / "new" / f"{name}.yaml"
        lines = file.read_text("utf-8").splitlines()
        example = [line.removeprefix("# ") for line in lines[lines.index("#") + 1 : -1]]
        file.write_text("\n".join(example) + "\n", "utf-8")
    estate = load_estate(tmp_path / "new")
    assert {target.measure for target in estate.targets.values()} == {"on-cloud", None}
    assert [review.over_cny for review in estate.reviews] == [0, 5000000]


def test_an_empty_folder_is_taken_and_a_full_one_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    start(tmp_path / "empty", "440000", "广东省", "")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="not an empty folder"):
        start(tmp_path / "full", "440000", "广东省", "")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty", "full"]
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["note.txt"]


@pytest.mark.parametrize(("code", "name"), [("44", "广东省"), ("440100", "广州市"), ("040000", "某省"), ("440000", " ")])
def test_wrong_words_are_refused(tmp_path: Path, code: str, name: str) -> None:
    with pytest.raises(InputError):
        start(tmp_path / "new", code, name, "")
    assert list(tmp_path.iterdir()) == []

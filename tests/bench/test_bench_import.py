"""The preview of a large workbook, as the user waits for it; and how it grows."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.bench.clock import command, seconds
from tests.bench.registry import Record

pytestmark = pytest.mark.bench
HUNAN = Path(__file__).parents[2] / "estates" / "hunan"
TITLES = (
    *("资产编号", "资产名称", "资产类别", "所在机房", "所属单位", "账面净值（元）", "购置日期", "硬盘序列号", "CPU核数", "内存", "磁盘", "架构", "IPv6地址"),
    *("账面原值（元）", "折旧年限", "操作系统", "状态", "备注", "序号", "所在网段"),
)
LARGE, GOAL_S = 100_000, 10


def workbook(file: Path, rows: int) -> None:
    """Assets of one county as a unit would write them: units in cells, dates as text, no ids."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("资产清单")
        sheet.write_row(0, 0, TITLES)
        for number in range(1, rows + 1):
            value = 3_000 + number % 90_000
            cells: list[Any] = [
                "",
                f"服务器-{number}",
                "服务器",
                "茶陵县人力资源和社会保障局机房",
                "茶陵县人力资源和社会保障局",
                f"{value / 10_000}万",
                f"20{number % 20 + 5:02}.{number % 12 + 1}.{number % 28 + 1}",
            ]
            cells += [
                f"SN{number:08}",
                f"{2 ** (number % 7)}核",
                f"{8 * (number % 16 + 1)}G",
                f"{number % 8 + 1}T",
                "X86架构",
                "",
                value * 3,
                6,
                "centos 7",
                "在用",
                "",
                number,
                "",
            ]
            sheet.write_row(number, 0, cells)


def test_preview_of_a_large_workbook(record: Record, tmp_path: Path) -> None:
    estate = shutil.copytree(HUNAN, tmp_path / "hunan", ignore=shutil.ignore_patterns(".xiangyun"))
    said = tmp_path / "said.json"
    took: dict[int, float] = {}
    for rows in (LARGE // 10, LARGE):
        file = tmp_path / f"{rows}.xlsx"
        workbook(file, rows)
        words = [sys.executable, "-m", "cli.main", "inventory", "import", str(file), "--preview", "--json", "--estate", str(estate)]
        with said.open("wb") as out:
            took[rows] = min(seconds(command(words, expect=3, out=out)) for _ in range(3))
        made = json.loads(said.read_text("utf-8").splitlines()[0])
        assert len(made["added"]) == rows, made["problems"][:5]
    record("import preview, 100,000 x 20", took[LARGE], "s", goal=GOAL_S)
    record("import preview, 10,000 x 20", took[LARGE // 10], "s")
    record("import preview, from 10,000 to 100,000 rows", took[LARGE] / took[LARGE // 10], "times")

"""Dates in many shapes, numbers with their units, yes and no."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.importers.problems import CellError
from inventory.importers.text import key, tidy
from inventory.importers.values import decimal_text, read_bool, read_choice, read_date, read_number, read_text
from tests.inventory.importers.workbooks import MAPPING


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "2021-3-5",
            "2021/03/05",
            "2021.3.5",
            "2021年3月5日",
            "2021 年 3 月 5 日",
            "２０２１年３月５日",
            "20210305",
            "2021-03-05 00:00:00",
            "2021-3-5 8:30",
            "44260",
        ),
        *(20210305, 44260, 44260.0, date(2021, 3, 5), datetime(2021, 3, 5, 8, 30), "2021年3月5号", "2021-03-05T08:30:00.000"),
    ],
)
def test_one_day_in_many_shapes(raw: Any) -> None:
    assert read_date(raw) == ("2021-03-05", None)


def test_a_month_without_a_day_is_its_first_and_is_said() -> None:
    for raw in ("2021年3月", "2021-03", "2021.3"):
        day, warning = read_date(raw)
        assert day == "2021-03-01"
        assert warning
        assert raw in warning[0]


def test_serials_of_the_1904_system() -> None:
    assert read_date(42798, epoch_1904=True)[0] == "2021-03-05"


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_any_day_in_every_shape(day: date) -> None:
    for form in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
    ):
        assert read_date(form) == (day.isoformat(), None)


@pytest.mark.parametrize(
    ("raw", "family", "scale", "text"),
    [
        ("2T", "gib", 1, "2048"),
        ("64G", "gib", 1, "64"),
        ("512 GB", "gib", 1, "512"),
        ("500 M", "gib", 1, "0.48828125"),
        ("１６核", "cores", 1, "16"),
        ("16", "cores", 1, "16"),
        (16.0, "cores", 1, "16"),
        ("1.5万", "people", 1, "15000"),
        ("1.5万人", "people", 1, "15000"),
        ("3.2亿", "cny", 1, "320000000"),
        ("3.2亿元", "cny", 1, "320000000"),
        ("￥1,200.00", "cny", 1, "1200"),
        ("1,200元", "cny", 1, "1200"),
        ("12.5", "cny", 10_000, "125000"),  # the title says 万元
        (12.5, "cny", 10_000, "125000"),
        ("500元", "cny", 10_000, "500"),  # the cell's own unit goes before the title's
        ("1.5万", "cny", 10_000, "15000"),
        ("12千瓦", "kw", 1, "12"),
        ("800W", "kw", 1, "0.8"),
        ("99.9%", "percent", 1, "99.9"),
        ("46㎡", "m2", 1, "46"),
        ("2小时", "seconds", 1, "7200"),
        ("4小时", "minutes", 1, "240"),
        (".5", "", 1, "0.5"),
        (0.1, "cny", 10_000, "1000"),  # no 1000.0000000000001
    ],
)
def test_numbers_with_units(raw: Any, family: str, scale: int, text: str) -> None:
    assert decimal_text(read_number(raw, MAPPING.unit_words(family), scale)) == text


@pytest.mark.parametrize("raw", ["", "很多", "1,20", "1.2.3", "12台", "--1", "1e5", float("nan"), float("inf"), True, "约"])
def test_what_is_no_number(raw: Any) -> None:
    with pytest.raises(CellError):
        read_number(raw, MAPPING.unit_words("people"))


@pytest.mark.parametrize(
    ("raw", "text"),
    [("是", "true"), ("有", "true"), ("√", "true"), (1, "true"), (True, "true"), (" 否 ", "false"), ("无", "false"), ("N", "false"), (0.0, "false")],
)
def test_yes_and_no(raw: Any, text: str) -> None:
    assert read_bool(raw, MAPPING.yes_words, MAPPING.no_words) == text


def test_choices_whatever_the_width() -> None:
    assert read_choice("Ａ级", {"a级": "A"}) == "A"
    with pytest.raises(CellError):
        read_choice("Z", {"a级": "A"})


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("茶陵县\n就业 系统", "茶陵县就业系统"),
        ("系统（二期）", "系统（二期）"),
        ("ＯＡ　系统", "OA 系统"),
        (43022499001.0, "43022499001"),
        (2.5, "2.5"),
        ("  a  b ", "a b"),
    ],
)
def test_text_keeps_its_brackets_and_loses_its_gaps(raw: Any, text: str) -> None:
    assert read_text(raw) == text


def test_titles_and_names_are_compared_without_width_gaps_and_kind_of_brackets() -> None:
    assert key("账面净值\n（元）") == key("账面净值 (元)") == key("账面净值【元】")
    assert key("ＯＡ系统") == key("oa 系统")
    assert tidy("系统 （ 二期 ）") == "系统（二期）"

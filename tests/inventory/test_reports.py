"""The report adds up, opens offline, and is the same bytes for the same input."""

from __future__ import annotations

import io
import json as jsonlib
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from inventory.errors import InputError
from inventory.load import load_estate
from inventory.model import Estate
from inventory.reports import Facts, Report, build, html, json, xlsx
from inventory.reports.words import words
from inventory.reports.write import write
from inventory.scope import scoped

FACTS = Facts(
    as_of=date(2026, 10, 1),
    changes=[
        {"seq": 1, "time": "2026-10-01T00:00:00.000Z", "who": "ops", "what": "net.push", "on": "scope:pilot", "note": "=1+1", "before": None, "after": "ab"}
    ],
    migrations={"system:430224-0001": {"state": "done", "downtime_s": 2.5}},
    clouds={"cloud:hn-province": {"state": "up"}},
)


@pytest.fixture(scope="module")
def report(hunan: Estate) -> Report:
    return build(hunan, FACTS)


def figure(report: Report, title: str) -> int | float:
    return next(figure.value for figure in report.figures if figure.title == title)


def test_figures_are_those_of_the_estate(hunan: Estate, report: Report) -> None:
    assert figure(report, "信息系统总数") == len(hunan.systems)
    assert figure(report, "已上云系统") == sum(1 for system in hunan.systems.values() if system.cloud)
    assert figure(report, "资产账面价值") == sum(asset.book_value_cny for asset in hunan.assets.values())
    assert figure(report, "政务云") == 19
    assert sum(tile.systems for tile in report.tiles) < len(hunan.systems)
    assert len(report.topology.nodes) == len(hunan.devices)


def test_zombies_are_counted_by_the_day_given(hunan: Estate) -> None:
    old = [system for system in hunan.systems.values() if system.last_used and (date(2026, 10, 1) - system.last_used).days > 365]
    assert old
    assert figure(build(hunan, FACTS), "僵尸系统") == len(old)
    assert figure(build(hunan, Facts(as_of=date(2022, 1, 1))), "僵尸系统") == 0


def test_a_scope_has_its_own_rows_and_findings(hunan: Estate) -> None:
    pilot = build(scoped(hunan, "pilot"), FACTS, "en", hunan)
    assert [row[0] for row in pilot.table("systems").rows] == ["system:430224-0001"]
    assert {row[3] for row in pilot.table("findings").rows} == {"cloud:hn-province", "room:430224-0001", "system:430224-0001"}
    whole = build(hunan, FACTS, "en")
    assert len(whole.table("findings").rows) > 10


class Outline(HTMLParser):
    """What a page refers to, and the rows of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.rows = 0
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attributes if name in ("src", "href", "action") and value]
        self.rows += tag == "tr"
        if tag not in ("meta", "input", "rect", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line", "circle"):
            assert self.open.pop() == tag


def test_html_is_one_file_that_needs_no_network(report: Report) -> None:
    text = html.render(report)
    outline = Outline(text)
    assert all(link.startswith("#") for link in outline.links)
    assert not re.search(r"@import|url\(|https?://", text)
    assert outline.open == []
    assert outline.rows >= sum(len(table.rows) for table in report.tables)
    assert 'lang="zh-CN"' in text
    assert "茶陵县就业信息登记系统" in text


def test_html_escapes_what_the_estate_holds(small: Path) -> None:
    text = (small / "systems.csv").read_text("utf-8").replace("系统一", "<script>alert(1)</script>")
    (small / "systems.csv").write_text(text, "utf-8")
    regions = (small / "regions.csv").read_text("utf-8").replace("某省", "<b>某省").replace("某市", "<b>某市")
    (small / "regions.csv").write_text(regions, "utf-8")
    page = html.render(build(load_estate(small), FACTS))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>某" not in page
    assert "&lt;b&gt;某省" in page


def evaluate(book: Any, formula: object) -> float:
    """The formulas that the report uses, done by hand: COUNTA, COUNTIF, SUM, SUMIF, SUBTOTAL(9)."""
    match = re.fullmatch(r"=(\w+)\((.*)\)", str(formula))
    if not match:
        return float(str(formula).removeprefix("="))
    name, arguments = match[1], match[2].split(",")

    def cells(reference: str) -> list[Any]:
        sheet, _, span = reference.rpartition("!")
        left, top, right, bottom = range_boundaries(span.replace("$", ""))
        return [row[0] for row in book[sheet.strip("'")].iter_rows(top, bottom, left, right, values_only=True)]

    if name == "COUNTA":
        return sum(value is not None for value in cells(arguments[0]))
    if name == "SUM":
        return float(sum(cells(arguments[0])))
    wanted = arguments[1].strip('"')
    hits = [str(value) == wanted for value in cells(arguments[0])]
    if name == "COUNTIF":
        return sum(hits)
    assert name == "SUMIF"
    return float(sum(value for value, hit in zip(cells(arguments[2]), hits, strict=True) if hit))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_adds_up(hunan: Estate, lang: str) -> None:
    report = build(hunan, FACTS, lang)
    book = load_workbook(io.BytesIO(xlsx.render(report)))
    said = words(lang)
    assert book.sheetnames == [said["summary"], *(table.title for table in report.tables)]
    assert all(len(name) <= 31 for name in book.sheetnames)
    summary = book[said["summary"]]
    for row, expected in enumerate(report.figures, 5):
        assert summary.cell(row, 1).value == expected.title
        assert evaluate(book, summary.cell(row, 2).value) == pytest.approx(expected.value), expected.title
    for table in report.tables:
        sheet = book[table.title]
        assert sheet.freeze_panes
        last = len(table.rows) + 1
        for index, column in enumerate(table.columns, 1):
            if column.total and table.rows:
                letter = get_column_letter(index)
                assert sheet.cell(last + 2, index).value == f"=SUBTOTAL(9,{letter}2:{letter}{last})"


def test_text_that_looks_like_a_formula_stays_text(report: Report) -> None:
    book = load_workbook(io.BytesIO(xlsx.render(report)))
    note = next(cell for cell in book["变更记录"][2] if cell.value == "=1+1")
    assert note.data_type == "s" or note.quotePrefix


def test_same_input_same_bytes(folder: Path) -> None:
    one, two = (build(load_estate(folder), FACTS) for _ in range(2))
    assert xlsx.render(one) == xlsx.render(two)
    assert html.render(one) == html.render(two)
    assert json.render(one) == json.render(two)
    assert b"2026-10-01T00:00:00Z" in _core(xlsx.render(one))


def _core(workbook: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return archive.read("docProps/core.xml")


def test_written_files_and_their_digests(report: Report, tmp_path: Path) -> None:
    from hashlib import sha256

    digests = write(report, tmp_path / "out")
    assert sorted(digests) == ["inventory.html", "inventory.json", "inventory.xlsx"]
    assert {name: sha256((tmp_path / "out" / name).read_bytes()).hexdigest() for name in digests} == digests
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(digests)
    assert jsonlib.loads((tmp_path / "out" / "inventory.json").read_text("utf-8"))["tables"]["clouds"][0]["status"] == "up"


def test_languages_have_the_same_words() -> None:
    assert words("zh").keys() == words("en").keys()
    with pytest.raises(InputError, match="zh and en"):
        words("fr")

"""The report adds up, opens offline, leads from every number to its rows, and is the same bytes for the same input."""

from __future__ import annotations

import json as jsonlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from inventory import mlps, model
from inventory.errors import InputError
from inventory.load import load_estate
from inventory.model import AssetStatus, Estate
from inventory.overlap import suspects
from inventory.reports import Facts, Report, build, html, json, links, pictures, xlsx
from inventory.reports.model import Share, Source
from inventory.reports.words import words
from inventory.reports.write import write
from inventory.scope import scoped
from tests.inventory.reports_help import Book, embedded, led_to

DAY = date(2026, 10, 1)
SYSTEM = "system:430224-0001"
FACTS = Facts(
    as_of=DAY,
    changes=[
        {"seq": 1, "time": "2026-09-30T16:00:00.000Z", "who": "ops", "what": "other", "on": "scope:pilot", "note": "=1+1", "before": None, "after": "ab" * 32}
    ],
    migrations={SYSTEM: {"state": "done", "downtime_s": 2.5, "rows": 7, "acknowledged": 5, "lost": 0, "longest_gap_s": 1.5}},
    clouds={"cloud:hn-province": {"state": "up"}},
)
NINGXIA = Path(__file__).parents[2] / "estates" / "ningxia"
CJK = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def report(hunan: Estate) -> Report:
    return build(hunan, FACTS)


@pytest.fixture(scope="module")
def ningxia() -> Estate:
    return load_estate(NINGXIA)


def figure(report: Report, key: str) -> int | float:
    return next(figure.value for figure in report.figures if figure.key == key)


def test_figures_are_those_of_the_estate(hunan: Estate, report: Report) -> None:
    assert figure(report, "f_systems") == len(hunan.systems)
    assert figure(report, "f_in_cloud") == sum(1 for system in hunan.systems.values() if system.cloud)
    assert figure(report, "f_book_in_use") == pytest.approx(sum(asset.book_value_cny for asset in hunan.assets.values()))
    assert figure(report, "f_clouds") == 19
    assert sum(tile.systems for tile in report.tiles) < len(hunan.systems)
    assert len(report.topology.nodes) == len(hunan.devices)


def test_names_in_the_topology_cover_neither_one_another_nor_a_device(report: Report, ningxia: Estate) -> None:
    for made in (report, build(ningxia, FACTS)):
        svg = pictures.topology(made.topology, made.words)
        boxes = [(float(x), float(y), 10.0, 10.0) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)]
        labels = re.findall(r'<text [^>]*x="([\d.-]+)" y="([\d.-]+)" text-anchor="middle" style="font-size:(\d+)px">([^<]+)</text>', svg)
        assert len(labels) >= 8
        boxes += [(float(x), float(y) - 0.36 * float(font), 0.56 * float(font) * len(name), float(font)) for x, y, font, name in labels]
        met = [
            (a, b)
            for a, b in combinations(boxes, 2)
            if b in boxes[-len(labels) :] and abs(a[0] - b[0]) < (a[2] + b[2]) / 2 and abs(a[1] - b[1]) < (a[3] + b[3]) / 2
        ]
        assert met == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_beside_bars_fit_between_the_edge_and_the_bars(hunan: Estate, lang: Literal["zh", "en"]) -> None:
    """A half-width letter of 12 px takes 6.7 px in Chromium, so 21 of them fit into the 142 px that there are."""
    made = build(hunan, FACTS, lang)
    labels = [
        label
        for chart in made.charts
        for label in re.findall(r'text-anchor="end"><title>[^<]*</title>([^<]*)<', pictures.bars(chart, made.table(chart.table), made.words))
    ]
    assert any(label.endswith("…") for label in labels)
    assert [label for label in labels if pictures.width_of(label) > 21] == []


def test_what_is_disposed_of_is_no_book_value(hunan: Estate, report: Report) -> None:
    gone = next(asset for asset in hunan.assets.values() if asset.room == "room:430224-0001")
    estate = hunan.model_copy(update={"assets": {**hunan.assets, gone.id: gone.model_copy(update={"status": AssetStatus.DISPOSED})}})
    after = build(estate, FACTS, found=())
    assert figure(after, "f_book_in_use") == pytest.approx(figure(report, "f_book_in_use") - gone.book_value_cny)
    assert figure(after, "f_book_disposed") == pytest.approx(gone.book_value_cny)
    rooms = after.table("rooms")
    row = next(row for row in rooms.rows if row[0] == gone.room)
    left = [asset.book_value_cny for asset in hunan.assets.values() if asset.room == gone.room and asset.id != gone.id]
    assert row[rooms.index("book_in_use")] == pytest.approx(sum(left))
    assert row[rooms.index("book_disposed")] == pytest.approx(gone.book_value_cny)


def test_zombies_are_those_of_the_day_given(hunan: Estate) -> None:
    for day in (DAY, date(2022, 1, 1)):
        unused = {suspect.system for suspect in suspects(hunan, day) if suspect.kind == "unused"}
        assert figure(build(hunan, replace(FACTS, as_of=day), found=()), "f_zombies") == len(unused)


def test_assessments_are_in_time_by_their_level(hunan: Estate) -> None:
    system = hunan.systems[SYSTEM].model_copy(update={"mlps_level": 3, "mlps_tested": date(2025, 9, 30), "crypto_assessed": date(2025, 10, 1)})
    assert (mlps.tested(system, DAY), mlps.crypto_assessed(system, DAY)) == ("in-time", "in-time")
    assert (mlps.tested(system, date(2026, 10, 2)), mlps.crypto_assessed(system, date(2026, 10, 2))) == ("overdue", "in-time")
    assert mlps.tested(system.model_copy(update={"mlps_level": 4}), DAY) == "overdue"
    assert mlps.tested(system.model_copy(update={"mlps_level": 2}), DAY) == "not-required"
    assert mlps.tested(system.model_copy(update={"mlps_tested": None}), DAY) == "never"
    assert mlps.filed(system.model_copy(update={"mlps_filing": ""})) == "missing"
    assert mlps.filed(system.model_copy(update={"mlps_filing": "", "classified": True})) == "not-required"


def test_a_scope_has_its_own_rows_and_findings(hunan: Estate, report: Report) -> None:
    pilot = build(scoped(hunan, "pilot"), FACTS, "en", hunan)
    assert [row[0] for row in pilot.table("systems").rows] == [SYSTEM]
    assert all(row[0] in hunan.data_resources and hunan.data_resources[str(row[0])].system == SYSTEM for row in pilot.table("resources").rows)
    assert len(pilot.table("projects").rows) < len(hunan.projects)
    assert len(report.table("findings").rows) > len(pilot.table("findings").rows)


def test_every_number_leads_to_exactly_its_rows(report: Report, ningxia: Estate) -> None:
    for told in (report, build(ningxia, replace(FACTS, migrations={}), "en")):
        for one in told.figures:
            assert counted(told, links.link(one.source, told.words), one.source) == pytest.approx(one.value), one.key
        for table in told.tables:
            for index, column in enumerate(table.columns):
                if isinstance(column.of, Source):
                    for row in table.rows[:12]:
                        link = links.link(column.of, told.words, table, row)
                        assert counted(told, link, column.of) == pytest.approx(row[index]), (table.key, column.key, row[0])


def counted(report: Report, link: str, source: Source) -> float:
    key, rows = led_to(report, link)
    assert key == source.table
    added = [row[report.table(key).index(source.column)] for row in rows] if source.column else [1] * len(rows)
    return sum(float(value) for value in added if isinstance(value, int | float))


class Outline(HTMLParser):
    """What a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attributes if name in ("src", "href", "action") and value]
        if tag not in ("meta", "input", "rect", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line", "circle"):
            assert self.open.pop() == tag


def test_html_is_one_file_that_needs_no_network(report: Report) -> None:
    text = html.render(report)
    outline = Outline(text)
    sections = {table.key for table in report.tables} | {"summary"}
    assert outline.links
    assert all(link.startswith("#") and link[1:].partition("?")[0] in sections for link in outline.links)
    assert not re.search(r"@import|url\(|https?://", text)
    assert outline.open == []
    assert 'lang="zh-CN"' in text
    assert "<noscript>" in text


def test_html_holds_every_row(report: Report) -> None:
    held = embedded(html.render(report))
    for table in report.tables:
        plain = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in table.rows]
        assert held.get(table.key, []) == plain, table.key


def test_html_escapes_what_the_estate_holds(small: Path) -> None:
    text = (small / "systems.csv").read_text("utf-8").replace("系统一", "</script><script>alert(1)</script><!--")
    (small / "systems.csv").write_text(text, "utf-8")
    regions = (small / "regions.csv").read_text("utf-8").replace("某省", "<b>某省").replace("某市", "<b>某市")
    (small / "regions.csv").write_text(regions, "utf-8")
    page = html.render(build(load_estate(small), FACTS))
    assert "<script>alert" not in page
    assert "<!--" not in page
    assert embedded(page)["systems"][0][1] == "</script><script>alert(1)</script><!--"
    assert "<b>某" not in page
    assert "&lt;b&gt;某省" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_adds_up(ningxia: Estate, lang: str) -> None:
    report = build(ningxia, FACTS, lang)
    book = Book(xlsx.render(report))
    said = words(lang)
    assert book.formulas.sheetnames == [said["summary"], *(table.title for table in report.tables)]
    assert all(len(name) <= 31 for name in book.formulas.sheetnames)
    summary = book.formulas[said["summary"]]
    for line, expected in enumerate(report.figures, 5):
        assert summary.cell(line, 1).value == expected.title
        cell: Any = summary.cell(line, 2)
        assert book.evaluate(summary.title, str(cell.value)) == pytest.approx(expected.value), expected.key
        assert book.values[summary.title].cell(line, 2).value == pytest.approx(expected.value), "what a viewer without a calculator shows"
        assert cell.hyperlink.location.replace("'", "") == f"{report.table(expected.source.table).title}!A1"
    for table in report.tables:
        sheet, saved = book.formulas[table.title], book.values[table.title]
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        for at, row in enumerate(table.rows, 2):
            for index, column in enumerate(table.columns):
                if column.of is not None:
                    assert saved.cell(at, index + 1).value == row[index], (table.key, column.key)
                    if at < 12:
                        evaluated = book.evaluate(table.title, str(sheet.cell(at, index + 1).value))
                        assert evaluated == pytest.approx(row[index]), (table.key, column.key, row[0])
        last = len(table.rows) + 1
        for index, column in enumerate(table.columns, 1):
            if column.total and table.rows:
                evaluated = book.evaluate(table.title, str(sheet.cell(last + 2, index).value))
                assert evaluated == pytest.approx(saved.cell(last + 2, index).value), (table.key, column.key)
                assert isinstance(column.of, Share) or str(sheet.cell(last + 2, index).value).startswith("=SUBTOTAL(9,")


@pytest.mark.parametrize("name", ["*", "某?局", "~", "=1", ">0", 'MAP("x")', "<r>甲</r>"])
def test_a_name_is_no_pattern_formula_or_markup(small: Path, name: str) -> None:
    estate = load_estate(small)
    units = {key: unit.model_copy(update={"name": name if key == "unit:990101-0001" else "另一局"}) for key, unit in estate.units.items()}
    whole = build(estate.model_copy(update={"units": units}), FACTS, found=())
    table = whole.table("units")
    counted = {column.of.table for column in table.columns if isinstance(column.of, Source)}
    report = replace(whole, figures=(), tables=tuple(one for one in whole.tables if one is table or one.key in counted))
    book = Book(xlsx.render(report))
    at = [row[1] for row in table.rows].index(name) + 2
    formula = str(book.formulas[table.title].cell(at, table.index("system_count") + 1).value)
    cells = book.column(report.table("systems").title, "C")
    shown = str(book.values[table.title].cell(at, 2).value)
    assert shown.strip() == name
    if not name.startswith("<r>"):
        assert book.evaluate(table.title, formula) == 2 == cells.count(name)


def test_text_that_looks_like_a_formula_stays_text(small: Path) -> None:
    book = Book(xlsx.render(build(load_estate(small), FACTS))).formulas
    assert next(cell for cell in book["变更记录"][2] if cell.value == "=1+1").data_type == "s"


@pytest.mark.parametrize("render", [html.render, xlsx.render, json.render])
def test_same_input_same_bytes(small: Path, render: Callable[[Report], bytes | str]) -> None:
    one, two = (render(build(load_estate(small), FACTS)) for _ in range(2))
    assert one == two


def test_the_workbook_bears_the_reports_day(small: Path) -> None:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(xlsx.render(build(load_estate(small), FACTS)))) as archive:
        assert b"2026-10-01T00:00:00Z" in archive.read("docProps/core.xml")
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}


def test_written_files_and_their_digests(small: Path, tmp_path: Path) -> None:
    from hashlib import sha256

    report = build(load_estate(small), replace(FACTS, clouds={"cloud:p": {"state": "up"}}))
    digests = write(report, tmp_path / "out")
    assert sorted(digests) == ["inventory.html", "inventory.json", "inventory.xlsx"]
    assert {name: sha256((tmp_path / "out" / name).read_bytes()).hexdigest() for name in digests} == digests
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(digests)
    told = jsonlib.loads((tmp_path / "out" / "inventory.json").read_text("utf-8"))
    assert told == jsonlib.loads(jsonlib.dumps(json.as_dict(report), default=str))
    assert told["tables"]["clouds"][0]["status"] == "已部署"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_small_report_is_as_it_was_looked_at(small: Path, golden: Callable[[str, str], None], lang: str) -> None:
    golden(f"report-small-{lang}.json", json.render(build(load_estate(small), FACTS, lang, found=())))


# languages


def test_languages_have_the_same_words() -> None:
    zh, en = words("zh"), words("en")
    assert zh.keys() == en.keys()
    for key, word in zh.items():
        assert word.strip(), key
        assert set(re.findall(r"{(\w+)}", word)) == set(re.findall(r"{(\w+)}", en[key])), key
        if key.startswith(("c_", "f_", "g_")) or ":" in key:
            assert not CJK.search(en[key]), key
    with pytest.raises(InputError, match="zh and en"):
        words("fr")


# The values of the model that the report shows, by the kind of their word.
SHOWN = {
    "room": model.RoomStatus,
    "asset": model.AssetStatus,
    "system": (model.System, "status"),
    "zone": model.Zone,
    "ownership": (model.Room, "ownership"),
    "level": model.Level,
    "source": model.Source,
    "role": (model.Device, "role"),
    "vendor": (model.Device, "vendor"),
    "intent": (model.PrivateNetwork, "intent"),
    "base": (model.DataResource, "base"),
    "sharing": (model.DataResource, "sharing"),
    "need": (model.DataNeed, "status"),
    "decision": (model.Decision, "decision"),
    "disposition": model.Disposition,
    "value": model.Disposition,
}
KINDS = [(model.Asset, "kind"), (model.Component, "kind"), (model.Cloud, "kind"), (model.Pool, "kind")]
PROJECT = [(model.Project, "kind"), (model.Project, "status")]


def values(source: object) -> list[str]:
    if isinstance(source, type) and issubclass(source, StrEnum):
        return list(source)
    assert isinstance(source, tuple)
    annotation = source[0].model_fields[source[1]].annotation
    assert get_origin(annotation) is Literal
    return [value for value in get_args(annotation) if value]


def test_every_value_that_is_shown_has_its_words() -> None:
    have = words("zh")
    wanted = [(kind, value) for kind, source in SHOWN.items() for value in values(source)]
    wanted += [("kind", value) for source in KINDS for value in values(source)] + [("project", value) for source in PROJECT for value in values(source)]
    wanted += [("assessed", value) for value in get_args(mlps.State)]
    assert len(wanted) > 80
    assert [f"{kind}:{value}" for kind, value in wanted if f"{kind}:{value}" not in have] == []


def test_english_has_chinese_only_where_the_estate_has_no_other_name(ningxia: Estate) -> None:
    page = html.render(build(ningxia, replace(FACTS, migrations={}), "en"))
    report = build(ningxia, FACTS, "en")
    assert all(not CJK.search(tile.name) for tile in report.tiles)
    for table in report.tables:
        assert not CJK.search(table.title)
        assert not any(CJK.search(column.title) for column in table.columns)
        for column in table.columns:
            if column.key in ("city", "status", "kind", "stands", "state", "decision", "suspicion", "evidence", "finding", "filed", "tested"):
                said = [str(value) for value in table.values(column.key) if value is not None and CJK.search(str(value))]
                if table.key not in ("suspects", "findings"):
                    assert said == [], (table.key, column.key)
    assert 'lang="en"' in page

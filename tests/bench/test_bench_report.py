"""The report on a generated estate (10,000 systems, 20,000 devices, 100,000 assets), and a workbook beside a bare loop of the library that writes it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from ipaddress import IPv6Network
from typing import Any

import pytest

from inventory.model import AddressPlan, Asset, Component, Device, Estate, Level, Region, Room, Site, System, Unit
from inventory.overlap import suspects
from inventory.reports import Facts, Report, build, html, xlsx
from inventory.reports.model import Chart, Column, Row, Table, Topology
from inventory.reports.words import words
from tests.bench.clock import seconds, side_by_side
from tests.bench.registry import Record

pytestmark = pytest.mark.bench
DAY = date(2026, 10, 1)
HTML_S = 5
XLSX_RATIO = 1.3
COLUMNS = 20


def plain(model: Any, /, **values: Any) -> Any:
    """An instance as the loader makes it, without its checks."""
    return model.model_construct(**values)


def estate(size: int) -> Estate:
    """`size` assets, a tenth as many systems and a fifth as many devices, over 14 cities with 10 counties each."""
    regions = {"990000": plain(Region, code="990000", name="某省", name_en="Some Province", level=Level.PROVINCE)}
    for city in range(1, 15):
        code = f"99{city:02d}00"
        regions[code] = plain(Region, code=code, name=f"第{city}市", name_en=f"City {city}", level=Level.CITY, parent="990000")
        for county in range(1, 11):
            regions[f"99{city:02d}{county:02d}"] = plain(
                Region, code=f"99{city:02d}{county:02d}", name=f"{city}-{county}县", name_en=f"County {city}-{county}", level=Level.COUNTY, parent=code
            )
    counties = [code for code, region in regions.items() if region.level is Level.COUNTY]
    units = {f"unit:{n}": plain(Unit, id=f"unit:{n}", name=f"第{n}局", level=Level.COUNTY, region=counties[n % len(counties)]) for n in range(size // 50)}
    sites = {f"site:{code}": plain(Site, id=f"site:{code}", name=f"{code}节点", region=code, kind="county") for code in counties}
    names, places = list(units), list(sites)
    rooms = {
        f"room:{n}": plain(
            Room, id=f"room:{n}", name=f"第{n}机房", site=places[n % len(places)], unit=names[n % len(names)], area_m2=40, racks=4, power_kw=8, pue=1.8
        )
        for n in range(size // 100)
    }
    halls = list(rooms)
    assets = {f"asset:{n}": _asset(n, names, halls) for n in range(size)}
    systems = {f"system:{n}": _system(n, names, halls) for n in range(size // 10)}
    parts = {
        f"component:{n}": plain(Component, id=f"component:{n}", system=f"system:{n % len(systems)}", kind="database", product="postgresql", asset=f"asset:{n}")
        for n in range(size // 5)
    }
    devices = {
        f"device:d{n}": plain(Device, id=f"device:d{n}", name=f"d{n}", role="county-edge", site=places[n % len(places)], vendor="frr", model="FRR")
        for n in range(size // 5)
    }
    plan = plain(AddressPlan, asn=1, loopbacks=IPv6Network("2001:db8::/48"))
    tables: Any = {"units": units, "sites": sites, "rooms": rooms, "assets": assets, "systems": systems, "components": parts, "devices": devices}
    return Estate.model_construct(province="990000", regions=regions, plan=plan, **tables)


def _asset(n: int, units: list[str], rooms: list[str]) -> Any:
    kind = ("server", "server", "storage", "switch", "ups")[n % 5]
    bought = DAY - timedelta(days=30 + n % 4000)
    return plain(
        Asset,
        id=f"asset:{n}",
        name=f"svr-{n}",
        kind=kind,
        room=rooms[n % len(rooms)],
        unit=units[n % len(units)],
        book_value_cny=float(n % 90_000),
        original_cny=float(10_000 + n % 90_000),
        purchased=bought,
        media=f"WD{n}A WD{n}B",
        vcpus=16,
        memory_gib=64,
        disk_gib=2000,
        arch="x86_64",
        os="centos 7",
    )


def _system(n: int, units: list[str], rooms: list[str]) -> Any:
    used = DAY - timedelta(days=n % 700)
    return plain(
        System,
        id=f"system:{n}",
        name=f"第{n}号业务系统",
        unit=units[n % len(units)],
        room=rooms[n % len(rooms)],
        zone="public",
        mlps_level=2 + n % 3,
        mlps_filing=f"F{n}",
        mlps_tested=used,
        crypto_assessed=used,
        last_used=used,
        daily_visits=n % 1000,
        users=n % 500,
        yearly_cost_cny=float(n % 700_000),
        purpose=f"职能{n}",
    )


def test_html_of_a_hundred_thousand_assets(record: Record) -> None:
    """Findings are handed in: the checks have a bench of their own."""
    took: dict[int, float] = {}
    for size in (10_000, 100_000):
        made = estate(size)
        took[size] = min(seconds(lambda: html.render(build(made, Facts(as_of=DAY), found=()))) for _ in range(3))  # noqa: B023 - done before the next
    record("report: HTML of 10,000 systems, 20,000 devices, 100,000 assets", took[100_000], "s", goal=HTML_S)
    record("report: growth of HTML from 10,000 to 100,000 assets", took[100_000] / took[10_000], "times")
    record("report: of which zombies and overlap", seconds(lambda: suspects(made, DAY)), "s")


def test_workbook_beside_a_bare_loop(record: Record) -> None:
    took = {}
    for size in (10_000, 100_000):
        made = _flat(size)
        ours, bare = side_by_side(3, lambda: xlsx.render(made), lambda: _bare(made.tables[0]))  # noqa: B023 - done before the next
        took[size] = (ours, bare)
    ours, bare = took[100_000]
    record("report: XLSX of 100,000 rows, 20 columns", ours / bare, "ratio", goal=XLSX_RATIO, peer="a bare xlsxwriter loop", peer_value=bare)
    record("report: XLSX of 100,000 rows, 20 columns, time", ours, "s")
    record("report: growth of XLSX from 10,000 to 100,000 rows", ours / took[10_000][0], "times")


def _flat(size: int) -> Report:
    """One table of every kind of column; the last one is empty."""
    kinds: list[Any] = ["mono", *["text"] * 5, *["number"] * 4, *["money"] * 2, *["date"] * 2, "yes", *["text"] * 5]
    assert len(kinds) == COLUMNS
    columns = tuple(Column(f"c{index}", f"Column {index}", kind, kind in ("number", "money")) for index, kind in enumerate(kinds))
    rows: list[Row] = [
        (
            f"asset:{n}",
            *(f"第{n}号{index}" for index in range(5)),
            *(n + index for index in range(4)),
            *(n + 0.25, n + 0.5),
            *(DAY - timedelta(days=n % 900), DAY),
            n % 2 == 0,
            *("在用", "服务器", "x86_64", "示例", ""),
        )
        for n in range(size)
    ]
    table = Table("flat", "flat", columns, rows)
    charts: tuple[Chart, ...] = ()
    return Report("t", "zh", DAY, "s", (), (table,), charts, (), Topology("", (), ()), words("zh"))


def _bare(table: Table) -> bytes:
    """What the library's own manual shows: `write` of every cell, in constant_memory mode."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(table.rows):
        for index, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, index, value, day)
            else:
                sheet.write(number, index, value)
    book.close()
    return out.getvalue()

"""NetBox' CSVs as sheets that `netbox.yaml` reads, and what they hold that the estate has no place for.

Cells stay where NetBox wrote them: a problem names NetBox' own file, row and column. What `inventory.feeds.netbox` would write for a row becomes the
estate's own value, so that nothing changes where NetBox only knows less. Source: tables, bulk import forms and Chinese translation of NetBox 4.4
(github.com/netbox-community/netbox: dcim, ipam and tenancy).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network

from inventory.feeds.netbox import called, location_status, slug
from inventory.importers.book import Book, Cell, Sheet
from inventory.importers.guard import Kind
from inventory.importers.mapping import Mapping
from inventory.importers.problems import Place, Problem, Severity
from inventory.importers.sheets import unread
from inventory.importers.text import key
from inventory.model import Estate

TABLES = {"tenants": ("units",), "sites": ("sites",), "locations": ("rooms",), "devices": ("devices",), "cables": ("links",), "prefixes": ("lans", "addresses")}
CHINESE = {
    "地区": "regions",
    "租户": "tenants",
    "站点": "sites",
    "位置": "locations",
    "设备": "devices",
    "接口": "interfaces",
    "线缆": "cables",
    "前缀": "prefixes",
    "站点组": "site groups",
    "厂商": "manufacturers",
    "设备角色": "device roles",
}
NAMES = ("site groups", "manufacturers", "device roles", "device types")  # what sites and devices name: nothing else is lost with them
NOTHING = frozenset(("", "0", "false", "active", "在线", "connected", "已连接", "global"))  # what NetBox writes where nobody said anything
ENABLED = ("enabled", "已启用")  # here that is true
RETIRED, CONTAINER = ("retired", "下架"), ("container", "容器")


@dataclass(slots=True)
class _List:
    """One of NetBox' lists, as it stands in a CSV."""

    book: Book
    sheet: Sheet
    mapping: Mapping

    @property
    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Those below the titles that hold anything, by their number from 0."""
        return ((number, row) for number, row in enumerate(self.sheet.rows) if number and any(row))

    def at(self, *titles: str) -> int:
        """The first column with one of the titles; -1: none."""
        here = [key(str(title)) for title in self.sheet.rows[0]]
        return next((here.index(key(title)) for title in titles if key(title) in here), -1)

    def column(self, table: str, name: str) -> int:
        """The column that the mapping reads as this one of a table."""
        return self.at(*self.mapping.tables[table].columns[name].titles)

    def place(self, row: int = -1, column: int = -1) -> Place:
        return Place(self.book.name, self.sheet.name, row, column)

    def copy(self) -> _List:
        return replace(self, sheet=replace(self.sheet, rows=[list(row) for row in self.sheet.rows]))


def sheets(books: Sequence[Book], estate: Estate, mapping: Mapping) -> tuple[list[Book], list[Problem]]:
    """Books whose sheets are tables of the estate, and what is to be said about the others."""
    found: list[Book] = []
    problems: list[Problem] = []
    for book in books:
        listed, kind = _List(book, next(sheet for sheet in book.sheets if sheet.rows), mapping), kind_of(book)
        if book.kind is not Kind.CSV:
            zh, en = "NetBox 的列表只导出为 CSV，未读", "NetBox' lists are CSVs: it was not read"
            problems.append(Problem(Place(book.name), Severity.ERROR, "no-table", zh, en))
        elif kind in TABLES:
            made = [_READ[kind](listed.copy(), estate, table, problems) for table in TABLES[kind]]
            found.append(replace(book, sheets=[_without_nothing(one, table) for one, table in zip(made, TABLES[kind], strict=True)]))
        elif kind in _COMPARED:
            problems += _COMPARED[kind](listed, estate)
        else:
            count, severity = sum(1 for _ in listed.rows), Severity.NOTE if kind in NAMES or not any(listed.rows) else Severity.WARNING
            zh, en = f"台账没有存放 NetBox {kind} 的地方，{count} 行未读", f"the estate has no place for NetBox' {kind}: rows not read: {count}"
            problems.append(Problem(listed.place(), severity, "no-place", zh, en))
    return found, problems


def kind_of(book: Book) -> str:
    """`site groups` for `netbox_site groups.csv`, `netbox_站点组.csv` and `02-site-groups.csv`."""
    words = re.sub(r"[^a-z\u4e00-\u9fff]+", " ", book.path.stem.lower()).strip().removeprefix("netbox").strip()
    return CHINESE.get(words, words)


def _without_nothing(listed: _List, table: str) -> Sheet:
    """Without the cells of unread columns that say nothing; what is left of those is listed."""
    read = {listed.column(table, name) for name in listed.mapping.tables[table].columns}
    for _, row in listed.rows:
        row[:] = [cell if place in read else _said(title, cell) for place, (title, cell) in enumerate(zip(listed.sheet.rows[0], row, strict=True))]
    return replace(listed.sheet, table=table)


def _said(title: Cell, cell: Cell) -> Cell:
    word = str(cell).strip().casefold()
    return "" if (word in ("", "true") if key(str(title)) in ENABLED else word in NOTHING) else cell


# Lists that become rows


def _named(listed: _List, estate: Estate, table: str, problems: list[Problem]) -> _List:
    """Tenants, sites, locations: the slug becomes the id that it is made of, or nothing for a row that NetBox alone has."""
    held = getattr(estate, table)
    names, slugs = called(held), {slug(row): row for row in held}
    at, name = listed.column(table, "id"), listed.column(table, "name")
    status = listed.column(table, "status") if table == "rooms" else -1
    for _, row in listed.rows if at >= 0 else ():
        row[at] = found = slugs.get(str(row[at]).strip(), "")
        if found and name >= 0 and row[name] == names[found]:
            row[name] = held[found].name
        if found and status >= 0 and key(str(row[status])) in RETIRED and location_status(held[found].status) == "retired":
            row[status] = held[found].status.value
    return listed


def _cables(listed: _List, estate: Estate, table: str, problems: list[Problem]) -> _List:
    """A cable has no direction: its ends are put in the order of the link."""
    ids = {device.name: device.id for device in estate.devices.values()}
    links = {(link.a, link.a_interface, link.b, link.b_interface) for link in estate.links.values()}
    a, b = [(listed.column(table, end), listed.column(table, f"{end}_interface")) for end in "ab"]
    for _, row in listed.rows if min(*a, *b) >= 0 else ():
        ends = [(ids.get(str(row[device]), ""), str(row[port])) for device, port in (a, b)]
        if (*ends[1], *ends[0]) in links:
            for here, there in zip(a, b, strict=True):
                row[here], row[there] = row[there], row[here]
    return listed


def _prefixes(listed: _List, estate: Estate, table: str, problems: list[Problem]) -> _List:
    """A prefix of a LAN is the LAN's, every other one an address that a unit holds; containers only group others."""
    lans = {str(lan.prefix) for lan in estate.lans.values()}
    at, status = listed.column(table, "prefix"), listed.column("rooms", "status")
    for number, row in listed.rows if at >= 0 else ():
        if status >= 0 and key(str(row[status])) in CONTAINER:
            if table == "lans":
                zh, en = f"{row[at]} 只是容器，台账不存", f"{row[at]} is a container, which the estate has no place for"
                problems.append(Problem(listed.place(number, status), Severity.NOTE, "no-place", zh, en))
            row[:] = [""] * len(row)
        elif (_network(str(row[at])) in lans) != (table == "lans"):
            row[:] = [""] * len(row)
    return listed


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        return text


_READ: dict[str, Callable[[_List, Estate, str, list[Problem]], _List]] = {
    "tenants": _named,
    "sites": _named,
    "locations": _named,
    "devices": lambda listed, *_: listed,
    "cables": _cables,
    "prefixes": _prefixes,
}


# Lists that are compared, and not taken


def _regions(listed: _List, estate: Estate) -> Iterator[Problem]:
    """Regions are those of GB/T 2260."""
    names, at, name = called(estate.regions), listed.column("sites", "id"), listed.column("sites", "name")
    if min(at, name) < 0:
        yield _no_column(listed, "Name, Slug")
        return
    for number, row in listed.rows:
        code = str(row[at]).strip()
        if code not in names:
            zh = f"regions.csv 没有代码 {code}（{row[name]}）：区划以 GB/T 2260 为准，未接收"
            en = f"regions.csv has no {code} ({row[name]}): regions are those of GB/T 2260, it was not taken"
            yield Problem(listed.place(number, at), Severity.WARNING, "region-unknown", zh, en)
        elif row[name] not in (names[code], estate.regions[code].name):
            zh, en = f"台账中 {code} 为 {estate.regions[code].name}，未改", f"{code} is {estate.regions[code].name} in the estate, which stays"
            yield Problem(listed.place(number, name), Severity.WARNING, "region-name", zh, en)
    yield from _others(listed, at, name, listed.at("Parent", "上级"))


def _interfaces(listed: _List, estate: Estate) -> Iterator[Problem]:
    """An interface is an end of a link or a LAN's; of what NetBox knows about it the estate has the MTU."""
    device, name, at = listed.at("Device", "设备"), listed.column("devices", "name"), listed.at("MTU")
    if min(device, name) < 0:
        yield _no_column(listed, "Name, Device")
        return
    names = {row.id: row.name for row in estate.devices.values()}
    ports = {(names.get(lan.device, ""), lan.interface): (lan.id, lan.mtu) for lan in estate.lans.values()}
    for link in estate.links.values():
        ports |= {(names.get(end, ""), port): (link.id, link.mtu) for end, port in ((link.a, link.a_interface), (link.b, link.b_interface))}
    others = 0
    for number, row in listed.rows:
        port = ports.get((str(row[device]), str(row[name])))
        others += port is None
        if port and at >= 0 and str(row[at]) not in ("", str(port[1])):
            zh = f"{port[0]} 的 MTU 在台账中为 {port[1]}，NetBox 为 {row[at]}：请核实后改其中一处"
            en = f"{port[0]} has MTU {port[1]} in the estate, {row[at]} in NetBox: find out, and change one of them"
            yield Problem(listed.place(number, at), Severity.WARNING, "mtu", zh, en)
    if others:
        zh, en = f"{others} 个接口不属于任何链路或网段，台账不存", f"{others} interfaces are of no link and no LAN: the estate has no place for them"
        yield Problem(listed.place(), Severity.NOTE, "no-place", zh, en)
    yield from _others(listed, device, name, at)


def _others(listed: _List, *read: int) -> Iterator[Problem]:
    titles = listed.sheet.rows[0]
    rows = [[_said(title, cell) for title, cell in zip(titles, row, strict=True)] for _, row in listed.rows]
    yield from unread(listed.place(0), {place: str(title) for place, title in enumerate(titles) if place not in read}, rows, listed.mapping)


def _no_column(listed: _List, titles: str) -> Problem:
    return Problem(listed.place(0), Severity.ERROR, "no-header", f"找不到列：{titles}", f"not all of these columns are there: {titles}")


_COMPARED: dict[str, Callable[[_List, Estate], Iterator[Problem]]] = {"regions": _regions, "interfaces": _interfaces}

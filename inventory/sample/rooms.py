"""Sample machine rooms and what stands in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inventory.depreciation import LEAST_YEARS, book_value
from inventory.sample.draft import Cells, Draft

SYSTEMS = ["centos 7", "centos 7", "ubuntu 20.04", "windows server 2012", "openeuler 22.03", "kylin v10", "debian 12"]
SERVERS = [  # vcpus, memory GiB, disk GiB, architecture, price in CNY
    (16, 64, 1200, "x86_64", 32_000),
    (32, 128, 2400, "x86_64", 58_000),
    (48, 256, 4800, "x86_64", 96_000),
    (64, 256, 4800, "aarch64", 118_000),
]


def add_rooms(draft: Draft) -> None:
    """One room a county and city, and one for each provincial unit that the settings give a room."""
    for index, unit in enumerate(draft.settings["room_units"], 1):
        row = next(unit_row for unit_row in draft.published_units if unit_row["id"] == unit)
        site = f"site:{row['region']}-{100 + index:04d}"
        draft.add("sites", id=site, name=f"{row['name']}接入点", region=row["region"], kind="access")
        _room(draft, row["region"], index, f"{row['name']}机房", site, unit, servers=draft.number(f"servers:{unit}", 8, 14))
    for region in [*draft.level("city"), *draft.level("county")]:
        code, city = region["code"], region["level"] == "city"
        servers = draft.number(f"servers:{code}", *((6, 10) if city else (2, 4)))
        number = 2 if draft.has("rooms", f"room:{code}-0001") else 1
        _room(draft, code, number, f"{region['name']}政务中心机房", f"site:{code}-0001", f"unit:{code}-0001", servers)


def _room(draft: Draft, code: str, number: int, name: str, site: str, unit: str, servers: int) -> None:
    room = f"room:{code}-{number:04d}"
    racks = max(2, servers // 2 + draft.number(f"racks:{room}", 0, 2))
    draft.add(
        "rooms",
        id=room,
        name=name,
        site=site,
        unit=unit,
        area_m2=racks * draft.number(f"area:{room}", 8, 14),
        racks=racks,
        power_kw=round(racks * draft.number(f"power:{room}", 18, 32) / 10, 1),
        pue=draft.number(f"pue:{room}", 165, 235) / 100,
        level="B" if servers > 8 else "C",
        staff=1 + servers // 5,
    )
    lan = next((lan for lan in draft.tables["lans"] if lan.get("room") == room), None)
    for index in range(1, servers + 1):
        _server(draft, code, number, index, room, unit, lan)
    base = 100 * number
    if servers > 3:
        _asset(draft, code, base + 60, "storage", f"stor-{number}", room, unit, 86_000, media=_media(code, base + 60, 12), disk_gib=48_000)
    _asset(draft, code, base + 70, "switch", f"sw-{number}", room, unit, 9_800)
    _asset(draft, code, base + 80, "ups", f"ups-{number}", room, unit, 14_500)


def _server(draft: Draft, code: str, room_number: int, index: int, room: str, unit: str, lan: Cells | None) -> None:
    number = 100 * room_number + index
    key = f"{code}-{number}"
    vcpus, memory, disk, arch, price = draft.pick(f"server:{key}", SERVERS)
    where: dict[str, Any] = {"lan": lan["id"], "address": _address(lan["prefix"], index)} if lan else {}
    media = "" if draft.chance(f"unlisted:{key}", 2) else _media(code, number, draft.number(f"disks:{key}", 1, 4))
    sizes = {"vcpus": vcpus, "memory_gib": memory, "disk_gib": disk, "arch": arch, "os": draft.pick(f"os:{key}", SYSTEMS if arch == "x86_64" else SYSTEMS[-3:])}
    _asset(draft, code, number, "server", f"svr-{number}", room, unit, price, media=media, **sizes, **where)


def _asset(draft: Draft, code: str, number: int, kind: str, name: str, room: str, unit: str, price: int, **more: Any) -> None:
    key = f"{code}-{number}"
    census = _census(draft)
    bought = census - timedelta(days=draft.number(f"age:{key}", 400, 14 * 365))
    value = book_value(price, bought, LEAST_YEARS[kind], census)
    asset = f"asset:{code}-{number:04d}"
    draft.add("assets", id=asset, name=name, kind=kind, room=room, unit=unit, book_value_cny=value, purchased=bought, original_cny=price, **more)


def _media(code: str, number: int, count: int) -> str:
    return " ".join(f"SMP-{code}{number:04d}{disk:02d}" for disk in range(1, count + 1))


def _address(prefix: str, index: int) -> str:
    return f"{prefix.partition('/')[0]}{0x10 + index:x}"


def _census(draft: Draft) -> date:
    day = draft.settings["as_of"]
    if not isinstance(day, date):
        raise TypeError(f"sample.yaml: as_of: {day!r} is not a date")
    return day

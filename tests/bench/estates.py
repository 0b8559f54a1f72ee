"""A large province, made up by rule: an estate folder that the loader takes without an error."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from pathlib import Path

from inventory.starter import start

CITIES, COUNTIES = 14, 9
PRODUCTS = (("nginx", "1.24"), ("tomcat", "8.5"), ("python", "3.11"), ("postgresql", "15"), ("mysql", "5.7"), ("dameng", "8"))
SYSTEMS = ("debian 12", "centos 7", "kylin v10", "openeuler 22.03")
LANS = int(IPv6Address("2001:db8:1000::"))  # a /64 each, far from the plan's blocks
SERVICES = int(IPv6Address("2001:db8:9900:5000::"))
PUBLIC = int(IPv6Address("2001:db8:e000::"))
Cells = Iterable[object]
_ASSET = "id name kind room unit book_value_cny purchased media vcpus memory_gib disk_gib arch lan address original_cny os"
_SYSTEM = (
    "id name unit room zone mlps_level mlps_filing personal_data users daily_visits last_used yearly_cost_cny service_address purpose mlps_tested "
    "crypto_assessed availability_percent rto_minutes rpo_minutes arch vendor contract_end in_service"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are; the rest follows from them."""

    systems: int = 10_000
    devices: int = 20_000
    assets: int = 100_000

    @property
    def units(self) -> int:
        return max(20, self.systems // 5)

    @property
    def rooms(self) -> int:
        return max(10, self.systems // 10)


def write_estate(folder: Path, size: Size) -> int:
    """Write the estate into `folder`, which must not exist; returns the number of CSV rows."""
    start(folder, "990000", "某省", "Some Province")
    tables = {
        "units": (("id", "name", "level", "region", "parent"), units(size)),
        "sites": (("id", "name", "region", "kind"), ((f"site:{n}", f"站点{n}", county(n), "county") for n in range(size.rooms))),
        "rooms": (("id", "name", "site", "unit", "area_m2", "racks", "power_kw", "pue", "level", "staff"), rooms(size)),
        "devices": (("id", "name", "role", "site", "vendor", "model"), devices(size)),
        "links": (("id", "a", "a_interface", "b", "b_interface", "bandwidth_mbps", "metric"), links(size)),
        "lans": (("id", "name", "device", "interface", "prefix", "kind", "room"), lans(size)),
        "assets": (_ASSET.split(), assets(size)),
        "systems": (_SYSTEM.split(), systems(size)),
        "components": (("id", "system", "kind", "product", "version", "asset", "port", "size_gib"), components(size)),
        "dependencies": (("id", "system", "needs", "kind", "latency_ms"), dependencies(size)),
        "egresses": (
            ("id", "name", "unit", "site", "operator", "bandwidth_mbps"),
            ((f"egress:{n}", f"出口{n}", f"unit:{n}", f"site:{n}", "甲", 1000) for n in range(9)),
        ),
        "addresses": (("id", "prefix", "unit", "egress", "system"), addresses(size)),
        "data_resources": (("id", "name", "unit", "system", "sharing", "legal_basis", "update_days", "updated", "rows"), resources(size)),
        "data_items": (("id", "resource", "name", "element", "authoritative", "personal"), items(size)),
        "data_needs": (("id", "unit", "system", "element", "asked", "resource", "status"), needs(size)),
    }
    count = 0
    with (folder / "regions.csv").open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows((*region, "sample") for region in regions())
    for name, (header, lines) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            for line in lines:
                writer.writerow(line)
                count += 1
    return count


def county(n: int) -> str:
    return f"99{n % CITIES + 1:02}{n // CITIES % COUNTIES + 1:02}"


def regions() -> Iterator[Cells]:
    for city in range(1, CITIES + 1):
        yield (f"99{city:02}00", f"市{city}", f"City {city}", "city", "990000", "")
        yield from ((f"99{city:02}{n:02}", f"县{city}-{n}", f"County {city}-{n}", "county", f"99{city:02}00", "") for n in range(1, COUNTIES + 1))


def units(size: Size) -> Iterator[Cells]:
    yield ("unit:0", "省政务局", "province", "990000", "")
    yield from ((f"unit:{n}", f"单位{n}", "county", county(n), "unit:0") for n in range(1, size.units))


def rooms(size: Size) -> Iterator[Cells]:
    for n in range(size.rooms):
        yield (f"room:{n}", f"机房{n}", f"site:{n}", f"unit:{n % size.units}", 40 + n % 60, 4 + n % 8, 9.5, 1.8 + n % 5 / 10, "C", 1 + n % 3)


def devices(size: Size) -> Iterator[Cells]:
    for n in range(size.devices):
        yield (f"device:r{n}", f"r{n}", "core" if n < 2 else "county-edge", f"site:{n % size.rooms}", "huawei_vrp", "NE40E")


def links(size: Size) -> Iterator[Cells]:
    """A ring and a chord from each to one of the two cores."""
    for n in range(size.devices):
        yield (f"link:ring-{n}", f"device:r{n}", "ring1", f"device:r{(n + 1) % size.devices}", "ring2", 10_000, 10)
        if n > 1:
            yield (f"link:up-{n}", f"device:r{n}", "up", f"device:r{n % 2}", f"down{n}", 10_000, 100)


def lan_prefix(n: int) -> IPv6Network:
    return IPv6Network((LANS + (n << 64), 64))


def lans(size: Size) -> Iterator[Cells]:
    for n in range(size.devices // 2):
        yield (f"lan:{n}", f"网段{n}", f"device:r{n}", "lan1", lan_prefix(n), "room", f"room:{n}" if n < size.rooms else "")


def assets(size: Size) -> Iterator[Cells]:
    for n in range(size.assets):
        room, cost, year = n % size.rooms, 40_000 + n % 50 * 1_000, 2021 + n % 5
        left = max(0, 72 - ((2026 - year) * 12 + 9 - (n % 9 + 1) + 1))
        media, address = f"SN{n}A SN{n}B", IPv6Address(int(lan_prefix(room).network_address) + 2 + n)
        value = round(cost * left / 72, 2)
        facts = (value, f"{year}-{n % 9 + 1:02}-{n % 28 + 1:02}", media, 16, 64, 2_000, "x86_64", f"lan:{room}", address, cost, SYSTEMS[n % len(SYSTEMS)])
        yield (f"asset:{n}", f"svr-{n}", "server", f"room:{room}", f"unit:{room % size.units}", *facts)


def systems(size: Size) -> Iterator[Cells]:
    for n in range(size.systems):
        level, personal = 2 + n % 2, str(n % 3 == 0).lower()
        place = (f"unit:{n % size.units}", f"room:{n % size.rooms}", ("public", "internet")[n % 2], level, f"99{n:09}-26001", personal)
        use = (n % 500, n % 9_000, f"2026-0{n % 9 + 1}-15", 50_000 + n % 100 * 1_000, IPv6Address(SERVICES + 1 + n), f"职能{n % 700}")
        safety = (f"202{5 + n % 2}-0{n % 9 + 1}-20", f"2026-0{n % 9 + 1}-20" if level == 3 else "", 99.5, 240, 60)
        yield (f"system:{n}", f"系统{n}", *place, *use, *safety, "x86_64", f"公司{n % 90}", f"202{6 + n % 4}-12-31", "2019-05-20")


def components(size: Size) -> Iterator[Cells]:
    for n in range(size.systems):
        for part, (kind, pick) in enumerate((("web", 0), ("application", 1 + n % 2), ("database", 3 + n % 3))):
            product, version = PRODUCTS[pick]
            yield (f"component:{n}-{kind}", f"system:{n}", kind, product, version, f"asset:{n % size.rooms + size.rooms * part}", 80 + part, 1 + n % 40)


def dependencies(size: Size) -> Iterator[Cells]:
    for n in range(1, size.systems):
        yield (f"dependency:{n}-login", f"system:{n}", "system:0", "login", 0)
        if n % 2:
            yield (f"dependency:{n}-call", f"system:{n}", f"system:{n // 2}", "call", 20)


def addresses(size: Size) -> Iterator[Cells]:
    for n in range(size.systems):
        if n % 2:
            yield (f"address:{n}", IPv6Network((PUBLIC + n, 128)), f"unit:{n % size.units}", f"egress:{n % 9}", f"system:{n}")


def resources(size: Size) -> Iterator[Cells]:
    for n in range(size.systems // 2):
        sharing = ("conditional", "unconditional")[n % 2]
        yield (f"resource:{n}", f"资源{n}", f"unit:{n % size.units}", f"system:{n}", sharing, "国发〔2016〕51号", 30, f"2026-0{n % 9 + 1}-10", n * 100)


def items(size: Size) -> Iterator[Cells]:
    for n in range(size.systems // 2):
        for part in range(4):
            yield (f"item:{n}-{part}", f"resource:{n}", f"信息项{part}", f"element-{(n * 4 + part) // 2}", str(part % 2 == 0).lower(), str(part == 3).lower())


def needs(size: Size) -> Iterator[Cells]:
    for n in range(size.systems // 2):
        yield (
            f"need:{n}",
            f"unit:{(n + 7) % size.units}",
            f"system:{n}",
            f"element-{n * 2}",
            "2026-09-01",
            f"resource:{n}",
            ("met", "granted", "asked")[n % 3],
        )

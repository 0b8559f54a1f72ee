"""A large extranet, made up by rule, with every service of network.yaml switched on: two cores, two edges a city, the rest county edges of two vendors."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address, IPv6Network
from pathlib import Path

from inventory.starter import start

CITIES, COUNTIES = 14, 9
VPNS = 4
LANS = int(IPv6Address("2001:db8::"))
MAKERS = (("huawei_vrp", "NE40E-X3A"), ("h3c_comware", "SR6608-X"))
PORTS = {"huawei_vrp": ("10GE0/2/{}", "GigabitEthernet0/3/{}", 0), "h3c_comware": ("Ten-GigabitEthernet1/2/{}", "GigabitEthernet3/1/{}", 1)}
POLICY = Path(__file__).parents[2] / "estates" / "hunan" / "network.yaml"


def write_network(folder: Path, devices: int) -> None:
    """Write the estate into `folder`, which must not exist."""
    start(folder, "990000", "某省", "Some Province")
    edges = devices - 2 - 2 * CITIES
    with (folder / "regions.csv").open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows((*row, "sample") for row in _regions())
    _write(folder / "units.csv", ("id", "name", "level", "region"), [("unit:0", "省政务局", "province", "990000")])
    _write(folder / "sites.csv", ("id", "name", "region", "kind"), _sites(edges))
    _write(folder / "devices.csv", ("id", "name", "role", "site", "vendor", "model", "plane"), _devices(edges))
    _write(folder / "links.csv", ("id", "a", "a_interface", "b", "b_interface", "bandwidth_mbps", "metric"), _links(edges))
    _write(folder / "lans.csv", ("id", "name", "device", "interface", "prefix", "prefix4", "vpn", "kind"), _lans(edges))
    vpns = "".join(f"  - {{id: vpn:v{n}, name: 业务专网{n}, unit: unit:0}}\n" for n in range(VPNS))
    (folder / "vpns.yaml").write_text(f"vpns:\n{vpns}", "utf-8")
    (folder / "network.yaml").write_text(_policy(), "utf-8")


def _policy() -> str:
    """Hunan's, without what names rows of Hunan, with colours and slices for the VPNs here; and areas, since one level does not hold so many."""
    text = POLICY.read_text("utf-8")
    kept = text[: text.index("slices:")] + text[text.index("management:") : text.index("# One way out")]
    return (
        kept.replace("isis_levels: flat", "isis_levels: city-areas")
        + """slices:
  - {name: video, number: 10, title: 视频会议切片, share_percent: 20, vpns: [vpn:v0]}
  - {name: emergency, number: 20, title: 应急指挥切片, share_percent: 10, vpns: [vpn:v1]}
colours:
  - {name: DELAY, number: 128, head: [city-edge, county-edge], tail: [core], flex_algo: DELAY, slice: video, vpns: [vpn:v0]}
  - {name: SAFE, number: 129, head: [city-edge, county-edge], tail: [core], via: [device:core-1], backup_via: [device:core-2], slice: emergency, vpns: [vpn:v1]}
without:
  - {models: [SR6608-X], features: [slices], why: no command is known}
"""
    )


def _write(file: Path, header: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def _regions() -> Iterator[tuple[str, ...]]:
    for city in range(1, CITIES + 1):
        yield (f"99{city:02}00", f"市{city}", f"City {city}", "city", "990000", "")
        yield from ((f"99{city:02}{n:02}", f"县{city}-{n}", f"County {city}-{n}", "county", f"99{city:02}00", "") for n in range(1, COUNTIES + 1))


def _city(edge: int) -> int:
    return edge % CITIES + 1


def _sites(edges: int) -> Iterator[tuple[str, ...]]:
    yield ("site:core", "核心", "990000", "core")
    for city in range(1, CITIES + 1):
        yield (f"site:c{city}", f"市{city}节点", f"99{city:02}00", "city")
    for n in range(edges):
        yield (f"site:e{n}", f"县节点{n}", f"99{_city(n):02}{n // CITIES % COUNTIES + 1:02}", "county")


def _devices(edges: int) -> Iterator[tuple[str, ...]]:
    for n in (1, 2):
        yield (f"device:core-{n}", f"core-{n}", "core", "site:core", *MAKERS[0], "AB"[n - 1])
    for city in range(1, CITIES + 1):
        for n in (1, 2):
            yield (f"device:c{city}-{n}", f"c{city}-{n}", "city-edge", f"site:c{city}", *MAKERS[city % 2], "AB"[n - 1])
    for n in range(edges):
        yield (f"device:e{n}", f"e{n}", "county-edge", f"site:e{n}", *MAKERS[n % 2], "A")


def _port(maker: int, number: int) -> str:
    name, _, first = PORTS[MAKERS[maker][0]]
    return name.format(number + first)


def _links(edges: int) -> Iterator[tuple[object, ...]]:
    yield ("link:cores", "device:core-1", _port(0, 0), "device:core-2", _port(0, 0), 100_000, 10)
    for city in range(1, CITIES + 1):
        for n in (1, 2):
            yield (f"link:c{city}-{n}", f"device:core-{n}", _port(0, city), f"device:c{city}-{n}", _port(city % 2, 0), 100_000, 10)
        yield (f"link:c{city}", f"device:c{city}-1", _port(city % 2, 1), f"device:c{city}-2", _port(city % 2, 1), 100_000, 10)
    for edge in range(edges):
        city = _city(edge)
        for n in (1, 2):
            yield (f"link:e{edge}-{n}", f"device:c{city}-{n}", _port(city % 2, 2 + edge), f"device:e{edge}", _port(edge % 2, n), 10_000, 10 if n == 1 else 100)


def _lans(edges: int) -> Iterator[tuple[object, ...]]:
    for edge in range(edges):
        _, name, first = PORTS[MAKERS[edge % 2][0]]
        yield from (
            (
                f"lan:e{edge}-{n}",
                f"网段{edge}-{n}",
                f"device:e{edge}",
                name.format(n + first),
                IPv6Network((LANS + ((1 + edge * 16 + n) << 64), 64)),
                f"10.{edge >> 8}.{edge & 255}.0/24" if n < VPNS and edge < 65_536 else "",
                f"vpn:v{n}" if n < VPNS else "",
                "hall",
            )
            for n in range(VPNS + 1)
        )

"""Sample sites, routers, links and LANs: two edge routers a city, one a county, as the pilot has them."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv6Network

from inventory.sample.draft import Cells, Draft

ROOM, HALL = 0x10, 0x20  # the last 8 bits of a LAN's prefix
MODELS = {
    "huawei_vrp": {"city-edge": "NetEngine 8000 M8", "county-edge": "NE40E-X3A"},
    "h3c_comware": {"city-edge": "CR16010-F", "county-edge": "SR6608-X"},
}


def add_network(draft: Draft) -> None:
    for link in draft.tables["links"]:
        link["id"] = link_id(link["a"], link["b"])
    for city in draft.level("city"):
        _edge(draft, city, "city", ("A", "B"))
    for county in draft.level("county"):
        _edge(draft, county, "county", ("A",))
        _lan(draft, county, ROOM, "room", f"{county['name']}政务中心机房", f"room:{county['code']}-0001")
        _lan(draft, county, HALL, "hall", f"{county['name']}政务服务大厅", "")
    for city in draft.level("city"):
        _lan(draft, city, ROOM, "room", f"{city['name']}政务中心机房", f"room:{city['code']}-0001")
    _add_links(draft)
    _finish_links(draft)


def _edge(draft: Draft, region: dict[str, str], kind: str, planes: tuple[str, ...]) -> None:
    site = f"site:{region['code']}-0001"
    draft.add("sites", id=site, name=f"{region['name']}电子政务外网节点", region=region["code"], kind=kind)
    vendor = draft.pick(f"vendor:{region['code']}", sorted(MODELS))
    for number, plane in enumerate(planes, 1):
        name, role = f"{draft.short(region)}-pe-{number}", f"{kind}-edge"
        draft.add("devices", id=f"device:{name}", name=name, role=role, site=site, vendor=vendor, model=MODELS[vendor][role], plane=plane)


def prefix(draft: Draft, region: dict[str, str], purpose: int) -> IPv6Network:
    """`2001:db8:4302:2410::/64` for 430224: the block, the code's six digits as hex digits, 8 bits of purpose."""
    block = IPv6Network(draft.settings["lan_block"])
    return IPv6Network((int(block.network_address) | int(region["code"], 16) << 72 | purpose << 64, 64))


def _lan(draft: Draft, region: dict[str, str], purpose: int, kind: str, name: str, room: str) -> None:
    device = f"device:{draft.short(region)}-pe-1"
    if any(row["id"] == device for row in draft.settings["rows"]["devices"]):
        return  # what is attached to a given router is given as well
    number, wanted = (1 if kind == "room" else 2), str(prefix(draft, region, purpose))
    draft.add("lans", id=f"lan:{draft.short(region)}-{kind}", name=name, device=device, interface=f"lan{number}", prefix=wanted, kind=kind, room=room)


def _add_links(draft: Draft) -> None:
    cities = {city["code"]: draft.short(city) for city in draft.level("city")}
    core_a, core_b = draft.settings["cores"]
    for short in cities.values():
        one, two = f"device:{short}-pe-1", f"device:{short}-pe-2"
        for a, b in ((core_a, one), (core_b, two), (one, two)):
            _link(draft, a, b, 100_000)
    for county in draft.level("county"):
        edge = f"device:{draft.short(county)}-pe-1"
        for number in (1, 2):
            _link(draft, f"device:{cities[county['parent']]}-pe-{number}", edge, 10_000)


def _link(draft: Draft, a: str, b: str, bandwidth_mbps: int) -> None:
    draft.add("links", id=link_id(a, b), a=a, b=b, bandwidth_mbps=bandwidth_mbps)


def link_id(a: str, b: str) -> str:
    return f"link:{a.partition(':')[2]}--{b.partition(':')[2]}"


def _finish_links(draft: Draft) -> None:
    """Interfaces in the order of the links, per device; metric 10 in plane A, 100 where plane B is touched; MTU 9000."""
    devices = {device["id"]: device for device in draft.tables["devices"]}
    used: Counter[tuple[str, str]] = Counter()
    for link in draft.tables["links"]:
        for end in ("a", "b"):
            link[f"{end}_interface"] = _interface(devices[link[end]], link["bandwidth_mbps"], used)
        link["metric"] = 100 if "B" in (devices[link["a"]]["plane"], devices[link["b"]]["plane"]) else 10
        link["mtu"] = 9000


def _interface(device: Cells, bandwidth_mbps: int, used: Counter[tuple[str, str]]) -> str:
    """The next interface of its kind, named as the vendor names it."""
    fast = bandwidth_mbps > 10_000
    kind = {"frr": "eth", "huawei_vrp": "100GE0/1/" if fast else "10GE0/2/", "h3c_comware": "HundredGigE1/1/" if fast else "Ten-GigabitEthernet1/2/"}[
        device["vendor"]
    ]
    number = used[device["id"], kind]
    used[device["id"], kind] += 1
    return f"{kind}{number if device['vendor'] == 'huawei_vrp' else number + 1}"

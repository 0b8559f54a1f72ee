"""Sample sites, routers, links and LANs: two edge routers a city, one a county, as the pilot has them; a firewall at each level's way out."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv6Network
from typing import Any

from inventory.base import OUTSIDE_BACKBONE
from inventory.sample.draft import Cells, Draft

ROOM, HALL = 0x10, 0x20  # the last 8 bits of a LAN's prefix
MODELS = {
    "huawei_vrp": {"city-edge": "NetEngine 8000 M8", "county-edge": "NE40E-X3A"},
    "h3c_comware": {"city-edge": "CR16010-F", "county-edge": "SR6608-X"},
}
FIREWALLS = {"huawei_usg": "USG6655E", "h3c_secpath": "F5000-AI-40"}
LAN_INTERFACES = {"frr": ("lan", 0), "huawei_vrp": ("GigabitEthernet0/3/", -1), "h3c_comware": ("GigabitEthernet3/1/", 0)}  # and what is added to a number
FAST, SLOW, EGRESS = 0, 1, 2
INTERFACES = {  # of links of more than 10 Gbit/s, of others, and towards a firewall; and the first number
    "frr": ("eth", "eth", "egress", 1),
    "huawei_vrp": ("100GE0/1/", "10GE0/2/", "10GE0/4/", 0),
    "h3c_comware": ("HundredGigE1/1/", "Ten-GigabitEthernet1/2/", "Ten-GigabitEthernet1/4/", 1),
    "huawei_usg": ("GigabitEthernet0/0/", "GigabitEthernet0/0/", "", 1),
    "h3c_secpath": ("GigabitEthernet1/0/", "GigabitEthernet1/0/", "", 1),
    "huawei_vrp5": ("GigabitEthernet0/0/", "GigabitEthernet0/0/", "", 1),
    "zte_zxros": ("gei-0/1/0/", "gei-0/1/0/", "", 1),
    "ruijie_rgos": ("GigabitEthernet 0/", "GigabitEthernet 0/", "", 1),
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
    for index, vpn in enumerate(draft.settings.get("vpn_lans", [])):
        for region in [*draft.level("city"), *draft.level("county")]:
            _vpn_lan(draft, region, vpn, 3 + index)
    for region in [*draft.level("province"), *draft.level("city")]:
        _firewall(draft, region)
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
    wanted = str(prefix(draft, region, purpose))
    interface = _lan_interface(draft, device, 1 if kind == "room" else 2)
    draft.add("lans", id=f"lan:{draft.short(region)}-{kind}", name=name, device=device, interface=interface, prefix=wanted, kind=kind, room=room)


def _vpn_lan(draft: Draft, region: dict[str, str], vpn: dict[str, Any], number: int) -> None:
    """A department's LAN at the region's first edge; IPv4 too where it is still needed, the same in every VPN, as private networks have it."""
    device = f"device:{draft.short(region)}-pe-1"
    if any(row["id"] == device for row in draft.settings["rows"]["devices"]):
        return
    draft.add(
        "lans",
        id=f"lan:{draft.short(region)}-{vpn['suffix']}",
        name=f"{region['name']}{vpn['name']}",
        device=device,
        interface=_lan_interface(draft, device, number),
        prefix=str(prefix(draft, region, vpn["purpose"])),
        prefix4=f"10.{int(region['code'][2:4])}.{int(region['code'][4:6])}.0/24" if vpn.get("ipv4") else "",
        vpn=vpn["vpn"],
        kind="hall",
    )


def _lan_interface(draft: Draft, device: str, number: int) -> str:
    begins, shift = LAN_INTERFACES[next(row["vendor"] for row in draft.tables["devices"] if row["id"] == device)]
    return f"{begins}{number + shift}"


def _firewall(draft: Draft, region: dict[str, str]) -> None:
    site = next(row["id"] for row in draft.tables["sites"] if row["region"] == region["code"])
    name = f"{_level_short(draft, region)}-fw-1"
    vendor = draft.pick(f"firewall:{region['code']}", sorted(FIREWALLS))
    draft.add("devices", id=f"device:{name}", name=name, role="egress-firewall", site=site, vendor=vendor, model=FIREWALLS[vendor], plane="A")


def _level_short(draft: Draft, region: dict[str, str]) -> str:
    """The province's devices are named as its cores are."""
    return draft.short(region) if region["level"] != "province" else str(draft.settings["cores"][0]).partition(":")[2].partition("-")[0]


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
    _link(draft, core_a, f"device:{_level_short(draft, draft.level('province')[0])}-fw-1", 10_000)
    for short in cities.values():
        _link(draft, f"device:{short}-pe-1", f"device:{short}-fw-1", 10_000)
    for row in draft.settings.get("access", []):
        draft.add("devices", **{key: row[key] for key in ("id", "name", "site", "vendor", "model")}, role="access", plane="A")
        _link(draft, row["router"], row["id"], 1_000)


def _link(draft: Draft, a: str, b: str, bandwidth_mbps: int) -> None:
    draft.add("links", id=link_id(a, b), a=a, b=b, bandwidth_mbps=bandwidth_mbps)


def link_id(a: str, b: str) -> str:
    return f"link:{a.partition(':')[2]}--{b.partition(':')[2]}"


def _finish_links(draft: Draft) -> None:
    """Interfaces in the order of the links, per device; metric 10 in plane A, 100 where plane B is touched; MTU 9000 in the backbone."""
    devices = {device["id"]: device for device in draft.tables["devices"]}
    used: Counter[tuple[str, str]] = Counter()
    for link in draft.tables["links"]:
        for end in ("a", "b"):
            other = devices[link["b" if end == "a" else "a"]]
            link[f"{end}_interface"] = _interface(devices[link[end]], other, link["bandwidth_mbps"], used)
        link["metric"] = 100 if "B" in (devices[link["a"]]["plane"], devices[link["b"]]["plane"]) else 10
        outside = OUTSIDE_BACKBONE & {devices[link[end]]["role"] for end in ("a", "b")}
        link["mtu"] = 1500 if outside else 9000


def _interface(device: Cells, other: Cells, bandwidth_mbps: int, used: Counter[tuple[str, str]]) -> str:
    """The next interface of its kind, named as the vendor names it; towards a firewall one of a slot of its own, so that a new county moves nothing."""
    *kinds, first = INTERFACES[device["vendor"]]
    kind = str(kinds[EGRESS if other["role"] == "egress-firewall" else FAST if bandwidth_mbps > 10_000 else SLOW])
    number = used[device["id"], kind]
    used[device["id"], kind] += 1
    return f"{kind}{number + int(first)}"

"""Every rule fires on the row that it is about, and keeps quiet on one that is only nearly so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from ipaddress import IPv6Address, IPv6Network
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from inventory.checks import Severity, run
from inventory.checks.rules.parent_cycles import cycles
from inventory.checks.run import all_checks
from inventory.load import read_estate
from inventory.model import Allocation, Estate, Region

Change = Callable[[Estate], Estate]
DAY = date(2026, 9, 30)  # of the sample census


def row(table: str, key: str, **fields: Any) -> Change:
    """A change of one row's fields."""

    def change(estate: Estate) -> Estate:
        rows = dict(getattr(estate, table))
        rows[key] = rows[key].model_copy(update=fields)
        return estate.model_copy(update={table: rows})

    return change


def cloud(**fields: Any) -> Change:
    return row("clouds", "cloud:p", **fields)


def landing(**fields: Any) -> Change:
    return lambda estate: cloud(landings=(estate.clouds["cloud:p"].landings[0].model_copy(update=fields),))(estate)


def plan(**fields: Any) -> Change:
    return lambda estate: estate.model_copy(update={"plan": estate.plan.model_copy(update=fields)})


def drop(table: str, key: str) -> Change:
    return lambda estate: estate.model_copy(update={table: {name: value for name, value in getattr(estate, table).items() if name != key}})


def rename(table: str, key: str, new: str) -> Change:
    def change(estate: Estate) -> Estate:
        rows = dict(getattr(estate, table))
        rows[new] = rows.pop(key).model_copy(update={"id": new})
        return estate.model_copy(update={table: rows, "origins": {**estate.origins, new: "x.csv:2"}})

    return change


def allocated(**fields: Any) -> Change:
    new = Allocation(**fields)
    origin = {f"allocation:{new.kind}:{new.owner}": "allocations.csv:9"}
    return lambda estate: estate.model_copy(update={"allocations": (*estate.allocations, new), "origins": {**estate.origins, **origin}})


def region(code: str, parent: str) -> Change:
    """A further county."""
    new = Region(code=code, name="某县", name_en="Some County", level="county", parent=parent)
    return lambda estate: estate.model_copy(update={"regions": {**estate.regions, code: new}, "origins": {**estate.origins, new.id: "regions.csv:9"}})


def both(*changes: Change) -> Change:
    def change(estate: Estate) -> Estate:
        for one in changes:
            estate = one(estate)
        return estate

    return change


def doubled(estate: Estate) -> Estate:
    return estate.model_copy(update={"duplicates": {"system:1": ("systems.csv:2", "systems.csv:9")}})


def same(estate: Estate) -> Estate:
    return estate


def part(cloud_part: str, index: int, **fields: Any) -> Change:
    """A change of one pool, flavor, image or tenant of the cloud."""

    def change(estate: Estate) -> Estate:
        parts: list[BaseModel] = list(getattr(estate.clouds["cloud:p"], cloud_part))
        parts[index] = parts[index].model_copy(update=fields)
        return cloud(**{cloud_part: tuple(parts)})(estate)

    return change


def quota(**fields: Any) -> Change:
    return lambda estate: part("tenants", 0, quota=estate.clouds["cloud:p"].tenants[0].quota.model_copy(update=fields))(estate)


A = IPv6Address
CASES: dict[str, list[tuple[Change, Change]]] = {
    "INV-001": [(doubled, same)],
    "INV-002": [
        (row("systems", "system:1", unit="unit:none"), row("systems", "system:1", unit="unit:990000-0001")),
        (row("topics", "topic:1", units="unit:990000-0001 unit:none"), row("topics", "topic:1", units="unit:990000-0001")),
        (row("lans", "lan:room", vpn="vpn:none"), row("lans", "lan:room", room=None)),
    ],
    "INV-003": [(rename("platforms", "platform:1", "plattform:1"), rename("platforms", "platform:1", "platform:other"))],
    "INV-004": [
        (row("units", "unit:990000-0001", parent="unit:990101-0001"), row("units", "unit:990101-0001", parent=None)),
        (row("units", "unit:990000-0001", parent="unit:990000-0001"), same),
    ],
    "INV-005": [
        (region("990201", "990100"), region("990102", "990100")),
        (region("989001", "990000"), region("999001", "990000")),
        (row("regions", "990100", parent=None), same),
        (row("regions", "990000", parent="990100"), same),
    ],
    "INV-006": [
        (row("assets", "asset:1", address=A("2001:db8:1:11::11")), row("assets", "asset:1", address=A("2001:db8:1:10:ffff::11"))),
        (row("assets", "asset:1", address=A("2001:db8:1:10::1")), row("assets", "asset:1", address=A("2001:db8:1:10::2"))),
        (landing(address=A("2001:db8:1:c11::31")), landing(address=A("2001:db8:1:c10::32"))),
    ],
    "INV-007": [
        (row("assets", "asset:2", address=A("2001:db8:1:10::11")), row("assets", "asset:2", address=A("2001:db8:1:10::13"))),
        (
            row("assets", "asset:2", lan="lan:cloud", address=A("2001:db8:1:c10::31")),
            row("assets", "asset:2", lan="lan:cloud", address=A("2001:db8:1:c10::30")),
        ),
    ],
    "INV-008": [(row("assets", "asset:1", lan=None), row("assets", "asset:1", lan=None, address=None))],
    "INV-009": [
        (row("systems", "system:1", service_address=A("2001:db8:9900:5001::1")), row("systems", "system:1", service_address=A("2001:db8:9900:5000::ffff"))),
        (row("systems", "system:1", service_address=A("2001:db8:9900:5000::2")), row("systems", "system:1", service_address=None)),
    ],
    "INV-010": [
        (row("lans", "lan:room", prefix=IPv6Network("2001:db8:1:c10::/60")), row("lans", "lan:room", prefix=IPv6Network("2001:db8:1:c11::/64"))),
        (row("lans", "lan:room", prefix=IPv6Network("2001:db8:9900:ffff:1::/80")), row("lans", "lan:vpn-a", prefix=IPv6Network("2001:db8:1:10::/64"))),
        (plan(links=IPv6Network("2001:db8:9900:ffff::/64")), plan(links=IPv6Network("2001:db8:9900:fffd::/64"))),
    ],
    "INV-011": [
        (row("links", "link:core-1--edge-1", a_interface="eth1"), row("links", "link:core-1--edge-1", a_interface="eth3")),
        (row("lans", "lan:room", interface="eth1"), row("lans", "lan:room", interface="lan3")),
    ],
    "INV-012": [
        (row("links", "link:core-1--edge-1", b="device:core-1", b_interface="eth9"), row("links", "link:core-1--edge-1", b="device:core-2", b_interface="eth9"))
    ],
    "INV-013": [(row("links", "link:core-1--edge-1", mtu=1539), row("links", "link:core-1--edge-1", mtu=1540))],
    "INV-014": [
        (row("systems", "system:1", cloud="cloud:p"), row("systems", "system:1", room=None, cloud="cloud:p")),
        (row("systems", "system:1", room=None), row("systems", "system:1", room=None, status="retired")),
    ],
    "INV-015": [
        (row("rooms", "room:990101-0001", status="empty"), row("rooms", "room:990101-0001", status="emptying")),
        (
            both(drop("systems", "system:1"), drop("systems", "system:3"), row("rooms", "room:990101-0001", status="sanitised")),
            both(drop("systems", "system:1"), drop("systems", "system:3"), row("rooms", "room:990101-0001", status="withdrawn")),
        ),
    ],
    "INV-016": [
        (row("systems", "system:2", classified=True), row("systems", "system:3", classified=True)),
        (row("systems", "system:1", classified=True), row("systems", "system:1", mlps_level=3)),
        (row("private_networks", "network:1", intent="merge"), row("private_networks", "network:1", intent="merge", classified=False)),
    ],
    "INV-017": [(row("systems", "system:2", mlps_level=4), row("systems", "system:2", mlps_level=3)), (row("systems", "system:1", mlps_level=5), same)],
    "INV-018": [
        (landing(flavor="x.large"), landing(flavor="x.small")),
        (landing(image="deb-13"), landing(image="deb")),
        (landing(image="deb-arm"), landing(image="deb-arm", flavor="k.small")),
    ],
    "INV-019": [
        (landing(system="system:9"), landing(system="system:2")),
        (landing(lan="lan:room", address=A("2001:db8:1:10::31")), same),
        (landing(lan="lan:none"), same),
    ],
    "INV-020": [
        (row("scopes", "one", devices=("device:none",)), row("scopes", "one", devices=("device:core-2",))),
        (row("scopes", "one", regions=("990200",)), row("scopes", "one", regions=("990100",))),
    ],
    "INV-021": [
        (part("flavors", 0, pool="pool:none"), part("flavors", 0, pool="pool:arm")),
        (part("flavors", 0, name="k.small"), part("flavors", 0, name="x.medium")),
        (part("images", 0, name="deb-arm"), part("images", 0, name="deb-13")),
    ],
    "INV-022": [
        (cloud(owner="unit:none"), cloud(owner="unit:990101-0001")),
        (cloud(gateway="device:none"), cloud(gateway=None)),
        (part("tenants", 0, unit="unit:none"), part("tenants", 0, unit="unit:990000-0001")),
    ],
    "INV-023": [
        (row("vpns", "vpn:a", sites=("lan:vpn-a", "lan:room")), same),
        (row("vpns", "vpn:a", sites=()), both(row("vpns", "vpn:a", sites=()), row("lans", "lan:vpn-a", vpn=None))),
        (row("vpns", "vpn:a", sites=("lan:vpn-a", "lan:none")), same),
    ],
    "INV-024": [
        (row("systems", "system:1", xinchuang=True), both(row("systems", "system:1", xinchuang=True), landing(flavor="k.small", image="deb-arm"))),
    ],
    "INV-025": [
        (
            allocated(kind="loopback", owner="device:core-2", value="2001:db8:9900:ffff::1/128"),
            allocated(kind="loopback", owner="device:core-2", value="2001:db8:9900:ffff::2/128"),
        ),
        (
            allocated(kind="locator", owner="device:core-2", value="5f00:9901:1::/48"),
            allocated(kind="locator", owner="device:core-2", value="5f00:9900:2::/48"),
        ),
        (allocated(kind="link", owner="link:x", value="nonsense"), allocated(kind="sid-function", owner="device:core-2", value="nonsense")),
    ],
    "INV-026": [
        (drop("systems", "system:1"), same),
        (cloud(landings=()), both(cloud(landings=()), drop("migrations", "system:1"))),
    ],
    "INV-030": [(row("units", "unit:990101-0001", region="990100"), row("units", "unit:990101-0001", level="county"))],
    "INV-031": [
        (row("assets", "asset:1", room=None), row("assets", "asset:2", room=None)),
        (row("assets", "asset:1", status="shut-down"), both(row("assets", "asset:1", status="shut-down"), row("systems", "system:1", status="retired"))),
    ],
    "INV-032": [(row("systems", "system:1", mlps_filing=""), row("systems", "system:1", mlps_filing="", mlps_level=1))],
    "INV-033": [(row("assets", "asset:1", media=""), row("assets", "asset:1", media="", kind="ups"))],
    "INV-034": [
        (row("dependencies", "dependency:1", needs="system:1"), same),
        (row("systems", "system:2", status="stopped"), both(row("systems", "system:1", status="stopped"), row("systems", "system:2", status="stopped"))),
    ],
    "INV-035": [(drop("links", "link:core-2--edge-1"), same)],
    "INV-036": [(row("rooms", "room:990101-0001", unit="unit:990000-0001"), row("rooms", "room:990101-0001", unit="unit:990101-0001"))],
    "INV-037": [(quota(cores=65), quota(cores=64)), (quota(memory_mib=32769), quota(memory_mib=32768))],
}


@pytest.fixture
def estate(small: Path) -> Estate:
    return read_estate(small)


def test_the_small_estate_has_no_findings(estate: Estate) -> None:
    assert [finding.en for finding in run(estate, DAY)] == []


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == [check.id for check in all_checks()]
    assert len(CASES) >= 30


@pytest.mark.parametrize(("rule", "fires", "near_miss"), [(rule, *case) for rule, cases in CASES.items() for case in cases])
def test_rule(estate: Estate, rule: str, fires: Change, near_miss: Change) -> None:
    found = [finding for finding in run(fires(estate), DAY) if finding.rule == rule]
    assert found
    assert all(finding.file and finding.row > 0 and finding.zh and finding.en for finding in found), found
    assert [finding.en for finding in run(near_miss(estate), DAY) if finding.rule == rule] == []


def test_the_province_has_warnings_only(hunan: Estate) -> None:
    found = run(hunan, DAY)
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_cycles_are_told_once() -> None:
    assert cycles({"a": "b", "b": "c", "c": "a", "d": "a", "e": None}) == [("a", "b", "c")]

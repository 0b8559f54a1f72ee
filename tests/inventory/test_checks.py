"""Every rule fires on the row that it is about, and keeps quiet on one that is only nearly so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from inventory.checks import DatedCheck, Severity, run
from inventory.checks.eol import end_of, table
from inventory.checks.rules.call_cycles import circles
from inventory.checks.rules.parent_cycles import cycles
from inventory.checks.run import all_checks
from inventory.errors import InputError
from inventory.load import read_estate
from inventory.model import (
    Address,
    Allocation,
    Component,
    DataItem,
    DataNeed,
    DataResource,
    Decision,
    Dependency,
    Egress,
    Estate,
    Project,
    Region,
    Review,
    Role,
    Target,
)

Change = Callable[[Estate], Estate]
DAY = date(2026, 9, 30)  # of the sample census


def row(table: str, key: str, **fields: Any) -> Change:
    """A change of one row's fields, validated as the loader would."""

    def change(estate: Estate) -> Estate:
        rows = dict(getattr(estate, table))
        rows[key] = type(rows[key]).model_validate({**dict(rows[key]), **fields})
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


def days(number: int) -> timedelta:
    return timedelta(days=number)


def reviewed(name: str) -> Change:
    """The estate's reviews ask this role."""

    def change(estate: Estate) -> Estate:
        roles = {**estate.roles, "reviewer": Role(name="reviewer", may=("review",)), "planner": Role(name="planner", may=("plan",))}
        origins = {**estate.origins, "review:reviews.yaml:2": "reviews.yaml:2"}
        return estate.model_copy(update={"roles": roles, "reviews": (Review(roles=(name,)),), "origins": origins})

    return change


def target(measure: str | None) -> Change:
    made = Target(id="clouds", section="二（一）", zh="上云", en="in the cloud", measure=measure)
    origins = {"target:clouds": "targets.yaml:2"}
    return lambda estate: estate.model_copy(update={"targets": {"clouds": made}, "origins": {**estate.origins, **origins}})


def calls(system: str, needs: str, latency_ms: int) -> Change:
    return added("dependencies", Dependency(id=f"dependency:{system[7:]}-{needs[7:]}", system=system, needs=needs, kind="call", latency_ms=latency_ms))


def worth(book_value: float) -> Change:
    """A server of 60,000 CNY, bought 36 months before DAY (its month counted)."""
    return row("assets", "asset:1", original_cny=60_000, purchased=date(2023, 10, 15), book_value_cny=book_value)


def added(table: str, *rows: Any) -> Change:
    def change(estate: Estate) -> Estate:
        origins = {one.id: f"{table}.csv:{number}" for number, one in enumerate(rows, len(getattr(estate, table)) + 2)}
        return estate.model_copy(update={table: {**getattr(estate, table), **{one.id: one for one in rows}}, "origins": {**estate.origins, **origins}})

    return change


KEPT = {"mlps_tested": DAY - timedelta(days=30), "crypto_assessed": DAY - timedelta(days=30), "vendor": "甲", "contract_end": DAY + timedelta(days=400)}
FULL: Change = both(
    *(row("systems", f"system:{number}", **KEPT) for number in (1, 2, 3)),
    row("rooms", "room:990101-0001", level="C", staff=1),
    added("components", Component(id="component:2-db", system="system:1", kind="database", product="postgresql", version="15", asset="asset:2")),
    added(
        "data_resources",
        DataResource(id="resource:1", name="甲", unit="unit:990000-0001", base="credit", legal_basis="办法", update_days=30, updated=DAY, gathered=True),
        DataResource(id="resource:2", name="乙", unit="unit:990101-0001", sharing="unconditional"),
    ),
    added(
        "data_items",
        DataItem(id="item:1", resource="resource:1", name="姓名", element="citizen-name", authoritative=True),
        DataItem(id="item:2", resource="resource:2", name="姓名", element="citizen-name"),
        DataItem(id="item:3", resource="resource:1", name="住址", element="citizen-address", authoritative=True),
    ),
    added("data_needs", DataNeed(id="need:1", unit="unit:990101-0001", element="citizen-name", asked=DAY, resource="resource:1", status="met")),
    added(
        "egresses",
        Egress(id="egress:1", name="省出口", unit="unit:990000-0001", site="site:990000-0001", operator="甲", bandwidth_mbps=100),
        Egress(id="egress:2", name="区出口", unit="unit:990101-0001", site="site:990101-0001", operator="乙", bandwidth_mbps=100),
    ),
    added(
        "addresses",
        Address(id="address:1", prefix=IPv6Network("2001:db8:e300::/64"), unit="unit:990000-0001", egress="egress:1"),
        Address(id="address:2", prefix=IPv6Network("2001:db8:e302::/64"), unit="unit:990101-0001", egress="egress:1"),
    ),
    added("decisions", Decision(id="decision:1", system="system:1", decision="keep", by="评审组", on=DAY, reason="在用")),
    added(
        "projects",
        Project(id="project:1", name="丙", unit="unit:990101-0001", year=2026, kind="new", purpose="丙", cost_cny=1, cloud="cloud:p", status="approved"),
    ),
)
N = IPv6Network
A = IPv6Address
CASES: dict[str, list[tuple[Change, Change]]] = {
    "INV-001": [(doubled, same)],
    "INV-002": [
        (row("systems", "system:1", unit="unit:none"), row("systems", "system:1", unit="unit:990000-0001")),
        (row("topics", "topic:1", units="unit:990000-0001 unit:none"), row("topics", "topic:1", units="unit:990000-0001")),
        (row("lans", "lan:room", vpn="vpn:none"), row("lans", "lan:room", room=None)),
        (row("decisions", "decision:1", into="system:9"), row("decisions", "decision:1", into="system:2")),
        (row("data_needs", "need:1", resource="resource:9"), row("data_needs", "need:1", resource=None)),
        (row("projects", "project:1", platforms="platform:1 platform:9"), row("projects", "project:1", platforms="platform:1")),
        (row("addresses", "address:2", egress="egress:9"), row("addresses", "address:2", egress="egress:2")),
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
        (row("lans", "lan:vpn-a", vpn=None), row("lans", "lan:vpn-a", name="甲")),
        (row("vpns", "vpn:a", unit="unit:none"), row("vpns", "vpn:a", unit="unit:990101-0001")),
        (row("vpns", "vpn:a", network="network:none"), row("vpns", "vpn:a", network=None)),
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
        (row("assets", "asset:1", room=None), both(row("assets", "asset:2", room=None), drop("components", "component:2-db"))),
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
    "INV-027": [
        (row("systems", "system:3", zone="internet"), row("systems", "system:2", zone="internet")),
        (row("systems", "system:3", zone="public"), same),
    ],
    "INV-028": [
        (row("data_resources", "resource:1", system="system:3"), row("data_resources", "resource:1", system="system:2")),
        (row("data_needs", "need:1", system="system:3"), same),
    ],
    "INV-029": [
        (row("dependencies", "dependency:1", needs="system:3"), same),
        (row("dependencies", "dependency:1", system="system:3"), row("dependencies", "dependency:1", system="system:3", needs="system:3")),
    ],
    "INV-038": [(reviewed("nobody"), reviewed("reviewer")), (reviewed("planner"), same)],
    "INV-039": [
        (row("decisions", "decision:1", decision="merge"), row("decisions", "decision:1", decision="merge", into="system:2")),
        (row("decisions", "decision:1", decision="merge", into="system:1"), row("decisions", "decision:1", decision="retire")),
        (
            both(row("decisions", "decision:1", decision="merge", into="system:2"), row("systems", "system:2", status="stopped")),
            both(row("decisions", "decision:1", decision="keep", into="system:2"), row("systems", "system:2", status="stopped")),
        ),
    ],
    "INV-040": [
        (row("decisions", "decision:1", decision="retire", on=DAY - days(91)), row("decisions", "decision:1", decision="retire", on=DAY - days(90))),
        (
            row("decisions", "decision:1", decision="retire", on=DAY - days(91)),
            both(row("decisions", "decision:1", decision="retire", on=DAY - days(91)), row("systems", "system:1", status="retired")),
        ),
    ],
    "INV-041": [(row("data_items", "item:2", authoritative=True), row("data_items", "item:2", authoritative=True, element="other"))],
    "INV-042": [(row("data_items", "item:1", authoritative=False), row("data_items", "item:2", authoritative=False))],
    "INV-043": [
        (row("data_resources", "resource:1", legal_basis=""), row("data_resources", "resource:1", legal_basis="", sharing="unconditional")),
        (row("data_resources", "resource:1", legal_basis="", sharing="none"), row("data_resources", "resource:1", sharing="none")),
    ],
    "INV-044": [(both(row("data_items", "item:1", resource="resource:2"), drop("data_items", "item:3")), drop("data_items", "item:3"))],
    "INV-045": [
        (row("data_items", "item:2", personal=True), row("data_items", "item:1", personal=True)),
        (both(row("data_items", "item:1", personal=True), row("data_resources", "resource:1", open=True)), row("data_resources", "resource:1", open=True)),
    ],
    "INV-046": [
        (row("data_resources", "resource:1", updated=DAY - days(61)), row("data_resources", "resource:1", updated=DAY - days(60))),
        (row("data_resources", "resource:1", updated=None), row("data_resources", "resource:1", updated=None, update_days=0)),
    ],
    "INV-047": [
        (row("data_needs", "need:1", resource=None), row("data_needs", "need:1", resource=None, status="asked")),
        (row("data_needs", "need:1", element="other"), row("data_needs", "need:1", resource="resource:2")),
    ],
    "INV-048": [(row("data_needs", "need:1", status="refused"), row("data_needs", "need:1", status="refused", reason="涉密"))],
    "INV-049": [(row("data_needs", "need:1", status="asked", asked=DAY - days(17)), row("data_needs", "need:1", status="asked", asked=DAY - days(16)))],
    "INV-050": [(row("data_resources", "resource:1", gathered=False), row("data_resources", "resource:1", gathered=False, base=""))],
    "INV-051": [
        (row("systems", "system:2", mlps_tested=DAY - days(367)), row("systems", "system:2", mlps_tested=DAY - days(366))),
        (row("systems", "system:1", mlps_tested=DAY - days(732)), row("systems", "system:1", mlps_tested=DAY - days(731))),
        (row("systems", "system:1", mlps_tested=None), row("systems", "system:1", mlps_tested=None, mlps_level=1, personal_data=False)),
    ],
    "INV-052": [
        (row("systems", "system:2", crypto_assessed=None), row("systems", "system:1", crypto_assessed=None)),
        (row("systems", "system:2", crypto_assessed=DAY - days(367)), row("systems", "system:2", crypto_assessed=DAY - days(366))),
    ],
    "INV-053": [
        (row("assets", "asset:1", os="CentOS 7.9"), row("assets", "asset:1", os="debian 12")),
        (row("assets", "asset:1", os="windows server 2012 r2"), row("assets", "asset:1", os="windows server 2016")),
        (row("assets", "asset:1", os="centos 7"), row("assets", "asset:1", os="centos 7", status="sanitised")),
    ],
    "INV-054": [
        (row("components", "component:1-web", product="tomcat", version="8.5.100"), row("components", "component:1-web", product="tomcat", version="9.0")),
        (row("systems", "system:1", runtime="python 3.9"), row("systems", "system:1", runtime="python 3.11")),
    ],
    "INV-055": [
        (row("systems", "system:1", contract_end=DAY - days(1)), row("systems", "system:1", contract_end=DAY + days(91))),
        (row("systems", "system:1", contract_end=DAY + days(90)), row("systems", "system:1", contract_end=DAY, status="stopped")),
    ],
    "INV-056": [
        (row("systems", "system:1", vendor=""), row("systems", "system:1", vendor="", status="stopped")),
        (row("systems", "system:1", contract_end=None), row("systems", "system:1", contract_end=DAY + days(900))),
    ],
    "INV-057": [(row("egresses", "egress:2", site="site:990000-0001"), same)],
    "INV-058": [
        (row("addresses", "address:2", prefix=N("2001:db8:e300::/64")), row("addresses", "address:2", prefix=N("2001:db8:e300:1::/64"))),
        (row("addresses", "address:2", prefix=N("2001:db8:e300::1/128"), egress="egress:2"), row("addresses", "address:2", prefix=N("2001:db8:e300::1/128"))),
    ],
    "INV-059": [
        (row("addresses", "address:2", system="system:1"), both(row("addresses", "address:2", system="system:1"), row("systems", "system:1", zone="internet"))),
        (
            both(row("addresses", "address:2", system="system:2"), row("systems", "system:2", zone="internet")),
            row("addresses", "address:2", system="system:2", egress=None),
        ),
    ],
    "INV-060": [
        (row("addresses", "address:2", prefix=N("2400:3200::/64"), egress=None), row("addresses", "address:2", egress=None)),
        (row("addresses", "address:2", prefix=IPv4Network("223.5.5.0/24"), egress=None), row("addresses", "address:2", prefix=IPv4Network("223.5.5.0/24"))),
    ],
    "INV-061": [
        (row("lans", "lan:room", room="room:other"), row("lans", "lan:room", room=None)),
        (row("assets", "asset:1", room="room:other"), row("assets", "asset:1", room=None)),
    ],
    "INV-062": [
        (part("flavors", 0, vcpus=33), part("flavors", 0, vcpus=32)),
        (part("flavors", 0, memory_mib=16385), part("flavors", 0, memory_mib=16384)),
        (part("flavors", 0, disk_gib=101), part("flavors", 0, disk_gib=100)),
    ],
    "INV-063": [
        (row("projects", "project:1", vcpus=32), row("projects", "project:1", vcpus=31)),
        (row("projects", "project:1", memory_gib=16), row("projects", "project:1", memory_gib=15)),
        (row("projects", "project:1", disk_gib=91), row("projects", "project:1", disk_gib=91, status="applied")),
        (row("projects", "project:1", vcpus=33, arch="aarch64"), row("projects", "project:1", vcpus=32, arch="aarch64")),
    ],
    "INV-064": [
        (row("rooms", "room:990101-0001", level=""), row("rooms", "room:990101-0001", level="", status="emptying")),
        (row("rooms", "room:990101-0001", staff=0), same),
    ],
    "INV-065": [
        (row("rooms", "room:990101-0001", racks=101, pue=1.51), row("rooms", "room:990101-0001", racks=101, pue=1.5)),
        (row("rooms", "room:990101-0001", racks=101, pue=1.51), row("rooms", "room:990101-0001", racks=100, pue=1.51)),
    ],
    "INV-066": [
        (both(row("systems", "system:1", status="retired"), row("systems", "system:3", status="retired")), row("systems", "system:1", status="retired")),
    ],
    "INV-067": [
        (row("assets", "asset:1", purchased=date(2018, 9, 1)), row("assets", "asset:1", purchased=date(2018, 10, 31))),
        (row("assets", "asset:1", purchased=date(2018, 9, 1)), row("assets", "asset:1", purchased=date(2018, 9, 1), life_years=7)),
        (row("assets", "asset:1", purchased=date(2010, 1, 1)), row("assets", "asset:1", purchased=date(2010, 1, 1), kind="ups")),
    ],
    "INV-068": [
        (worth(29_399), worth(29_400)),  # half of six years are gone: 30,000 are left, less 1 % of 60,000
        (worth(40_601), worth(40_600)),  # a year earlier it was 40,000
        (worth(500_000), both(worth(500_000), row("assets", "asset:1", original_cny=0))),  # not known
    ],
    "INV-069": [
        (row("assets", "asset:2", status="disposed"), row("assets", "asset:2", status="disposed", book_value_cny=0)),
        (row("assets", "asset:2", status="disposed"), row("assets", "asset:2", status="sanitised")),
    ],
    "INV-070": [(row("assets", "asset:2", media="D3 D1"), row("assets", "asset:2", media="D3 D11"))],
    "INV-071": [(row("assets", "asset:2", name="svr-1"), row("assets", "asset:2", name="svr-1", room=None, lan=None, address=None))],
    "INV-072": [
        (both(row("systems", "system:3", name="系统一")), row("systems", "system:2", name="系统一")),
        (row("systems", "system:3", name="系统一"), row("systems", "system:3", name="系统一", status="retired")),
    ],
    "INV-073": [
        (row("systems", "system:1", last_used=DAY + days(1)), row("systems", "system:1", last_used=DAY)),
        (row("assets", "asset:1", purchased=DAY + days(1)), row("assets", "asset:1", purchased=DAY)),
        (row("systems", "system:1", in_service=date(2026, 1, 2)), row("systems", "system:1", in_service=date(2026, 1, 1))),
    ],
    "INV-074": [
        (row("systems", "system:1", availability_percent=99.9, rto_minutes=526), row("systems", "system:1", availability_percent=99.9, rto_minutes=525)),
        (row("systems", "system:1", availability_percent=100, rto_minutes=1), row("systems", "system:1", availability_percent=None, rto_minutes=9999)),
    ],
    "INV-075": [
        (row("systems", "system:2", xinchuang=True, arch="x86_64"), row("systems", "system:2", xinchuang=True, arch="aarch64")),
        (row("systems", "system:2", xinchuang=True, arch="x86_64"), row("systems", "system:2", arch="x86_64")),
    ],
    "INV-076": [
        (
            both(row("systems", "system:1", xinchuang=True), row("components", "component:1-web", product="Oracle", version="19c")),
            row("components", "component:1-web", product="Oracle", version="19c"),
        ),
        (
            both(row("systems", "system:1", xinchuang=True), row("assets", "asset:1", os="windows server 2019")),
            row("assets", "asset:1", os="windows server 2019"),
        ),
    ],
    "INV-077": [
        (
            row("dependencies", "dependency:1", kind="data"),
            both(row("dependencies", "dependency:1", kind="data"), row("systems", "system:1", personal_data=False)),
        )
    ],
    "INV-078": [(row("systems", "system:1", mlps_level=1), row("systems", "system:2", mlps_level=1))],
    "INV-079": [(row("units", "unit:990101-0001", parent=None), row("units", "unit:990101-0001", parent=None, level="province"))],
    "INV-080": [
        (both(calls("system:1", "system:2", 10), calls("system:2", "system:1", 10)), both(calls("system:1", "system:2", 10), calls("system:2", "system:1", 0))),
        (
            both(calls("system:1", "system:2", 5), calls("system:2", "system:3", 5), calls("system:3", "system:1", 5)),
            both(calls("system:1", "system:2", 5), calls("system:2", "system:3", 5), calls("system:1", "system:3", 5)),
        ),
    ],
    "INV-081": [
        (row("projects", "project:1", kind="upgrade"), row("projects", "project:1", kind="upgrade", system="system:1")),
        (
            both(row("projects", "project:1", kind="upgrade", system="system:1"), row("systems", "system:1", status="retired")),
            both(row("projects", "project:1", kind="new", system="system:1"), row("systems", "system:1", status="retired")),
        ),
        (
            both(row("projects", "project:1", kind="operation", system="system:1"), row("decisions", "decision:1", decision="retire")),
            row("projects", "project:1", kind="operation", system="system:1"),
        ),
    ],
    "INV-082": [
        (row("projects", "project:1", own_room=True), row("projects", "project:1", own_room=True, status="applied")),
        (row("projects", "project:1", own_network=True), row("projects", "project:1", own_network=True, classified=True)),
    ],
    "INV-083": [
        (both(drop("components", "component:1-web"), drop("components", "component:2-db")), drop("components", "component:2-db")),
        (
            both(drop("components", "component:1-web"), drop("components", "component:2-db")),
            both(drop("components", "component:1-web"), drop("components", "component:2-db"), row("systems", "system:1", status="stopped")),
        ),
    ],
    "INV-084": [(row("systems", "system:2", mlps_filing="F1"), row("systems", "system:2", mlps_filing="F11"))],
    "INV-085": [
        (drop("components", "component:2-db"), both(drop("components", "component:2-db"), row("assets", "asset:2", kind="storage"))),
        (drop("components", "component:2-db"), both(drop("components", "component:2-db"), row("assets", "asset:2", status="shut-down"))),
    ],
    "INV-086": [(target("on-clouds"), target("on-cloud")), (target(""), target(None))],
}


@pytest.fixture(scope="module")
def estate(small_original: Path) -> Estate:
    return FULL(read_estate(small_original))


def test_the_small_estate_has_no_findings(estate: Estate) -> None:
    assert [finding.en for finding in run(estate, DAY)] == []


def test_every_rule_says_what_why_and_what_to_do() -> None:
    for check in all_checks():
        texts = [text for pair in (check.title, check.reason, check.advice) for text in (pair.zh, pair.en)]
        assert all(texts), check.id
        assert len(set(texts)) == len(texts), check.id
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in pair.zh) for pair in (check.title, check.reason, check.advice)), check.id
    ids = [check.id for check in all_checks()]
    assert len(set(ids)) == len(ids)


def test_rules_that_need_a_day_only_warn() -> None:
    dated = [check for check in all_checks() if isinstance(check, DatedCheck)]
    assert len(dated) >= 10
    assert {check.severity for check in dated} == {Severity.WARNING}


def test_a_rule_that_does_not_exist_is_refused(estate: Estate) -> None:
    with pytest.raises(InputError, match="INV-999"):
        run(estate, DAY, ["INV-999", "INV-001"])


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == [check.id for check in all_checks()]
    assert len(CASES) >= 60


@pytest.mark.parametrize(("rule", "fires", "near_miss"), [(rule, *case) for rule, cases in CASES.items() for case in cases])
def test_rule(estate: Estate, rule: str, fires: Change, near_miss: Change) -> None:
    found = run(fires(estate), DAY, [rule])
    assert found
    assert all(finding.file and finding.row > 0 and finding.zh and finding.en for finding in found), found
    assert [finding.en for finding in run(near_miss(estate), DAY, [rule])] == []


def test_the_province_has_warnings_only(hunan: Estate) -> None:
    found = run(hunan, DAY)
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_exact_versions_are_those_of_their_series_and_no_others() -> None:
    assert end_of("Tomcat  8.5.100") == date(2024, 3, 31)
    assert end_of("windows server 2012 R2") == date(2023, 10, 10)
    assert end_of("postgresql 1") is None
    assert end_of("nginx 1.14") is None
    assert end_of("centos 70") is None


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("CentOS Linux 7.6", date(2024, 6, 30)),
        ("CentOS7.9", date(2024, 6, 30)),
        ("CentOS Linux release 7.6.1810", date(2024, 6, 30)),
        ("Windows Server 2012R2 数据中心版", date(2023, 10, 10)),
        ("Microsoft SQL Server 2008 R2 SP3", date(2019, 7, 9)),
        ("MSSQL2016", date(2026, 7, 14)),
        ("mssql 2008R2", date(2019, 7, 9)),
        ("Red Hat Enterprise Linux 6.5", date(2020, 11, 30)),
        ("RHEL 7", date(2024, 6, 30)),
        ("Oracle Database 11g", date(2020, 12, 31)),
        ("ＭｙＳＱＬ５．７", date(2023, 10, 31)),
        ("windows 7 旗舰版", date(2020, 1, 14)),
        ("Kylin V10", None),
        ("Oracle Linux 7", None),
        ("SQL Server 2022", None),
        ("windows 11", None),
        ("10", None),
        ("", None),
    ],
)
def test_products_as_a_census_writes_them(written: str, end: date | None) -> None:
    assert end_of(written) == end


def test_every_row_of_the_dated_table_is_found_by_its_own_name() -> None:
    assert all(end_of(name) == end for name, end in table().items())


def test_circles_of_calls_are_told_apart() -> None:
    assert circles({"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["e"], "e": ["d"], "f": ["a"]}) == [["a", "b", "c"], ["d", "e"]]


def test_cycles_are_told_once() -> None:
    assert cycles({"a": "b", "b": "c", "c": "a", "d": "a", "e": None}) == [("a", "b", "c")]

"""Sample data resources, items and needs; ways out to the internet and addresses; project applications."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Network
from typing import Any

from inventory.sample.draft import Cells, Draft

Element = dict[str, Any]


def add_data(draft: Draft) -> None:
    """The base databases' resources, one for every second system, and who needs what of them."""
    elements: list[Element] = draft.settings.get("elements", [])
    if not elements:
        return
    for row in draft.settings["base_resources"]:
        _resource(draft, row["id"], [element for element in elements if element["base"] == row["base"]], source_of=row["base"], **row)
    for system in draft.tables["systems"]:
        key = system["id"].partition(":")[2]
        if system.get("classified") or not draft.chance(f"resource:{key}", 45):
            continue
        first = draft.number(f"elements:{key}", 0, len(elements) - 1)
        held = [*_own(system), *(elements[(first + 3 * step) % len(elements)] for step in range(draft.number(f"items:{key}", 0, 2)))]
        theme = draft.pick(f"theme:{key}", ["", "", *draft.settings["themes"]])
        name = f"{system.get('purpose') or system['name']}信息"
        _resource(draft, f"resource:{key}", held, source_of="", id=f"resource:{key}", name=name, unit=system["unit"], system=system["id"], theme=theme)
    _needs(draft, elements)


def _own(system: Cells) -> list[Element]:
    """What a system of its purpose keeps: the same elements in every county that has one."""
    job = system.get("purpose") or system["name"]
    short = sha256(job.encode()).hexdigest()[:6]
    return [
        {"element": f"e{short}-{part}", "name": f"{job}{name}", "base": None} for part, name in (("number", "编号"), ("object", "对象"), ("result", "结果"))
    ]


def _resource(draft: Draft, key: str, held: list[Element], *, source_of: str, **cells: Any) -> None:
    sharing = draft.pick(f"sharing:{key}", ["unconditional", "conditional", "conditional", "none"]) if not source_of else "conditional"
    draft.add(
        "data_resources",
        sharing=sharing,
        legal_basis="政务信息资源共享管理暂行办法（国发〔2016〕51号）" if sharing == "conditional" else "",
        open=sharing == "unconditional" and draft.chance(f"open:{key}", 40),
        update_days=draft.pick(f"update:{key}", [0, 1, 7, 30]),
        updated=draft.settings["as_of"] - timedelta(days=draft.number(f"updated:{key}", 0, 60)),
        rows=draft.number(f"rows:{key}", 200, 90_000) * (40 if source_of else 1),
        gathered=bool(source_of) or draft.chance(f"gathered:{key}", 60),
        **cells,
    )
    for element in held:
        mine = element["base"] is None or source_of == element["base"] or draft.chance(f"clash:{key}:{element['element']}", 1)
        draft.add(
            "data_items",
            id=f"item:{key.partition(':')[2]}-{element['element']}",
            resource=key,
            name=element["name"],
            element=element["element"],
            authoritative=mine,
            personal=element.get("personal", False),
        )


def _needs(draft: Draft, elements: list[Element]) -> None:
    """Of systems that work with people or companies, for elements of the base databases; most are met."""
    source = {item["element"]: item["resource"] for item in draft.tables["data_items"] if item["authoritative"]}
    for system in draft.tables["systems"]:
        key = system["id"].partition(":")[2]
        if system.get("classified") or not draft.chance(f"need:{key}", 30):
            continue
        element = draft.pick(f"needed:{key}", elements)["element"]
        status = draft.pick(f"met:{key}", ["met"] * 7 + ["granted", "asked", "refused"])
        reason = "法律、行政法规规定不予共享" if status == "refused" else ""
        draft.add(
            "data_needs",
            id=f"need:{key}",
            unit=system["unit"],
            system=system["id"],
            element=element,
            purpose=system.get("purpose", ""),
            asked=draft.settings["as_of"] - timedelta(days=draft.number(f"asked:{key}", 20, 700)),
            resource=source.get(element, "") if status in ("met", "granted") else "",
            status=status,
            reason=reason,
        )


def add_egresses(draft: Draft) -> None:
    """One way out for the province and for each city, and a few that units kept for themselves; each with its addresses."""
    settings = draft.settings.get("egress")
    if not settings:
        return
    for region in [*draft.level("province"), *draft.level("city")]:
        code = region["code"]
        site = next(site["id"] for site in draft.tables["sites"] if site["region"] == code)
        _egress(draft, f"egress:{code}-0001", f"{region['name']}电子政务外网互联网出口", f"unit:{code}-0001", site, 10_000, int(code, 16) << 8)
    for number, unit in enumerate(settings["own"], 1):
        row = next(row for row in [*draft.published_units, *draft.tables["units"]] if row["id"] == unit)
        site = next(site["id"] for site in draft.tables["sites"] if site["region"] == row["region"])
        _egress(draft, f"egress:{row['region']}-{100 + number:04d}", f"{row['name']}自建互联网出口", unit, site, 200, int(row["region"], 16) << 8 | number)


def _egress(draft: Draft, key: str, name: str, unit: str, site: str, bandwidth_mbps: int, number: int) -> None:
    settings = draft.settings["egress"]
    draft.add("egresses", id=key, name=name, unit=unit, site=site, operator=draft.pick(f"operator:{key}", settings["operators"]), bandwidth_mbps=bandwidth_mbps)
    block = IPv6Network(settings["block"])
    public = IPv6Network((int(block.network_address) | number << 64, 64))
    draft.add("addresses", id=f"address:{key.partition(':')[2]}", prefix=str(public), unit=unit, egress=key, purpose="互联网出口")


def add_projects(draft: Draft) -> None:
    """The applications that the settings give, as they are."""
    rows: list[Cells] = draft.settings.get("projects", [])
    draft.tables["projects"] += [dict(row) for row in rows]

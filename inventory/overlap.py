"""Systems without use, without an owner, or doing the job of another, each with its evidence: what 二（二）1 of the plan asks to clear out.

Nothing here decides: it lists what speaks for it, with the row where it was read; a decision is a row of decisions.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from inventory.model import Decision, Estate, System
from inventory.names import plain_name
from inventory.places import region_of, upwards

KINDS = ("unused", "ownerless", "overlap")
UNUSED_DAYS = 365  # without use for longer: a zombie system (僵尸系统)
ALIKE_DATA = 0.6  # share of the data elements that two systems have in common, of all that they hold
LEAST_ELEMENTS = 3  # fewer in common say nothing


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for it; `subject` is the row where it was read."""

    subject: str
    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A system to be decided on. `kind`: `unused`, `ownerless` or `overlap`, then `others` do its job."""

    system: str
    kind: str
    others: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    yearly_cost_cny: float
    decision: Decision | None


def suspects(estate: Estate, day: date, unused_days: int = UNUSED_DAYS) -> list[Suspect]:
    """All of them, by kind and id. Retired and classified systems are left out: the latter are not this tool's to judge."""
    systems = [system for system in estate.systems.values() if system.status != "retired" and not system.classified]
    decided = standing(estate)

    def suspect(system: System, kind: str, others: tuple[str, ...], evidence: list[Evidence]) -> Suspect:
        return Suspect(system.id, kind, others, tuple(evidence), system.yearly_cost_cny, decided.get(system.id))

    needed = {edge.needs for edge in estate.dependencies.values()}
    found = [suspect(system, "unused", (), evidence) for system in systems if (evidence := _unused(system, system.id in needed, day, unused_days))]
    found += [suspect(system, "ownerless", (), evidence) for system in systems if (evidence := _ownerless(estate, system))]
    alike = _overlaps(estate, systems)
    for name in sorted(alike):
        others = alike[name]
        found.append(suspect(estate.systems[name], "overlap", tuple(sorted(others)), [piece for other in sorted(others) for piece in others[other]]))
    return found


def standing(estate: Estate) -> dict[str, Decision]:
    """The decision that stands, by system: the last one; of one day's the one that was added last."""
    return {decision.system: decision for decision in sorted(estate.decisions.values(), key=lambda row: row.on)}


def _unused(system: System, needed: bool, day: date, unused_days: int) -> list[Evidence]:
    """Not used for long, or no visit at all; what else says that nobody needs it is listed with it."""
    evidence = []
    if system.last_used and (days := (day - system.last_used).days) > unused_days:
        evidence.append(Evidence(system.id, "last_used", f"最后使用于 {system.last_used}，已 {days} 天", f"last used on {system.last_used}, {days} days ago"))
    if not system.daily_visits and (evidence or system.last_used is None):
        evidence.append(Evidence(system.id, "daily_visits", "日访问量为 0", "no daily visits"))
    if not evidence:
        return []
    if system.status == "stopped":
        evidence.append(Evidence(system.id, "status", "已停用但未注销", "stopped, and not retired"))
    if not needed:
        evidence.append(Evidence(system.id, "id", "没有系统依赖它", "no system depends on it"))
    if system.contract_end and system.contract_end < day:
        evidence.append(Evidence(system.id, "contract_end", f"运维合同已于 {system.contract_end} 到期", f"its contract ended on {system.contract_end}"))
    return evidence


def _ownerless(estate: Estate, system: System) -> list[Evidence]:
    if system.unit not in estate.units:
        return [Evidence(system.id, "unit", f"责任单位 {system.unit} 不存在", f"its unit {system.unit} does not exist")]
    return []


def _overlaps(estate: Estate, systems: list[System]) -> dict[str, dict[str, list[Evidence]]]:
    """Per system the others that do its job, with the evidence; both must serve the same region, or one a region above the other's."""
    found: dict[str, dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for one, other, piece in [*_by_job(estate, systems), *_by_platform(estate, systems), *_by_data(estate, systems)]:
        found[one.id][other.id].append(piece)
    return found


def _by_job(estate: Estate, systems: list[System]) -> Iterator[tuple[System, System, Evidence]]:
    """By purpose, or by name with the region's name away. The system nearer to the ground is the suspect; of equals both are."""
    jobs: dict[str, list[System]] = defaultdict(list)
    for system in systems:
        jobs[_job(estate, system)].append(system)
    for job, doing in jobs.items():
        here: dict[str, list[System]] = defaultdict(list)
        for system in doing:
            here[_region(estate, system)].append(system)
        for system in doing if job else ():
            for region in upwards(estate, _region(estate, system)):
                for other in here.get(region, ()):
                    if other is not system:
                        column = "purpose" if system.purpose and other.purpose else "name"
                        zh, en = f"与 {other.name}（{other.id}）职能相同：{job}", f"does the same job as {other.id}: {job}"
                        yield system, other, Evidence(system.id, column, zh, en)


def _by_platform(estate: Estate, systems: list[System]) -> Iterator[tuple[System, System, Evidence]]:
    """A shared platform that the plan names does the job already; the system that runs the platform has its name."""
    runs = {plain_name(platform.name): platform for platform in estate.platforms.values()}
    by_name = {plain_name(system.name): system for system in systems if plain_name(system.name) in runs}
    for system in systems:
        for word in {_job(estate, system), plain_name(system.name)} - {""}:
            other = by_name.get(word)
            if other and other is not system:
                platform = runs[word]
                yield system, other, Evidence(platform.id, "name", f"共享平台 {platform.name} 已提供该功能", f"the shared platform {platform.id} does this")


def _by_data(estate: Estate, systems: list[System]) -> Iterator[tuple[System, System, Evidence]]:
    held: dict[str, set[str]] = defaultdict(set)
    names = {item.element: item.name for item in estate.data_items.values()}
    for item in estate.data_items.values():
        resource = estate.data_resources.get(item.resource)
        if resource and resource.system:
            held[resource.system].add(item.element)
    regions: dict[str, list[System]] = defaultdict(list)
    for system in systems:
        if len(held.get(system.id, ())) >= LEAST_ELEMENTS:
            regions[_region(estate, system)].append(system)
    for here in regions.values():
        for one, other in combinations(here, 2):
            common = held[one.id] & held[other.id]
            share = len(common) / len(held[one.id] | held[other.id])
            if len(common) >= LEAST_ELEMENTS and share >= ALIKE_DATA:
                for a, b in ((one, other), (other, one)):
                    zh = f"与 {b.name}（{b.id}）采集相同数据项：{'、'.join(sorted(names[element] for element in common))}"
                    yield a, b, Evidence(a.id, "id", zh, f"holds the same data elements as {b.id}: {', '.join(sorted(common))}")


def _job(estate: Estate, system: System) -> str:
    """What it does: its purpose, else its name without the region's."""
    if system.purpose:
        return plain_name(system.purpose)
    region = estate.regions.get(_region(estate, system))
    return plain_name(system.name.removeprefix(region.name) if region else system.name)


def _region(estate: Estate, system: System) -> str:
    return region_of(estate, system.unit)

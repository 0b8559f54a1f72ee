"""How far the estate is against the targets of the province's plan (targets.yaml); what cannot be known from it is said to be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from inventory.catalogue import bases_gathered, catalogue, needs_met
from inventory.model import Estate, Level, RoomStatus, System, Target
from inventory.overlap import suspects


@dataclass(frozen=True, slots=True)
class Measured:
    """A value in the target's unit, and how it comes about; None: the estate does not say. `rows` are the ids that still stand in the way."""

    value: float | None
    zh: str
    en: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One target. `state`: `reached`, `open`, or `unknown`."""

    target: Target
    measured: Measured
    state: str


UNKNOWN = Measured(None, "资产底数中无此数据", "the estate does not hold this")
Measure = Callable[[Estate, date], Measured]


def progress(estate: Estate, day: date) -> list[Progress]:
    """Every target of the estate, in its order."""
    found = []
    for target in estate.targets.values():
        measured = MEASURES[target.measure](estate, day) if target.measure in MEASURES else UNKNOWN
        goal = 100.0 if target.goal is None else target.goal
        state = "unknown" if measured.value is None else "reached" if measured.value >= goal else "open"
        found.append(Progress(target, measured, state))
    return found


def _percent(rows: Iterable[str], open_rows: Iterable[str], zh: str, en: str) -> Measured:
    """The share of `rows` that is not in `open_rows`, in percent."""
    everything, left = list(rows), tuple(open_rows)
    if not everything:
        return UNKNOWN
    done = len(everything) - len(left)
    value = int(1000 * done / len(everything)) / 10  # rounded down: 99.96 is not 100
    return Measured(value, zh.format(done=done, all=len(everything)), en.format(done=done, all=len(everything)), left)


def _running(estate: Estate) -> list[System]:
    return [system for system in estate.systems.values() if system.status != "retired" and not system.classified]


def census(estate: Estate, _day: date) -> Measured:
    """Systems of provincial units of which unit, level, place, database and last use are all known."""
    provincial = [system for system in _running(estate) if (unit := estate.units.get(system.unit)) and unit.level is Level.PROVINCE]
    databases = {part.system for part in estate.components.values() if part.kind == "database"}
    lacking = [system.id for system in provincial if not (system.last_used and (system.room or system.cloud) and system.id in databases)]
    words = "省直部门 {all} 个系统中 {done} 个底数完整", "{done} of {all} systems of provincial units are fully known"
    return _percent((system.id for system in provincial), lacking, *words)


def cleared(estate: Estate, day: date) -> Measured:
    """Systems without use of provincial units on which nothing was decided, against all systems of provincial units."""
    provincial = {system.id for system in _running(estate) if (unit := estate.units.get(system.unit)) and unit.level is Level.PROVINCE}
    left = [found.system for found in suspects(estate, day) if found.kind == "unused" and found.decision is None and found.system in provincial]
    return _percent(provincial, left, "省直部门 {all} 个系统中 {done} 个已清理或在用", "{done} of {all} systems of provincial units are used, or decided on")


def needs(estate: Estate, _day: date) -> Measured:
    share = needs_met(estate)
    left = tuple(need.id for need in estate.data_needs.values() if need.status in ("asked", "granted"))
    return Measured(share.percent, f"数据共享需求已满足 {share.part}/{share.whole}", f"{share.part} of {share.whole} needs are met", left)


def bases(estate: Estate, _day: date) -> Measured:
    shares = bases_gathered(estate)
    lacking = [item.id for item in estate.data_items.values() if (res := estate.data_resources.get(item.resource)) and res.base and not res.gathered]
    everything = [str(n) for n in range(sum(share.whole for share in shares.values()))]
    return _percent(everything, lacking, "基础数据库 {all} 个信息项中 {done} 个已汇聚", "{done} of {all} items of the base databases are gathered")


def one_source(estate: Estate, _day: date) -> Measured:
    entries = [entry for entry in catalogue(estate) if entry.items]
    lacking = [entry.element for entry in entries if not entry.sources or entry.clashes]
    return _percent((entry.element for entry in entries), lacking, "{all} 个数据元素中 {done} 个一数一源", "{done} of {all} data elements have one source")


def on_cloud(estate: Estate, _day: date) -> Measured:
    systems = _running(estate)
    left = [system.id for system in systems if not system.cloud]
    return _percent(
        (system.id for system in systems), left, "{all} 个非涉密系统中 {done} 个已上云", "{done} of {all} systems that are not classified stand in a cloud"
    )


def rooms_closed(estate: Estate, _day: date) -> Measured:
    left = [room.id for room in estate.rooms.values() if room.status is not RoomStatus.CLOSED]
    return _percent(estate.rooms, left, "{all} 个机房中 {done} 个已关停", "{done} of {all} machine rooms are closed")


def networks_merged(estate: Estate, _day: date) -> Measured:
    """Private networks that stay as they are do not count against it only where they are classified."""
    open_networks = [network for network in estate.private_networks.values() if not network.classified]
    left = [network.id for network in open_networks if not any(vpn.unit == network.unit for vpn in estate.vpns.values())]
    words = "{all} 个非涉密专网中 {done} 个已有外网 VPN", "{done} of {all} private networks that are not classified have a VPN of the extranet"
    return _percent((network.id for network in open_networks), left, *words)


MEASURES: dict[str | None, Measure] = {
    "census": census,
    "cleared": cleared,
    "needs-met": needs,
    "bases-gathered": bases,
    "one-source": one_source,
    "on-cloud": on_cloud,
    "rooms-closed": rooms_closed,
    "networks-merged": networks_merged,
}

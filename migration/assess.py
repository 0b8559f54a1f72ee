"""What should become of a system, with reasons. Pure: the day is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from inventory.errors import InputError
from inventory.model import Disposition, Estate, System

UNUSED_AFTER = timedelta(days=365)  # without visits and without use for a year: a zombie system in the sense of the plan, 二（二）1


@dataclass(frozen=True, slots=True)
class Assessment:
    """A disposition with its reasons, and what must be settled before the system can move."""

    system: str
    disposition: Disposition
    reasons: tuple[str, ...]
    blockers: tuple[str, ...]

    @property
    def moves(self) -> bool:
        return self.disposition in {Disposition.REHOST, Disposition.REPLATFORM}


def assess(estate: Estate, system_id: str, today: date) -> Assessment:
    """Raises InputError for an unknown system."""
    system = estate.systems.get(system_id)
    if system is None:
        raise InputError(f"no system {system_id} in this estate")
    disposition, reasons = _disposition(estate, system, today)
    moves = disposition in {Disposition.REHOST, Disposition.REPLATFORM}
    return Assessment(system_id, disposition, tuple(reasons), tuple(_blockers(estate, system)) if moves else ())


def _disposition(estate: Estate, system: System, today: date) -> tuple[Disposition, list[str]]:
    if system.classified:
        return Disposition.RETAIN, ["classified: never planned, opened or moved"]
    if system.mlps_level >= 4:
        return Disposition.RETAIN, [f"MLPS level {system.mlps_level}: stays in its own environment"]
    if system.cloud:
        return Disposition.RETAIN, [f"stands in {system.cloud} already"]
    if system.status == "retired":
        return Disposition.RETIRE, ["its status is retired"]
    if system.daily_visits == 0 and system.last_used and today - system.last_used > UNUSED_AFTER:
        return Disposition.RETIRE, [f"no visits, last used on {system.last_used}"]
    source, target = _architectures(estate, system)
    if target and source and source != target:
        return Disposition.REPLATFORM, [f"runs on {source}, its place in the cloud is {target}: built again there, not copied"]
    return Disposition.REHOST, [f"in use ({system.daily_visits} visits a day), MLPS level {system.mlps_level}, architecture {source or 'unknown'} is kept"]


def _architectures(estate: Estate, system: System) -> tuple[str, str]:
    assets = [estate.assets[c.asset] for c in estate.components.values() if c.system == system.id and c.asset in estate.assets]
    landing = next(((cloud, x) for cloud in estate.clouds.values() for x in cloud.landings if x.system == system.id), None)
    target = next((i.arch for i in landing[0].images if i.name == landing[1].image), "") if landing else ""
    return next((a.arch for a in assets if a.arch), ""), target


def _blockers(estate: Estate, system: System) -> list[str]:
    blockers = []
    if not any(x.system == system.id for cloud in estate.clouds.values() for x in cloud.landings):
        blockers.append("no cloud has a landing for it: add one to clouds.yaml")
    if system.id not in estate.migrations:
        blockers.append("migrations.yaml does not say how it is moved")
    if system.service_address is None:
        blockers.append("it has no service address that could move with it")
    parts = [c for c in estate.components.values() if c.system == system.id]
    if not any(c.kind == "database" and c.asset for c in parts):
        blockers.append("no database component with a host is recorded")
    return blockers

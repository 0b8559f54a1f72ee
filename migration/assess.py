"""What should become of a system, with reasons. Pure: the day is passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inventory.errors import InputError
from inventory.model import Decision, Disposition, Estate, System
from inventory.overlap import Suspect, standing, suspects


@dataclass(frozen=True, slots=True)
class Assessment:
    """A disposition with its reasons, and what must be settled before the system can move. `into`: the system that it is merged into."""

    system: str
    disposition: Disposition
    reasons: tuple[str, ...]
    blockers: tuple[str, ...]
    into: str | None = None

    @property
    def moves(self) -> bool:
        return self.disposition in {Disposition.REHOST, Disposition.REPLATFORM}


def assess(estate: Estate, system_id: str, today: date) -> Assessment:
    """Raises InputError for an unknown system."""
    return assess_all(estate, [system_id], today)[0]


def assess_all(estate: Estate, ids: Iterable[str], today: date) -> list[Assessment]:
    """In the order of `ids`. Raises InputError that names every unknown system."""
    wanted = list(ids)
    if unknown := [one for one in wanted if one not in estate.systems]:
        raise InputError(f"no system {', '.join(unknown)} in this estate")
    decided, found = standing(estate), suspects(estate, today)
    suspected: dict[str, list[Suspect]] = {one: [] for one in wanted}
    for suspect in found:
        if suspect.system in suspected:
            suspected[suspect.system].append(suspect)
    return [_assess(estate, estate.systems[one], decided.get(one), suspected[one]) for one in wanted]


def _assess(estate: Estate, system: System, decision: Decision | None, suspected: list[Suspect]) -> Assessment:
    disposition, reasons = _disposition(estate, system, decision, suspected)
    blockers = [*_blockers(estate, system), *_undecided(system, decision, suspected)] if disposition in {Disposition.REHOST, Disposition.REPLATFORM} else []
    into = decision.into if decision and disposition is Disposition.MERGE else None
    return Assessment(system.id, disposition, tuple(reasons), tuple(blockers), into)


def _disposition(estate: Estate, system: System, decision: Decision | None, suspected: list[Suspect]) -> tuple[Disposition, list[str]]:
    """What was decided stands over what the figures say; nothing stands over classification."""
    if system.classified:
        return Disposition.RETAIN, ["classified: never planned, opened or moved"]
    if system.status == "retired":
        return Disposition.RETIRE, ["its status is retired"]
    if decision and decision.decision == "retire":
        return Disposition.RETIRE, [_said(decision)]
    if decision and decision.decision == "merge":
        return Disposition.MERGE, [_said(decision)]
    kept = [_said(decision)] if decision else []
    if system.mlps_level >= 4:
        return Disposition.RETAIN, [f"MLPS level {system.mlps_level}: stays in its own environment", *kept]
    if system.cloud:
        return Disposition.RETAIN, [f"stands in {system.cloud} already", *kept]
    unused = [piece.en for suspect in suspected if suspect.kind == "unused" for piece in suspect.evidence]
    if unused and not decision:
        return Disposition.RETIRE, [*unused, f"not decided yet: {_decide(system)}"]
    source, target = _architectures(estate, system)
    if target and source and source != target:
        return Disposition.REPLATFORM, [f"runs on {source}, its place in the cloud is {target}: built again there, not copied", *kept]
    use = f"in use ({system.daily_visits} visits a day), MLPS level {system.mlps_level}"
    return Disposition.REHOST, [f"{use}, architecture {source or 'unknown'} is kept", *kept]


def _said(decision: Decision) -> str:
    into = f" into {decision.into}" if decision.into else ""
    return f"to {decision.decision} it{into} was decided by {decision.by} on {decision.on}: {decision.reason}"


def _decide(system: System) -> str:
    return f"xiangyun inventory decide {system.id} keep|merge|retire"


def _undecided(system: System, decision: Decision | None, suspected: list[Suspect]) -> list[str]:
    """What speaks for merging it, or says that nobody answers for it, as long as nobody decided: it would move, and then go."""
    evidence = [piece.en for suspect in suspected for piece in suspect.evidence]
    return [f"{'; '.join(evidence)}; not decided yet: {_decide(system)}"] if evidence and not decision else []


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

"""Recording what was decided about a system: a row of decisions.csv and an entry of the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inventory.edit import append_rows
from inventory.errors import InputError
from inventory.journal import Note
from inventory.load.messages import said
from inventory.model import Decision, Estate, Source


def record(folder: Path, estate: Estate, *, system: str, decision: str, into: str | None, by: str, on: date, reason: str, today: date) -> dict[str, Any]:
    """Add the decision and return its row.

    Raises InputError for an unknown system, a role that may not decide, a merge into nothing, or a day that is still to come (it would stand over every
    later decision until then); then nothing is written.
    """
    if system not in estate.systems:
        raise InputError(f"no system {system} in this estate")
    if by not in estate.roles or "decide" not in estate.roles[by].may:
        may = [name for name, role in estate.roles.items() if "decide" in role.may]
        raise InputError(f"role {by} may not decide: roles.yaml lets {', '.join(may) or 'nobody'}")
    if (decision == "merge") != (into is not None):
        raise InputError("a merge says into which system (--into), other decisions do not")
    if into is not None and (into not in estate.systems or into == system or estate.systems[into].status == "retired"):
        raise InputError(f"--into {into}: not another system that runs")
    reason = " ".join(reason.split())
    if not reason:
        raise InputError("a decision says why: give --reason")
    if on > today:
        raise InputError(f"--on {on}: that is after {today}, and nothing was decided then yet")
    number = 1 + sum(row.system == system for row in estate.decisions.values())
    row = {"id": f"decision:{system.partition(':')[2]}-{number}", "system": system, "decision": decision, "into": into, "by": by, "on": on, "reason": reason}
    try:
        made = Decision.model_validate({**row, "source": Source.CENSUS})
    except ValidationError as error:
        raise InputError("; ".join(f"{detail['loc'][0]}: {said(detail)}" for detail in error.errors())) from error
    values = made.model_dump(mode="json")
    append_rows(folder, "decisions", [values], Note("inventory.decide", system, f"{decision}{f' into {into}' if into else ''} by {by}: {reason}"))
    return values

"""Saved plans of `xiangyun cloud preview --save-plan`: a file for several clouds that `up --plan` is held to. No secret is in it, only digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inventory.checks.output import write_whole
from inventory.errors import InputError
from ledger import user
from stacks.jsonfile import read_object
from stacks.operations import Options, Plan

KIND = "xiangyun cloud plan"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """`clouds`: what each is held to (the engine's plan as JSON); `digest` names the file's content."""

    clouds: Mapping[str, Mapping[str, Any]]
    options: Options
    digest: str


def save(file: Path, plans: Iterable[Plan], options: Options) -> str:
    """Write the plan; the result is its digest. A plan that is there already is replaced, whole or not at all."""
    clouds = {
        plan.cloud: {"counts": plan.counts, "changes": [change.as_dict() for change in plan.changes], "plan": plan.approved}
        for plan in sorted(plans, key=lambda plan: plan.cloud)
    }
    body = {"kind": KIND, "format": FORMAT, "made": _now(), "by": user(), "options": options.saved(), "clouds": clouds}
    digest = _digest(body)
    write_whole(file, json.dumps({**body, "digest": digest}, ensure_ascii=False, indent=1, default=str) + "\n")
    return digest


def load(file: Path, clouds: list[str], packs: Options) -> SavedPlan:
    """The plan in a file, as far as it is for these clouds; policy packs and the number of operations are those of `packs`.

    Raises InputError for what is no plan, was edited, or is for other clouds.
    """
    data = read_object(file, "a saved plan")
    if data.get("kind") != KIND:
        raise InputError(f"{file} is not a saved plan: make one with `xiangyun cloud preview --save-plan FILE`")
    if data.get("format") != FORMAT:
        raise InputError(f"{file} has plan format {data.get('format')}; this version reads format {FORMAT}: preview again")
    digest = data.pop("digest", None)
    if _digest(data) != digest:
        raise InputError(f"{file} was changed after it was saved: preview again")
    given = data["options"]
    others = sorted(set(data["clouds"]) - set(clouds))
    if not data["clouds"] or others == sorted(data["clouds"]):
        raise InputError(f"{file} is a plan for {', '.join(others) or 'no cloud'}, and these were named: {', '.join(clouds)}")
    chosen = (tuple(given["targets"]), tuple(given["excluded"]), given["dependents"], given["refresh"])
    options = Options(*chosen, packs.parallel, packs.policy_packs, packs.policy_configs, given.get("imports", {}))
    return SavedPlan({cloud: entry["plan"] for cloud, entry in data["clouds"].items() if cloud in clouds}, options, digest)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

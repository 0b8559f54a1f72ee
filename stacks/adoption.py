"""Finding what a cloud has already of what its stack would make: proposed to a person, never taken by a guess."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inventory.checks.output import write_whole
from inventory.errors import InputError, XiangyunError
from inventory.model import Estate
from stacks import operations
from stacks.engine import Step
from stacks.engine.values import has_unknown, plain
from stacks.jsonfile import read_object
from stacks.operations import Options
from stacks.programs.cloud import stack_of
from stacks.provider.base import Remote, Resource
from stacks.provider.cloud import Cloud, CloudError, words
from stacks.provider.resources import TYPES

ROUNDS = 6  # what stands in a project can be looked for once the project is found: as deep as types nest


@dataclass(frozen=True, slots=True)
class Proposal:
    """A resource that would be made, and the one object that it may be; or why none is proposed (`reason`)."""

    type: str
    name: str
    id: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.type}::{self.name}"


def propose(estate: Estate, cloud: str, state_dir: Path) -> list[Proposal]:
    """For each resource that `up` would make: the object of the cloud with its name, and with equal values in all that could not be changed in place.

    Two such objects, or one that differs there, are told and not proposed: adopting that one would replace it. So is one that may be two resources.
    """
    there = _connected(estate, cloud, state_dir)
    found: dict[str, Proposal] = {}
    for _ in range(ROUNDS):
        imports = {key: one.id for key, one in found.items() if one.id}
        with operations.named(cloud):
            steps = stack_of(estate, cloud, state_dir).preview(imports=imports).steps
        fresh = {one.key: one for one in _matched(there, steps) if one.key not in imports}
        found = _once({key: one for key, one in found.items() if one.id} | fresh)
        if not any(found[key].id for key in fresh):
            break
    return sorted(found.values(), key=lambda one: (not one.id, one.key))


def _once(found: Mapping[str, Proposal]) -> dict[str, Proposal]:
    """An object that may be several resources of the program is proposed for none: with two records of it, taking one away would delete the other's."""
    names: dict[tuple[str, str], list[str]] = {}
    for one in found.values():
        names.setdefault((one.type, one.id), []).append(one.name)
    shared = {key: sorted(claims) for key, claims in names.items() if key[1] and len(claims) > 1}
    return {
        key: replace(one, id="", reason=f"{one.id} may be any of {', '.join(shared[one.type, one.id])}") if (one.type, one.id) in shared else one
        for key, one in found.items()
    }


def _connected(estate: Estate, cloud: str, state_dir: Path) -> Cloud:
    try:
        return Cloud(str(estate.clouds[cloud].os_cloud), state_dir)
    except CloudError as error:
        raise XiangyunError(f"{cloud}: {error}") from error


def _matched(there: Cloud, steps: Sequence[Step]) -> Iterator[Proposal]:
    ours = {(step.type, step.old.id) for step in steps if step.old is not None}  # in the state already
    for step in steps:
        kind = TYPES.get(step.type)
        if step.op == "create" and kind is not None and step.new is not None:
            try:
                free = [one for one in there.index(kind).values() if (step.type, one.id) not in ours]
                one = _match(free, kind, step, step.new.inputs)
            except CloudError:
                raise
            except Exception as error:
                raise XiangyunError(f"{there.name}: {step.type}: {words(error)}") from error
            if one is not None:
                yield one


def _match(free: Iterable[Remote], kind: Resource, step: Step, inputs: Mapping[str, Any]) -> Proposal | None:
    """None where the cloud has nothing of the kind, or where what tells it apart is not known yet."""
    known = {name: plain(value) for name, value in inputs.items() if not has_unknown(value)}
    open_ = {name for name in kind.chosen if name in known and not known[name]}  # to be as they are
    lasting = sorted((kind.replace_on - kind.unreadable - open_ - {"description"}) & kind.names)
    named = ["name"] if "name" in kind.names else lasting
    if any(name not in known for name in named):
        return None
    alike = [one for one in free if all(_equal(one.inputs.get(name), known[name]) for name in named)]
    name = step.urn.split("::")[-1]
    whole = [one for one in alike if all(name not in known or _equal(one.inputs.get(name), known[name]) for name in lasting)]
    sure = [one for one in whole if all(name in known for name in lasting)]
    if len(sure) == 1:
        return Proposal(step.type, name, sure[0].id)
    if len(whole) > 1 or sure:
        return Proposal(step.type, name, reason=f"{len(whole)} objects may be it: {', '.join(one.id for one in whole)}")
    if whole:
        return None  # its owner comes first
    if alike:
        one = alike[0]
        differs = [
            f"{name} is {one.inputs.get(name)!r}, not {known[name]!r}" for name in lasting if name in known and not _equal(one.inputs.get(name), known[name])
        ]
        return Proposal(step.type, name, reason=f"{one.id} has its name, and would be replaced: {'; '.join(differs)}")
    return None


def _equal(there: Any, wanted: Any) -> bool:
    """Lists as sets of what is in them: their order says nothing about whether it is the same object."""
    if isinstance(there, list) and isinstance(wanted, list):
        return sorted(map(str, there)) == sorted(map(str, wanted))
    return bool(there == wanted)


def save(file: Path, cloud: str, proposals: Iterable[Proposal]) -> None:
    """In the form of `pulumi import --file`, and the cloud's name."""
    resources = [{"type": one.type, "name": one.name, "id": one.id} for one in proposals if one.id]
    write_whole(file, json.dumps({"cloud": cloud, "resources": resources}, ensure_ascii=False, indent=1) + "\n")


def load(file: Path, clouds: list[str], options: Options) -> Options:
    """The options with the ids of such a file. Raises InputError for anything else, and when it is for another cloud."""
    data = read_object(file, "a file of objects to adopt")
    if data.get("cloud") is None and len(clouds) == 1:
        data["cloud"] = clouds[0]  # as `pulumi import --file` has it
    if [data.get("cloud")] != clouds:
        raise InputError(f"{file} is for {data.get('cloud') or 'one cloud'}, and these were named: {', '.join(clouds)}: give --cloud")
    rows = data.get("resources")
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and all(isinstance(row.get(k), str) and row[k] for k in ("type", "name", "id")) for row in rows
    ):
        raise InputError(f"{file}: expected resources: a list of objects with type, name and id")
    if unknown := sorted({row["type"] for row in rows} - TYPES.keys()):
        raise InputError(f"{file}: there is no resource type {', '.join(unknown)}")
    return replace(options, imports={f"{row['type']}::{row['name']}": row["id"] for row in rows})

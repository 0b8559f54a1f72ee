"""A saved plan: what was approved is what is applied.

Of each resource it holds the operations, the inputs, and a digest of the record that they were decided on. Values that are known only later stand for
anything; secrets are there only as digests under the stack's key (HMAC-SHA256), so that nobody can try words on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stacks.engine import paths, urns
from stacks.engine.report import Step
from stacks.engine.secrets import Crypter
from stacks.engine.state import State
from stacks.engine.values import SECRET, SIGNATURE, UNKNOWN_ID, Secret, Values, has_secret, has_unknown, to_json

QUIET = {"same", "read", "read-replacement"}  # they change nothing outside
_HALVES = {"create-replacement", "delete-replaced", "import-replacement", "discard-replaced"}


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource's part: `ops` in their order, `inputs` as JSON, `basis` the digest of id and inputs of its record (empty: it has none)."""

    ops: tuple[str, ...]
    inputs: Values = field(default_factory=dict)
    basis: str = ""

    @property
    def op(self) -> str:
        """The operation as people say it: of a replacement and its halves, the replacement."""
        return next((op for op in self.ops if op not in _HALVES), self.ops[0])


class UpdatePlan:
    """What a run may do, by URN. A resource that is not in it may only stay as it is."""

    def __init__(self, resources: Mapping[str, Planned], crypter: Crypter) -> None:
        self.resources = dict(resources)
        self._crypter = crypter

    @classmethod
    def of(cls, steps: Iterable[Step], crypter: Crypter) -> UpdatePlan:
        """The plan that a preview's steps are."""
        plan = cls({}, crypter)
        for step in steps:
            if step.op in QUIET:
                continue
            known = plan.resources.get(step.urn)
            inputs = plan._written(step.new.inputs) if step.new is not None else known.inputs if known else {}
            basis = known.basis if known and known.basis else plan._basis(step.old)
            plan.resources[step.urn] = Planned((*(known.ops if known else ()), step.op), inputs, basis)
        return plan

    @classmethod
    def from_json(cls, data: Mapping[str, Any], crypter: Crypter) -> UpdatePlan:
        """Raises ValueError for what `to_json` did not write."""
        try:
            found = {urn: Planned(tuple(item["ops"]), dict(item["inputs"]), str(item["basis"])) for urn, item in data["resources"].items()}
            if not all(item.ops and all(isinstance(op, str) for op in item.ops) for item in found.values()):
                raise ValueError("a resource without operations")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{error} is missing or has a wrong type") from error
        return cls(found, crypter)

    def to_json(self) -> Values:
        """`salt` is there when a secret needed the key that is made of it and of the passphrase."""
        resources = {urn: {"ops": list(item.ops), "inputs": item.inputs, "basis": item.basis} for urn, item in sorted(self.resources.items())}
        return {"salt": self._crypter.salt if self._crypter.salted else None, "resources": resources}

    @property
    def digest(self) -> str:
        """SHA-256: equal digests, equal plans (made with one salt)."""
        return hashlib.sha256(json.dumps(self.to_json()["resources"], sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def differences(self, now: UpdatePlan) -> list[str]:
        """One line for each way in which what is asked for now is not what was approved."""
        found = []
        for urn in sorted({*self.resources, *now.resources}):
            approved, asked = self.resources.get(urn), now.resources.get(urn)
            if approved is None and asked is not None:
                found.append(f"{_named(urn)}: {asked.op} is asked for now and was not approved")
            elif asked is None and approved is not None:
                found.append(f"{_named(urn)}: {approved.op} was approved and is not asked for any more")
            elif approved is not None and asked is not None:
                found += [f"{_named(urn)}: {line}" for line in _compared(approved, asked)]
        return found

    def forbids(self, step: Step) -> str:
        """Why a step may not be taken; empty: it may. What was approved may be there already, or turn out to be: what was not known then may be as it is."""
        approved = self.resources.get(step.urn)
        if approved is None:
            return "" if step.op in QUIET else f"{step.op} was not approved"
        if step.op == "same" and approved.op == "delete":
            return "it is to stay now, delete was approved"
        if step.op not in approved.ops and step.op not in QUIET and not (step.op == "update" and approved.op == "replace"):
            return f"{step.op} is asked for now, {approved.op} was approved"
        adopting = step.op.startswith("import")  # what is there is taken as it is; an update follows where it differs
        if step.new is not None and not adopting and (lines := _inputs(approved.inputs, self._written(step.new.inputs))):
            return "; ".join(lines)
        return ""

    def undone(self, steps: Iterable[Step]) -> list[str]:
        """URNs of what was approved and is in no step of the run."""
        return sorted(self.resources.keys() - {step.urn for step in steps})

    def _basis(self, state: State | None) -> str:
        if state is None or state.external:
            return ""
        text = json.dumps([to_json(state.id, self._seal), to_json(state.inputs, self._seal)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _seal(self, text: str) -> Values:
        return {"digest": self._crypter.digest(text)}

    def _written(self, value: Any) -> Any:
        if isinstance(value, Secret):
            return UNKNOWN_ID if has_unknown(value.value) else {SIGNATURE: SECRET, **self._seal(json.dumps(to_json(value.value, self._seal)))}
        if isinstance(value, dict):
            return {key: self._written(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._written(item) for item in value]
        return to_json(value, self._seal)


def _compared(approved: Planned, asked: Planned) -> list[str]:
    if approved.ops != asked.ops and approved.op != asked.op:
        return [f"{asked.op} is asked for now, {approved.op} was approved"]
    if approved.basis != asked.basis:
        return ["it was changed since the plan was made", *_inputs(approved.inputs, asked.inputs)]
    return _inputs(approved.inputs, asked.inputs)


def _inputs(approved: Any, asked: Any) -> list[str]:
    lines = []
    for path, before, after in paths.differences(_marked(_open(approved, asked)), _marked(asked)):
        if has_secret(before) or has_secret(after):
            lines.append(f"{path}: the secret differs")
        else:
            lines.append(f"{path}: {_shown(before)} was approved, {_shown(after)} is asked for now")
    return lines


def _marked(value: Any) -> Any:
    """Secrets in a plan's JSON as `Secret`s of their digests, for comparing."""
    if isinstance(value, dict):
        return Secret(value.get("digest")) if value.get(SIGNATURE) == SECRET else {key: _marked(item) for key, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value


def _shown(value: Any) -> str:
    return "(known after up)" if value == UNKNOWN_ID else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _open(approved: Any, asked: Any) -> Any:
    """What was approved, with what is asked for in the places that were not known then."""
    if approved == UNKNOWN_ID:
        return asked
    if isinstance(approved, dict) and isinstance(asked, dict):
        return {key: _open(item, asked[key]) if key in asked else item for key, item in approved.items()}
    if isinstance(approved, list) and isinstance(asked, list) and len(approved) == len(asked):
        return [_open(old, new) for old, new in zip(approved, asked, strict=True)]
    return approved


def _named(urn: str) -> str:
    return f"{urns.type_of(urn)} {urns.name_of(urn)}"

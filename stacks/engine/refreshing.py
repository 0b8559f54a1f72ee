"""Comparing the state with what is really there, and taking that into the state."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from stacks.engine import urns
from stacks.engine.deployment import Deployment, copy_with
from stacks.engine.errors import ResourceError, Stopped
from stacks.engine.providers import NotReadyError
from stacks.engine.report import Reporter, Step
from stacks.engine.state import State
from stacks.engine.targets import Targets
from stacks.engine.values import Secret, Values, has_secret, unsecret


@dataclass(frozen=True, slots=True)
class Drift:
    """One property that differs from what the state says. `secret`: do not show the values."""

    urn: str
    property: str
    before: object
    after: object
    secret: bool


async def refresh(deployment: Deployment, targets: Targets, report: Reporter, clear_creates: bool = False, first: bool = False) -> None:
    """Read every resource, and take what is there into the run's records, each as it is read; with a journal they are stored too, all at the end.

    As the `first` half of an update: a target that the state does not have yet may be in the program.
    """
    states = list(deployment.olds.values())
    if not first and (unknown := targets.unknown(state.urn for state in states)):
        raise ResourceError("", f"no resource named {', '.join(unknown)} found in the stack")
    chosen = {state.urn for state in states if targets.wants(state.urn, state.needs())}

    async def one(state: State) -> State | None:
        try:
            now = await _read(deployment, report, state) if state.urn in chosen else state
        except ResourceError as error:  # the others are read all the same: it changes nothing, and tells all faults at once
            deployment.broken = True
            report.begin(Step("refresh", state.urn, state))
            report.error(str(error), error.urn)
            now = state
        except Stopped:
            now = state
        if now is None:
            del deployment.olds[state.urn]
        else:
            deployment.olds[state.urn] = now
        del deployment.reading[state.urn]
        return now

    deployment.reading = {state.urn: asyncio.ensure_future(one(state)) for state in states}
    results = await asyncio.gather(*deployment.reading.values())
    kept = [result for result in results if result is not None]
    vanished = {old.urn for old, result in zip(states, results, strict=True) if result is None}
    unlinked = {id(state) for state in [*kept, *deployment.doomed] if state.forget(vanished)}
    if deployment.journal is not None:
        changed = [result for old, result in zip(states, results, strict=True) if result is not None and (result != old or id(result) in unlinked)]
        lost = [old for old, result in zip(states, results, strict=True) if result is None]
        deployment.journal.commit(put=changed, drop=lost)
        if clear_creates:
            deployment.clear_pending_creates()


async def _read(deployment: Deployment, report: Reporter, state: State) -> State | None:
    """The resource as it is now; None if it is gone."""
    if not state.custom or urns.is_provider(state.type) or state.pending_replacement:
        same = copy_with(state)
        report.done(Step("same", state.urn, state, same))
        return same
    try:
        found = await deployment.read_state(state)
    except NotReadyError as error:
        now = copy_with(state, outputs=error.outputs, init_errors=error.reasons)
        report.warn(f"it exists, but is not ready: {error}", state.urn)
    else:
        if found is None:
            report.done(Step("delete", state.urn, state, None, tuple(state.inputs)))
            return None
        now = copy_with(state, id=found.id, outputs=found.outputs, inputs=state.inputs if found.inputs is None else found.inputs, init_errors=[])
    now.inputs = {
        key: Secret(value) if isinstance(state.inputs.get(key), Secret) and not isinstance(value, Secret) else value for key, value in now.inputs.items()
    }
    deployment.mark_secrets(now, state)
    before = copy_with(state, inputs=now.inputs) if state.external else state  # what others manage has no inputs that could drift from ours
    changed = tuple(item.property for item in drifts(before, now))
    if changed or now.init_errors != state.init_errors:
        deployment.stamp(now)
    step = Step("update" if changed else "same", state.urn, state, now, changed)
    report.begin(step)
    report.done(step)
    return now


def drifts(before: State, after: State) -> list[Drift]:
    """What differs between two records of one resource: its inputs, and the outputs that are not inputs."""
    found = []
    for old, new, skip in ((before.inputs, after.inputs, {}), (before.outputs, after.outputs, {**before.inputs, **after.inputs})):
        found += [_drift(before.urn, name, old, new) for name in _differing(old, new) if name not in skip]
    if not found:  # an object whose provider reads no inputs: its outputs tell
        found = [_drift(before.urn, name, before.outputs, after.outputs) for name in _differing(before.outputs, after.outputs)]
    return found


def _differing(old: Values, new: Values) -> list[str]:
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    return [name for name in names if unsecret(old.get(name)) != unsecret(new.get(name))]


def _drift(urn: str, name: str, old: Values, new: Values) -> Drift:
    before, after = old.get(name), new.get(name)
    return Drift(urn, name, unsecret(before), unsecret(after), has_secret(before) or has_secret(after))

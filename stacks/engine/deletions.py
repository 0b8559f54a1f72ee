"""Deleting what is not wanted any more: whoever needs a thing goes before it, the rest side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from stacks.engine.deployment import Deployment
from stacks.engine.errors import ResourceError, StackError, Stopped
from stacks.engine.hooks import unregistered
from stacks.engine.report import Step
from stacks.engine.state import State, ordered


async def leftovers(deployment: Deployment) -> None:
    """After the program: delete what it did not register, and the old halves of replacements."""
    targets = deployment.options.targets
    gone = [state for urn, state in deployment.olds.items() if urn not in deployment.seen and urn not in deployment.moved and not state.delete]
    await delete_all(deployment, [state for state in [*gone, *deployment.doomed] if targets.wants(state.urn)])


async def everything(deployment: Deployment, exclude_protected: bool = False) -> None:
    """Delete the whole stack, or its targets; refuses a target that somebody else needs."""
    states = [*deployment.olds.values(), *deployment.doomed]
    targets = deployment.options.targets
    if unknown := targets.unknown(state.urn for state in states):
        raise ResourceError("", f"no resource named {', '.join(unknown)} found in the stack")
    doomed = [state for state in states if targets.wants(state.urn, state.needs())]
    if targets.limited:
        doomed = [state for state in doomed if not (targets.excluding and _needed_by(state, [other for other in states if other not in doomed]))]
    if exclude_protected:
        kept = [state for state in doomed if state.protect]
        while more := [state for state in doomed if state not in kept and _needed_by(state, kept)]:
            kept += more
        doomed = [state for state in doomed if state not in kept]
        if kept:
            deployment.report.info(f"{len(kept)} resources are protected, or needed by protected ones: they stay")
    names = {state.urn for state in doomed}
    for state in states:
        if targets.limited and state.urn not in names:
            needed = sorted(names.intersection(state.needs()))
            if needed:
                raise ResourceError(state.urn, f"it needs {needed[0]}, which cannot be deleted alone: give target_dependents, or this one too")
    for state in doomed:
        for name in (*state.hooks.get("before_delete", ()), *state.hooks.get("after_delete", ())):
            raise unregistered(state.urn, name)  # no program runs that could
    chosen = {id(state) for state in doomed}
    for state in states:
        if id(state) not in chosen:
            deployment.report.done(Step("same", state.urn, state, state))
    await delete_all(deployment, doomed)


def _needed_by(state: State, others: Iterable[State]) -> bool:
    return any(state.urn in other.needs() for other in others)


async def delete_all(deployment: Deployment, doomed: list[State]) -> None:
    """Delete these objects. After a failure nothing new is begun, unless the run continues on errors: then only what the failed one needs stays."""
    doomed = ordered(doomed)
    age = {id(state): number for number, state in enumerate(doomed)}
    by_urn: dict[str, list[State]] = {}
    for state in doomed:
        by_urn.setdefault(state.urn, []).append(state)
    waits: dict[int, list[asyncio.Future[bool]]] = {id(state): [] for state in doomed}
    done: dict[int, asyncio.Future[bool]] = {id(state): asyncio.get_running_loop().create_future() for state in doomed}
    for state in doomed:
        for name in dict.fromkeys(state.needs()):
            for needed in by_urn.get(name, ()):
                if age[id(needed)] < age[id(state)]:  # two halves of a replacement may need each other in a circle
                    waits[id(needed)].append(done[id(state)])
    gone = frozenset(by_urn)

    async def one(state: State) -> None:
        settled = done[id(state)]
        try:
            users = [await user for user in waits[id(state)]]
            if all(users) and not deployment.stopping:
                await deployment.delete(state, *_kind(state, id(state) in deployment.superseded), gone=gone)
                settled.set_result(True)
        except ResourceError as error:
            deployment.broken = True
            deployment.report.error(str(error), error.urn)
            deployment.stopping = deployment.stopping or not deployment.options.continue_on_error
        except StackError as error:  # a state that cannot be written
            deployment.broken = deployment.stopping = True
            deployment.report.error(error.lines[0].removeprefix("error: "))
        except Stopped:
            pass
        finally:
            if not settled.done():
                settled.set_result(False)

    await asyncio.gather(*(one(state) for state in reversed(doomed)))


def _kind(state: State, superseded: bool) -> tuple[str, bool]:
    """(operation, whether it is counted)"""
    replaced = state.delete or superseded
    if state.external:
        return ("discard-replaced", False) if replaced else ("discard", True)
    if state.pending_replacement:
        return "remove-pending-replace", False
    return ("delete-replaced", False) if replaced else ("delete", True)

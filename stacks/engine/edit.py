"""Changes of a state by hand: take a record out, rename it, take its protection away. The cloud is not touched."""

from __future__ import annotations

from typing import Any

from stacks.engine import urns
from stacks.engine.errors import StackError
from stacks.engine.journal import Snapshot
from stacks.engine.stack import Stack
from stacks.engine.state import State
from stacks.engine.values import Reference, Secret


def find(snapshot: Snapshot, text: str) -> State:
    """The one record that is meant: by URN, by name, or by TYPE::NAME where a name alone is not enough. Of two halves of a replacement, the new one."""
    named = [state for state in snapshot.resources if means(text, state)]
    found = [state for state in named if not state.delete] or named
    if not found:
        raise StackError(f"error: there is no resource {text} in the state")
    if len(found) > 1:
        raise StackError(
            f"error: {text} is the name of {len(found)} resources: say which: {', '.join(sorted(f'{state.type}::{state.name}' for state in found))}"
        )
    return found[0]


def means(text: str, state: State) -> bool:
    """Whether this text names the record: its URN, its name, or the end of its type and its name, such as `Flavor::x86.small`."""
    return text in (state.urn, state.name) or ("::" in text and state.urn.endswith((f":{text}", f"${text}")))


def dependents(snapshot: Snapshot, state: State) -> list[State]:
    """Records that could not be without this one."""
    if any(other.urn == state.urn for other in snapshot.resources if other is not state):
        return []  # the other half of a replacement stays in its place
    return [other for other in snapshot.resources if other is not state and state.urn in other.needs()]


def remove(stack: Stack, text: str, force: bool = False) -> State:
    """Forget a resource; the object itself stays in the cloud, and nobody looks after it. With `force`, also a protected one, or one that others need.

    They lose the link; a provider, and the stack itself, are never taken from those that need them.
    """
    with stack.editing("state rm", text) as (journal, snapshot):
        state = find(snapshot, text)
        users = dependents(snapshot, state)
        if state.protect and not force:
            raise StackError(f"error: {_said(state)} is protected: take the protection away first (unprotect), or force it (--force)")
        if users and (not force or urns.is_provider(state.type) or state.type == urns.ROOT_TYPE):
            names = ", ".join(map(_said, users[:3])) + (f" and {len(users) - 3} more" if users[3:] else "")
            raise StackError(f"error: {_said(state)} is needed by {names}: take these out first{'' if force else ', or force it (--force)'}")
        for other in users:
            other.forget({state.urn})
        journal.commit(put=users, drop=[state])
    return state


def rename(stack: Stack, text: str, to: str) -> State:
    """Give a resource another name: its record keeps its place, and whatever names it follows. `to` is the new name, or the whole new URN."""
    with stack.editing("state mv", f"{text} {to}") as (journal, snapshot):
        state = find(snapshot, text)
        new = to if to.startswith("urn:pulumi:") else state.urn.removesuffix(state.name) + to
        if not to or len(new.split("::", 3)) != 4:
            raise StackError(f"error: {to!r} is neither a name nor a URN")
        if (urns.stack_of(new), urns.qualified_type(new)) != (urns.stack_of(state.urn), urns.qualified_type(state.urn)):
            raise StackError(f"error: {new} is not {_said(state)} by another name: stack, project and types must be those of {state.urn}")
        if any(other.urn == new for other in snapshot.resources):
            raise StackError(f"error: there is a {state.type} {urns.name_of(new)} in the state already")
        moved = {state.urn: new}
        changed = [other for other in snapshot.resources if _follow(other, moved)]
        pending = [item for item in snapshot.pending if _follow(item.resource, moved)]
        journal.commit(put=changed)
        journal.amend(pending)
    return state


def unprotect(stack: Stack, texts: list[str]) -> list[State]:
    """Take the protection of these resources away (of all, if none is named); the result is those that were protected."""
    with stack.editing("state unprotect", " ".join(texts)) as (journal, snapshot):
        chosen = [find(snapshot, text) for text in texts] or snapshot.resources
        changed = [state for state in chosen if state.protect]
        for state in changed:
            state.protect = False
        journal.commit(put=changed)
    return changed


def _said(state: State) -> str:
    return f"{state.type} {state.name}"


def _follow(state: State, moved: dict[str, str]) -> bool:
    """Rename a record, its links, and the references in its values."""
    changed = state.rename(moved)
    if state.urn in moved:
        state.urn = moved[state.urn]
        changed = True
    inputs, outputs = _renamed(state.inputs, moved), _renamed(state.outputs, moved)
    changed = changed or inputs != state.inputs or outputs != state.outputs
    state.inputs, state.outputs = inputs, outputs
    return changed


def _renamed(value: Any, moved: dict[str, str]) -> Any:
    if isinstance(value, Reference):
        return Reference(moved.get(value.urn, value.urn), value.id, value.version)
    if isinstance(value, dict):
        return {key: _renamed(item, moved) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, moved) for item in value]
    return Secret(_renamed(value.value, moved)) if isinstance(value, Secret) else value

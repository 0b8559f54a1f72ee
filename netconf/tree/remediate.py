"""The ordered commands that turn one configuration into another, ordered by what refers to what, and proved on a model.

Order: a name is defined before it is used and released before it is undone; what cannot stand beside its successor is undone first;
what the undo of a line wipes is not undone again, and is typed again where it stays. Fixed weights cannot say this (hier_config#304, annet#623).
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable

from netconf.tree.device import Change, UnsafeOrderError, prove
from netconf.tree.grammar import Grammar, Path, Symbol, joined
from netconf.tree.parse import Tree


def remediate(running: Tree, intended: Tree, grammar: Grammar) -> list[Change]:
    """Changes in a safe order, empty when nothing differs. Raises UnsafeOrderError naming the lines when there is no safe order."""
    changes = _ordered(_changes(running, intended, grammar), running, grammar)
    prove(running, intended, changes, grammar)
    return changes


def commands(changes: Iterable[Change], grammar: Grammar) -> list[str]:
    """Lines to type, indented by section; a section is left before another is entered."""
    lines: list[str] = []
    here: Path = ()
    for change in changes:
        section = change.path[:-1]
        opens = change.add and _opens(change.path, grammar)
        if here[: len(section)] != section or len(here) > len(section):
            common = 0
            while common < min(len(here), len(section)) and here[common] == section[common]:
                common += 1
            lines += [f"{' ' * depth}{grammar.section_exit}" for depth in range(len(here) - 1, common - 1, -1)]
            lines += [f"{' ' * depth}{section[depth]}" for depth in range(common, len(section))]
            here = section
        elif here != section:
            lines += [f"{' ' * depth}{section[depth]}" for depth in range(len(here), len(section))]
            here = section
        lines.append(" " * len(section) + change.command(grammar))
        if opens:
            here = change.path
    lines += [f"{' ' * depth}{grammar.section_exit}" for depth in range(len(here) - 1, -1, -1)]
    return lines


def _opens(path: Path, grammar: Grammar) -> bool:
    return re.search(grammar.opens, joined(path)) is not None


def _changes(old: Tree, new: Tree, grammar: Grammar, above: Path = (), wiped: frozenset[str] = frozenset()) -> list[Change]:
    """What differs, in the order of the texts: removals of a section first, then additions. `wiped` are heads of lines that went in a section above."""
    gone: list[Change] = []
    come: list[Change] = []
    kept_wiped: list[Change] = []
    wiped = wiped | _wiped(grammar.wipes, old, new, above) | _wiped(grammar.wipes_when_set, new, old, above)
    single = _single(new, above, grammar) if old.children else {}
    for line, child in old.children.items():
        path = (*above, line)
        if line in new.children:
            gone += _changes(child, new.children[line], grammar, path, wiped)
            if _is_wiped(path, line, wiped, grammar):
                kept_wiped.append(Change(True, path))
        elif _is_wiped(path, line, wiped, grammar) or any(single.get(key, set()) - {line} for key in grammar.replaced(path)):
            continue  # the old value of a line that can stand only once needs no undo when a new value comes
        elif re.search(grammar.containers, joined(path)):
            gone += _changes(child, Tree(line), grammar, path, wiped)
        else:
            gone.append(Change(False, path))
    for line, child in new.children.items():
        if line not in old.children:
            come += _added((*above, line), child, grammar)
    return gone + come + kept_wiped


def _wiped(symbols: tuple[Symbol, ...], mine: Tree, other: Tree, above: Path) -> set[str]:
    """Heads of the lines that go when the lines of `mine` that `other` lacks are undone, or set."""
    return {name for line in mine.children if line not in other.children for symbol in symbols if (name := symbol.of(joined((*above, line))))}


def _added(path: Path, tree: Tree, grammar: Grammar) -> list[Change]:
    """A new line and what stands under it; entering the section of a child makes it, so only bare or leaf lines are typed for themselves."""
    own = [] if tree.children else [Change(True, path)]
    return own + [change for line, child in tree.children.items() for change in _added((*path, line), child, grammar)]


def _is_wiped(path: Path, line: str, wiped: frozenset[str], grammar: Grammar) -> bool:
    return any(line.startswith(name) and not any(symbol.of(joined(path)) for symbol in grammar.wipes) for name in wiped)


def _single(section: Tree, path: Path, grammar: Grammar) -> dict[str, set[str]]:
    """Lines of a section that can stand only once, by what they would replace."""
    lines: dict[str, set[str]] = {}
    for line in section.children:
        for key in grammar.replaced((*path, line)):
            lines.setdefault(key, set()).add(line)
    return lines


def _ordered(changes: list[Change], running: Tree, grammar: Grammar) -> list[Change]:
    """A stable topological sort of the reference graph."""
    define: dict[str, list[int]] = {}
    release: dict[str, list[int]] = {}
    undo_conflict: dict[str, list[int]] = {}
    add_guard: dict[str, list[int]] = {}
    single = {above: _single(section, above, grammar) for above in {change.path[:-1] for change in changes} if (section := running.at(above))}
    for i, change in enumerate(changes):
        for name in _released(change, running, single.get(change.path[:-1], {}), grammar):
            release.setdefault(name, []).append(i)
        if change.add:
            _index(define, _all_defined(change.path, grammar), i)
            _index(add_guard, grammar.guarded(change.path), i)
        else:
            _index(undo_conflict, _conflicts(change.path, grammar), i)
    after = [
        _before(grammar.used(change.path), define) | _before(_conflicts(change.path, grammar), undo_conflict)
        if change.add
        else _before(_undefined(change.path, running, grammar), release)
        | _before(grammar.guarded(change.path), add_guard)
        | _kept(change, changes, define, grammar)
        for change in changes
    ]
    return [changes[i] for i in _topological([needs - {i} for i, needs in enumerate(after)], changes, grammar)]


def _kept(change: Change, changes: list[Change], define: dict[str, list[int]], grammar: Grammar) -> set[int]:
    """Additions that keep a name alive of which this undo takes away an old line, unless the two cannot stand together."""
    mine = _conflicts(change.path, grammar)
    return {i for i in _before(grammar.defined(change.path), define) if not mine & _conflicts(changes[i].path, grammar)}


def _index(index: dict[str, list[int]], names: Iterable[str], i: int) -> None:
    for name in names:
        index.setdefault(name, []).append(i)


def _before(names: Iterable[str], index: dict[str, list[int]]) -> set[int]:
    return {i for name in names for i in index.get(name, ())}


def _released(change: Change, running: Tree, single: dict[str, set[str]], grammar: Grammar) -> set[str]:
    """Names that are used no more once the change is made: by what is undone or wiped with it, or by the old value that it replaces."""
    above = change.path[:-1]
    symbols = grammar.wipes_when_set if change.add else grammar.wipes
    heads = tuple(name for symbol in symbols if (name := symbol.of(joined(change.path))))
    gone = [path for path in _below(above, running) if path and path[-1].startswith(heads)] if heads else []
    if change.add:
        gone += [(*above, line) for key in grammar.replaced(change.path) for line in single.get(key, ()) if line != change.path[-1]]
    else:
        gone += _below(change.path, running)
    return {name for path in gone for name in grammar.used(path)}


def _undefined(path: Path, running: Tree, grammar: Grammar) -> set[str]:
    """Names that exist no more once the line, and what stands under it, is undone."""
    return {name for below in _below(path, running) for name in grammar.defined(below)}


def _below(path: Path, tree: Tree) -> list[Path]:
    node = tree.at(path)
    return [path, *(node.walk(path) if node else ())]


def _all_defined(path: Path, grammar: Grammar) -> set[str]:
    """Names that come to exist when this line is typed: its own and those of the sections that it is in."""
    return {name for depth in range(1, len(path) + 1) for name in grammar.defined(path[:depth])}


def _conflicts(path: Path, grammar: Grammar) -> set[str]:
    text = joined(path)
    return {name for symbol in grammar.conflicts if (name := symbol.of(text))}


def _topological(after: list[set[int]], changes: list[Change], grammar: Grammar) -> list[int]:
    waiting = dict(enumerate(after))
    then: dict[int, list[int]] = {}
    for i, needs in waiting.items():
        for j in needs:
            then.setdefault(j, []).append(i)
    ready = [i for i, needs in waiting.items() if not needs]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        i = heapq.heappop(ready)
        order.append(i)
        for j in then.get(i, ()):
            waiting[j].discard(i)
            if not waiting[j]:
                heapq.heappush(ready, j)
    if len(order) < len(changes):
        stuck = [joined(changes[i].path) for i in sorted(set(waiting) - set(order))][:4]
        raise UnsafeOrderError(f"{grammar.name}: these changes wait for each other and have no safe order: {'; '.join(stuck)}")
    return order

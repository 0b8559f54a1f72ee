"""A model of a device: what each command does to its configuration, by the rules of the vendor's grammar, and what that breaks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from inventory.errors import XiangyunError
from netconf.tree.grammar import Grammar, Path, joined
from netconf.tree.parse import Tree


class UnsafeOrderError(XiangyunError):
    """No order of the commands avoids an unsafe moment; nothing is pushed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line to be added or undone, under its sections."""

    add: bool
    path: Path

    def command(self, grammar: Grammar) -> str:
        return self.path[-1] if self.add else grammar.negate(self.path[-1])


@dataclass
class Effect:
    """What one command did: lines that came and went, references that dangle since, guards of which none is left."""

    came: list[Path] = field(default_factory=list)
    went: list[Path] = field(default_factory=list)
    dangling: set[tuple[str, str]] = field(default_factory=set)  # (line with its sections, name that does not exist)
    lost: set[str] = field(default_factory=set)


class Device:
    """A configuration, with who defines, uses and guards each name, so that a command costs what it touches and not the whole text."""

    def __init__(self, running: Tree, grammar: Grammar) -> None:
        self.tree = running.copy()
        self.grammar = grammar
        self._defined: Counter[str] = Counter()
        self._guards: Counter[str] = Counter()
        self._users: dict[str, set[Path]] = {}
        self._single: dict[tuple[Path, str], set[str]] = {}  # lines of a section that replace each other
        for path in self.tree.walk():
            self._count(path, 1)

    def dangling(self) -> set[tuple[str, str]]:
        """Every (line, name) that refers to a name that does not exist."""
        return {(joined(path), name) for name, users in self._users.items() if not self._defined[name] for path in users}

    def guards(self) -> set[str]:
        return {name for name, count in self._guards.items() if count}

    def apply(self, change: Change) -> Effect:
        """Do what the device does with one command, and say what it changed."""
        effect = Effect()
        if change.add:
            self._add(change.path, effect)
        else:
            self._undo(change.path, effect)
        for path in effect.went:
            self._count(path, -1)
        for path in effect.came:
            self._count(path, 1)
        for path in effect.went:
            for name in self.grammar.defined(path):
                if not self._defined[name]:
                    effect.dangling |= {(joined(user), name) for user in self._users.get(name, ())}
            effect.lost |= {name for name in self.grammar.guarded(path) if not self._guards[name]}
        for path in effect.came:
            effect.dangling |= {(joined(path), name) for name in self.grammar.used(path) if not self._defined[name]}
        return effect

    def _add(self, path: Path, effect: Effect) -> None:
        parent = self._enter(path[:-1], effect)
        for key in self.grammar.replaced(path):
            for line in sorted(self._single.get((path[:-1], key), ())):
                if line != path[-1]:
                    self._drop(parent, path[:-1], line, effect)
        if path[-1] in parent.children:
            return
        self._wipe(parent, path, [symbol.of(joined(path)) for symbol in self.grammar.wipes_when_set], effect)
        parent.children[path[-1]] = Tree(path[-1])
        effect.came.append(path)

    def _undo(self, path: Path, effect: Effect) -> None:
        parent = self.tree.at(path[:-1])
        if parent is None:
            return
        self._wipe(parent, path, [symbol.of(joined(path)) for symbol in self.grammar.wipes], effect)
        if path[-1] in parent.children:
            self._drop(parent, path[:-1], path[-1], effect)
        self._drop_empty(path[:-1], effect)

    def _enter(self, section: Path, effect: Effect) -> Tree:
        """Entering a section makes it."""
        node = self.tree
        for depth, line in enumerate(section, 1):
            if line not in node.children:
                node.children[line] = Tree(line)
                effect.came.append(section[:depth])
            node = node.children[line]
        return node

    def _drop(self, parent: Tree, section: Path, line: str, effect: Effect) -> None:
        node = parent.children.pop(line)
        effect.went += [(*section, line), *node.walk((*section, line))]

    def _wipe(self, parent: Tree, path: Path, heads: list[str | None], effect: Effect) -> None:
        if names := tuple(name for name in heads if name):
            self._wipe_below(parent, path[:-1], names, effect)

    def _wipe_below(self, node: Tree, section: Path, names: tuple[str, ...], effect: Effect) -> None:
        for line in [line for line in node.children if line.startswith(names)]:
            self._drop(node, section, line, effect)
        for line, child in node.children.items():
            self._wipe_below(child, (*section, line), names, effect)

    def _drop_empty(self, section: Path, effect: Effect) -> None:
        """A container that nothing stands in any more is not printed by the device."""
        while section and (node := self.tree.at(section)) and not node.children and re.search(self.grammar.containers, joined(section)):
            self.tree.remove(section)
            effect.went.append(section)
            section = section[:-1]

    def _count(self, path: Path, step: int) -> None:
        for name in self.grammar.defined(path):
            self._defined[name] += step
        for name in self.grammar.guarded(path):
            self._guards[name] += step
        for name in self.grammar.used(path):
            users = self._users.setdefault(name, set())
            users.add(path) if step > 0 else users.discard(path)
        for key in self.grammar.replaced(path):
            lines = self._single.setdefault((path[:-1], key), set())
            lines.add(path[-1]) if step > 0 else lines.discard(path[-1])


def prove(running: Tree, intended: Tree, changes: list[Change], grammar: Grammar) -> None:
    """Replay the changes on a model of the device: no moment uses a name that does not exist or loses a guard, and the end is the intended configuration.

    A use that was already dangling before, or is dangling in the intended text itself, is not this push's doing and is left alone.
    """
    device, target = Device(running, grammar), Device(intended, grammar)
    known = device.dangling() | target.dangling()
    guards = device.guards() & target.guards()
    for change in changes:
        effect = device.apply(change)
        if broken := effect.dangling - known:
            path, name = min(broken)
            raise UnsafeOrderError(f"{grammar.name}: after `{change.command(grammar)}` the line `{path}` would refer to {name}, which does not exist then")
        if lost := effect.lost & guards:
            raise UnsafeOrderError(f"{grammar.name}: after `{change.command(grammar)}` there would be no {min(lost)}, and everything would match")
    if (got := set(device.tree.walk())) != (want := set(intended.walk())):
        difference = sorted(joined(p) for p in got ^ want)[:4]
        raise UnsafeOrderError(f"{grammar.name}: the commands would not end in the intended configuration: {'; '.join(difference)}")

"""Configuration text to a tree, by indentation, as VRP, Comware and FRR print it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.errors import InputError
from netconf.tree.grammar import Grammar, Path

MAX_LINE = 65_536  # characters; no device prints longer ones


@dataclass(slots=True)
class Tree:
    """A line and what stands under it, in order, and the number of the line where it stood first. The root has an empty line."""

    line: str = ""
    children: dict[str, Tree] = field(default_factory=dict)
    number: int = field(default=0, compare=False)

    def at(self, path: Path) -> Tree | None:
        node: Tree | None = self
        for line in path:
            node = node.children.get(line) if node else None
        return node

    def put(self, path: Path) -> Tree:
        node = self
        for line in path:
            node = node.children.setdefault(line, Tree(line))
        return node

    def remove(self, path: Path) -> None:
        parent = self.at(path[:-1])
        if parent:
            parent.children.pop(path[-1], None)

    def walk(self, above: Path = ()) -> Iterator[Path]:
        for line, child in self.children.items():
            yield (*above, line)
            yield from child.walk((*above, line))

    def copy(self) -> Tree:
        return Tree(self.line, {line: child.copy() for line, child in self.children.items()}, self.number)

    def text(self, depth: int = 0) -> str:
        return "".join(f"{' ' * depth}{line}\n{child.text(depth + 1)}" for line, child in self.children.items())


def parse(text: str, grammar: Grammar, source: str = "configuration", unread: list[tuple[int, str]] | None = None) -> Tree:
    """The tree of a configuration. Raises InputError with the line's number for tabs, over-long lines and impossible indentation.

    With `unread` such lines are left out instead, and their numbers and what is wrong with them put into it.
    """
    root = Tree()
    stack: list[tuple[int, Path]] = [(-1, ())]
    ignored, skipped = re.compile(grammar.ignored), grammar.closers | grammar.defaults
    for number, raw, wrong in _lines(text, grammar):
        line = raw.strip()
        if grammar.separator and raw.rstrip() == grammar.separator:
            del stack[1:]
        if not wrong and (not line or line in skipped or line.startswith(grammar.comments) or ignored.fullmatch(line)):
            continue
        for pattern, form in grammar.rewrite:
            line = re.sub(pattern, form, line)
        indent = len(raw) - len(raw.lstrip(" "))
        while stack[-1][0] >= indent:
            stack.pop()
        path = (*stack[-1][1], line)
        if not wrong and indent and len(path) == 1 and not grammar.margin:
            wrong = f"indented, but no section is open: {line[:60]}"
        if wrong:
            if unread is None:
                raise InputError(f"{source}:{number}: {wrong}")
            unread.append((number, wrong))
            continue
        node = root.put(path)
        node.number = node.number or number
        stack.append((indent, path))
    return root


def _lines(text: str, grammar: Grammar) -> Iterator[tuple[int, str, str]]:
    """Each line with its number and what is wrong with it. A value of several lines (a banner, a certificate) is one line with line breaks in it."""
    opened: tuple[int, list[str], re.Pattern[str]] | None = None
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if opened:
            opened[1].append(raw)
            if opened[2].search(raw):
                yield opened[0], "\n".join(opened[1]), ""
                opened = None
            continue
        if len(raw) > MAX_LINE:
            yield number, raw[:60], f"a line of {len(raw)} characters is no configuration line"
            continue
        if "\t" in raw:
            yield number, raw, "a tab: indentation must be spaces"
            continue
        if closes := grammar.opens_block(raw):
            opened = (number, [raw], closes)
            continue
        yield number, raw, ""
    if opened:
        yield opened[0], opened[1][0], "a value of several lines begins here and never ends"

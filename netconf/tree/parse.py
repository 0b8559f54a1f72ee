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
    """A line and what stands under it, in order. The root has an empty line."""

    line: str = ""
    children: dict[str, Tree] = field(default_factory=dict)

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
        return Tree(self.line, {line: child.copy() for line, child in self.children.items()})

    def text(self, depth: int = 0) -> str:
        return "".join(f"{' ' * depth}{line}\n{child.text(depth + 1)}" for line, child in self.children.items())


def parse(text: str, grammar: Grammar, source: str = "configuration") -> Tree:
    """The tree of a configuration. Raises InputError with the line's number for tabs, over-long lines and impossible indentation."""
    root = Tree()
    stack: list[tuple[int, Path]] = [(-1, ())]
    ignored = re.compile(grammar.ignored)
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if len(raw) > MAX_LINE:
            raise InputError(f"{source}:{number}: a line of {len(raw)} characters is no configuration line")
        if "\t" in raw:
            raise InputError(f"{source}:{number}: a tab: indentation must be spaces")
        line = raw.strip()
        if grammar.separator and raw.rstrip() == grammar.separator:
            del stack[1:]
        if not line or line in grammar.closers or line.startswith(grammar.comments) or ignored.fullmatch(line):
            continue
        for pattern, form in grammar.rewrite:
            line = re.sub(pattern, form, line)
        indent = len(raw) - len(raw.lstrip(" "))
        while stack[-1][0] >= indent:
            stack.pop()
        path = (*stack[-1][1], line)
        if indent and len(path) == 1 and not grammar.margin:
            raise InputError(f"{source}:{number}: indented, but no section is open: {line[:60]}")
        root.put(path)
        stack.append((indent, path))
    return root

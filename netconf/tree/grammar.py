"""What is particular to a vendor's configuration language: how sections open and close, how a line is undone, what refers to what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

SEPARATOR = " › "  # between the lines of a path: interface names have slashes
Path = tuple[str, ...]  # the lines from the top section down to the line itself


@dataclass(frozen=True)
class Symbol:
    """A line that defines or uses a name: `pattern` is matched against the path joined by ` › `, `name` is a template of its groups."""

    pattern: str
    name: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def of(self, text: str) -> str | None:
        match = self.regex.search(text)
        return match.expand(self.name) if match else None


@dataclass(frozen=True)
class Grammar:
    """One vendor's language. All patterns are regular expressions on the path joined by ` › `."""

    name: str
    negation: str  # "no" or "undo"
    closers: frozenset[str]  # lines that only close a section
    comments: tuple[str, ...]  # prefixes of lines that mean nothing
    separator: str = ""  # a line that returns to the top view wherever it stands at the margin
    margin: bool = False  # lines of the top view may be indented too
    ignored: str = r"$^"  # whole lines that the device adds by itself
    defaults: frozenset[str] = frozenset()  # lines of what holds without them too: of no configuration are they a difference
    containers: str = r"$^"  # sections that cannot be undone as a whole: their lines are
    opens: str = r"$^"  # lines that open a section even when nothing stands in it
    singletons: tuple[str, ...] = ()  # a new line of the same match replaces the old one: the old needs no undo
    conflicts: tuple[Symbol, ...] = ()  # old and new of one name cannot stand together: undo first
    wipes: tuple[Symbol, ...] = ()  # undoing this line removes every line of its section that starts with the name
    wipes_when_set: tuple[Symbol, ...] = ()  # setting it does
    guards: tuple[Symbol, ...] = ()  # lines without which a policy or an interface lets everything through: never none of one name on the way
    undo_as: tuple[tuple[str, str], ...] = ()  # (pattern on the line, its undo form) where it is not the plain negation
    defines: tuple[Symbol, ...] = ()
    uses: tuple[Symbol, ...] = ()
    rewrite: tuple[tuple[str, str], ...] = ()  # substitutions that bring a line into one form before it is compared
    section_exit: str = "exit"
    blocks: tuple[tuple[str, str], ...] = ()  # (first line, last line) of values of several lines; the first has a group, the rest of that line

    def opens_block(self, line: str) -> re.Pattern[str] | None:
        """What ends the value of several lines that this line begins; None when it begins none, or ends it itself."""
        for first, last in self._blocks:
            if (match := first.search(line)) and not last.search(match[1]):
                return last
        return None

    @cached_property
    def _blocks(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        return tuple((re.compile(first), re.compile(last)) for first, last in self.blocks)

    def negate(self, line: str) -> str:
        for pattern, form in self.undo_as:
            if match := re.fullmatch(pattern, line):
                return match.expand(form)
        word = f"{self.negation} "
        return line.removeprefix(word) if line.startswith(word) else word + line

    def defined(self, path: Path) -> set[str]:
        return _names(self.defines, path)

    def guarded(self, path: Path) -> set[str]:
        return _names(self.guards, path)

    def used(self, path: Path) -> set[str]:
        return _names(self.uses, path)

    def replaced(self, path: Path) -> set[str]:
        """Keys of the line among those that can stand only once: within one section, a new line of a key replaces the old one."""
        text = joined(path)
        return {match[0] for pattern in self.singletons if (match := re.search(pattern, text))}


def joined(path: Path) -> str:
    return SEPARATOR.join(path)


def _names(symbols: tuple[Symbol, ...], path: Path) -> set[str]:
    text = joined(path)
    return {name for symbol in symbols if (name := symbol.of(text))}

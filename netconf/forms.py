"""Line forms: one place for how a line of a vendor's language is written and read back. Where each is known from stands in vendors/evidence.csv.

A form is the line with its values in braces, `peer {address} as-number {asn:int}`; calling it makes the line, matching gives the values back.
`{name}` is a word, `{name:int}` a number, `{name:text}` the rest of the line, `{name:address}` an address or prefix, `{name:ip}` one that the device prints
in capitals, `{name:hex}` a number that it prints so, `{name:ip4}` an IPv4 address, `{name:mask}` the length of an IPv4 prefix, which it prints as a mask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from netconf.tree.parse import Tree

T = TypeVar("T")
PATTERNS = {
    "": r"(\S+)",
    "int": r"(\d+)",
    "text": r"(.+)",
    "ip": r"((?=\S*[:.])[0-9A-Fa-f:./]+)",  # the name of a peer group can be hexadecimal too
    "address": r"((?=\S*[:.])[0-9A-Fa-f:./]+)",
    "ip4": r"(\d+\.\d+\.\d+\.\d+)",
    "mask": r"([\d.]+)",
    "hex": r"([0-9A-Fa-f]+)",
}
CAPITALS = ("ip", "hex")
MASKS = tuple(str(IPv4Network((0, length)).netmask) for length in range(33))
LENGTHS = {spelled: length for length, mask in enumerate(MASKS) for spelled in (mask, str(length))}
PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Form:
    """One line form; `chapter` is that of the manual, by which a configuration is put into parts."""

    __slots__ = ("_addresses", "_head", "_masks", "_numbers", "_parts", "also", "chapter", "names", "pattern", "template")

    def __init__(self, template: str, chapter: str, also: str = "") -> None:
        """`also`: another spelling of the same values in the same order, which is read and never written."""
        self.template, self.chapter = template, chapter
        self.also = Form(also, chapter) if also else None
        places = PLACE.findall(template)
        self.names = tuple(name for name, _ in places)
        self._numbers = tuple(index for index, (_, kind) in enumerate(places) if kind == "int")
        self._addresses = tuple(index for index, (_, kind) in enumerate(places) if kind in CAPITALS)
        self._masks = tuple(index for index, (_, kind) in enumerate(places) if kind == "mask")
        self._parts = PLACE.sub("%s", template.replace("%", "%%"))
        self._head = template.partition("{")[0]
        pieces = PLACE.split(template)  # text, name, kind, text, …
        parts = (
            re.escape(text) + (PATTERNS[kind or ""] if name else "")
            for text, name, kind in zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True)
        )
        self.pattern = re.compile("".join(parts))

    def __call__(self, depth: int, origin: str, *values: object) -> Line:
        """The line at a depth of sections, with the row of the estate that it comes from."""
        if self._addresses or self._masks:
            said = list(values)
            for index in self._addresses:
                said[index] = str(said[index]).upper()
            for index in self._masks:
                said[index] = MASKS[int(said[index])]  # type: ignore[call-overload]
            values = tuple(said)
        return Line(depth, self._parts % values, self, origin)

    def match(self, line: str) -> tuple[Any, ...] | None:
        """The values of a line of this form; None for any other line."""
        if not line.startswith(self._head):  # most lines are of other forms, and this is quicker than the pattern
            return self.also.match(line) if self.also else None
        match = self.pattern.fullmatch(line)
        if match is None:
            return self.also.match(line) if self.also else None
        if not self._numbers and not self._addresses and not self._masks:
            return match.groups()
        values: list[Any] = list(match.groups())
        for index in self._masks:
            if values[index] not in LENGTHS:
                return None
            values[index] = LENGTHS[values[index]]
        for index in self._numbers:
            values[index] = int(values[index])
        for index in self._addresses:
            values[index] = values[index].lower()
        return tuple(values)

    def __repr__(self) -> str:
        return f"Form({self.template!r})"


class Line(NamedTuple):
    """A line of a configuration: how deep it stands, what it says, its form, and the row of the estate that it comes from."""

    depth: int
    text: str
    form: Form
    origin: str


def forms(chapter: str) -> Callable[..., Form]:
    """A maker of forms of one chapter: `form = forms("SRv6 BE")`, then `form("locator {name}")`."""

    def form(template: str, also: str = "") -> Form:
        return Form(template, chapter, also)

    return form


@dataclass(slots=True)
class Section:
    """A part of a configuration being read. What a form has taken is not offered again; `left` is what nobody took."""

    tree: Tree
    taken: set[int] = field(default_factory=set)  # identities of trees, shared by all sections of one configuration

    def each(self, form: Form, where: Callable[..., bool] | None = None) -> Iterator[tuple[tuple[Any, ...], Section]]:
        """All lines of a form, with what stands under each; `where`: only those whose values the model can hold."""
        for child in self.tree.children.values():
            if (values := form.match(child.line)) is not None and (where is None or where(*values)):
                self.taken.add(id(child))
                yield values, Section(child, self.taken)

    def all(self, form: Form, where: Callable[..., bool] | None = None) -> list[tuple[Any, ...]]:
        return [values for values, _ in self.each(form, where)]

    def peek_each(self, form: Form) -> Iterator[tuple[tuple[Any, ...], Section]]:
        """As `each`, but the lines are not taken."""
        return ((values, Section(child, self.taken)) for child in self.tree.children.values() if (values := form.match(child.line)) is not None)

    def peek(self, form: Form) -> list[tuple[Any, ...]]:
        return [values for values, _ in self.peek_each(form)]

    def says(self, form: Form) -> bool:
        return next(self.peek_each(form), None) is not None

    def peek_under(self, form: Form) -> Section:
        return next((section for _, section in self.peek_each(form)), Section(Tree(), self.taken))

    def attempt(self, read: Callable[[Section], T]) -> T:
        """What `read` makes of this section. When that is nothing, all that it took is offered again."""
        before = set(self.taken)
        found = read(self)
        if not found:
            self.taken.intersection_update(before)
        return found

    def one(self, form: Form) -> tuple[Any, ...] | None:
        """The first line of a form."""
        return next((values for values, _ in self.each(form)), None)

    def value(self, form: Form, default: Any = None) -> Any:
        """The one value of the first line of a form."""
        found = self.one(form)
        return default if found is None else found[0]

    def has(self, form: Form) -> bool:
        return self.one(form) is not None

    def under(self, form: Form) -> Section:
        """What stands under the first line of a form; an empty section where there is none."""
        return next((section for _, section in self.each(form)), Section(Tree(), self.taken))

    def leave_unless_whole(self) -> bool:
        """Whether something under this line was not taken, in which case the line and all under it are offered again."""
        odd = next(self.left(), None) is not None
        if odd:
            self.leave()
        return odd

    def leave(self) -> None:
        """This line and all under it are offered again."""
        self.taken.discard(id(self.tree))
        for child in self.tree.children.values():
            Section(child, self.taken).leave()

    def left(self, above: tuple[str, ...] = ()) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Numbers and paths of the lines that no form took, those under such a one too."""
        for child in self.tree.children.values():
            if id(child) not in self.taken:
                yield child.number, (*above, child.line)
            yield from Section(child, self.taken).left((*above, child.line))


END = Form("", "")


def text_of(lines: Iterable[Line], indent: str = " ", separator: str = "") -> str:
    """The lines as text. `separator`, where the vendor prints one, stands before each section, and before lines of the top view of another chapter."""
    spaces = [indent * depth for depth in range(12)]
    parts: list[str] = []
    depth, chapter = 1, ""
    for line, following in pairwise([*lines, Line(0, "", END, "")]):
        if separator and not line.depth and (depth or following.depth or line.form.chapter != chapter):
            parts.append(separator)
        depth, chapter = line.depth, line.form.chapter
        parts.append(spaces[depth] + line.text)
    return "\n".join(parts) + "\n" if parts else ""

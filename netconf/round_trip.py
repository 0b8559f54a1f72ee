"""A configuration read into the model and rendered again: which of its lines come back, which do not, and what stands there that did not before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from inventory.errors import InputError
from netconf.model.device import DeviceConfig
from netconf.tree.grammar import SEPARATOR, Path, joined
from netconf.tree.parse import Tree
from netconf.vendors.vendor import Vendor

VALUE = re.compile(r"\S*[\d:*$<]\S*")
WORDS = 4


@dataclass(slots=True)
class RoundTrip:
    """`kept` lines come back, `respelled` ones (of the text) in other words of the same meaning. Lines that are not managed are in none of these."""

    kept: int = 0
    respelled: list[tuple[int, str, str]] = field(default_factory=list)  # number, line with its sections, the line that is rendered
    changed: list[tuple[int, str, str]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    fault: str = ""  # why the model could not be rendered at all

    @property
    def whole(self) -> bool:
        """Whether every line that was understood comes back with its meaning."""
        return not (self.changed or self.lost or self.fault)

    def as_dict(self) -> Mapping[str, Any]:
        return {
            "kept": self.kept,
            "respelled": [{"line": number, "text": text, "becomes": line} for number, text, line in self.respelled],
            "changed": [{"line": number, "text": text, "becomes": line} for number, text, line in self.changed],
            "lost": [{"line": number, "text": text} for number, text in self.lost],
            "added": self.added,
            "fault": self.fault,
        }


def round_trip(vendor: Vendor, tree: Tree, config: DeviceConfig, left: Iterable[tuple[int, Path]]) -> RoundTrip:
    """`left`: the lines of `tree` that no form took, as `Vendor.read` says them."""
    found = RoundTrip()
    try:
        rendered = vendor.parse(vendor.text(vendor.lines(config)))
    except InputError as error:
        found.fault = str(error)
        return found
    _compare(vendor, tree, rendered, {path for _, path in left}, (), found)
    return found


def _compare(vendor: Vendor, before: Tree, after: Tree, unmanaged: Set[Path], above: Path, found: RoundTrip) -> None:
    """Sections by their lines. A line whose words are those of a line that is not there any more, but for values, is that line changed."""
    same = {line.casefold(): child for line, child in after.children.items()}  # VRP and Comware print addresses in capitals
    gone: list[Tree] = []
    for child in before.children.values():
        path = (*above, child.line)
        if twin := same.pop(child.line.casefold(), None):
            if path not in unmanaged:
                found.kept += 1
            _compare(vendor, child, twin, unmanaged, path, found)
        elif path in unmanaged:
            _compare(vendor, child, Tree(), unmanaged, path, found)
        else:
            gone.append(child)
    fresh = list(same.values())
    for child in gone:
        path = (*above, child.line)
        alike = [one for one in fresh if _means(vendor, child.line, one.line)]
        twin = alike[0] if alike else _nearest(child.line, fresh)
        if twin is None:
            found.lost.append((child.number, joined(path)))
        else:
            fresh.remove(twin)
            (found.respelled if alike else found.changed).append((child.number, joined(path), twin.line))
        _compare(vendor, child, twin or Tree(), unmanaged, path, found)
    for one in fresh:
        found.added += [joined((*above, one.line)), *(joined((*above, one.line, *path)) for path in one.walk())]


def _means(vendor: Vendor, one: str, other: str) -> bool:
    """Whether one form reads the same values from both lines."""
    return any(values == form.match(other) for _, form in vendor.forms() if (values := form.match(one)) is not None)


def _nearest(line: str, among: list[Tree]) -> Tree | None:
    """The line of the same words, values aside, with the most values in common."""
    words = line.split()
    alike = [one for one in among if pattern(one.line) == pattern(line)]
    return max(alike, key=lambda one: sum(a == b for a, b in zip(words, one.line.split(), strict=False)), default=None)


def pattern(line: str) -> str:
    """A line with its values left open: `peer … route-policy`."""
    return VALUE.sub("…", line)


def head(line: str) -> str:
    """How a line that is not managed is counted: the first word of its section, and its own first words."""
    *above, last = line.split(SEPARATOR)
    start = " ".join(pattern(last).split()[:WORDS])
    return f"{pattern(above[0]).split()[0]}{SEPARATOR}{start}" if above else start

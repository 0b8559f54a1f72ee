"""Where a line of a device's configuration comes from: where its form is known from, and the row of the estate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.errors import InputError
from inventory.find import NAMES, rows
from inventory.model import Estate
from netconf.evidence import evidence
from netconf.forms import Form, Line
from netconf.tree.grammar import joined


@dataclass(frozen=True, slots=True)
class Explained:
    """A line (`number` from 1, `path` with its sections), how it is known, and whose it is."""

    number: int
    path: tuple[str, ...]
    form: str
    source: str
    confidence: str
    origin: str
    name: str
    place: str

    def text(self) -> str:
        whose = " ".join(filter(None, (self.origin, self.name))) or "every device of its kind"
        place = f" ({self.place})" if self.place else ""
        return f"{self.number}: {joined(self.path)}\n    from {whose}{place}\n    form `{self.form}`: {self.source} ({self.confidence})"


def explain(estate: Estate, device: str, vendor: str, lines: list[Line], wanted: str) -> list[Explained]:
    """All lines of a device of a vendor that `wanted` means: a line's number, else its text, else a part of it. Raises InputError when there is none."""
    numbered = list(_numbered(lines))
    chosen = [row for row in numbered if str(row[0]) == wanted]
    chosen = chosen or [row for row in numbered if row[2].text == wanted.strip()] or [row for row in numbered if wanted.strip() in row[2].text]
    if not chosen:
        raise InputError(f"{device}: its configuration has no line {wanted!r}: see `xiangyun net render {device.partition(':')[2]}`")
    names = {key: str(getattr(row, "name", "")) for table in NAMES for key, row in rows(estate, table).items()}
    return [
        Explained(number, path, form.template, *_known(vendor, form), origin, names.get(origin, ""), _place(estate, origin))
        for number, path, (_, _, form, origin) in chosen
    ]


def _known(vendor: str, form: Form) -> tuple[str, str]:
    """Where a form was read, or how many public lines have it, and the confidence in it."""
    found = evidence(vendor, form)
    return found.read or (f"{found.lines} lines of public configurations" if found.lines else "nowhere found"), found.confidence


def _numbered(lines: list[Line]) -> Iterator[tuple[int, tuple[str, ...], Line]]:
    path: list[str] = []
    for number, line in enumerate(lines, 1):
        del path[line.depth :]
        path.append(line.text)
        yield number, tuple(path), line


def _place(estate: Estate, origin: str) -> str:
    """The file and line of a row; of a section of network.yaml when the thing itself has no place."""
    return estate.origins.get(origin) or estate.origins.get(origin.rpartition(":")[0], "")

"""Where a line of a device's configuration comes from: its form in the vendor's manual, and the row of the estate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.errors import InputError
from inventory.find import NAMES, rows
from inventory.model import Estate
from netconf.forms import Line
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


def explain(estate: Estate, device: str, lines: list[Line], wanted: str) -> list[Explained]:
    """All lines that `wanted` means: a line's number, else its text, else a part of it. Raises InputError when there is none."""
    numbered = list(_numbered(lines))
    chosen = [row for row in numbered if str(row[0]) == wanted]
    chosen = chosen or [row for row in numbered if row[2].text == wanted.strip()] or [row for row in numbered if wanted.strip() in row[2].text]
    if not chosen:
        raise InputError(f"{device}: its configuration has no line {wanted!r}: see `xiangyun net render {device.partition(':')[2]}`")
    names = {key: str(getattr(row, "name", "")) for table in NAMES for key, row in rows(estate, table).items()}
    return [
        Explained(number, path, form.template, form.source, form.confidence, origin, names.get(origin, ""), _place(estate, origin))
        for number, path, (_, _, form, origin) in chosen
    ]


def _numbered(lines: list[Line]) -> Iterator[tuple[int, tuple[str, ...], Line]]:
    path: list[str] = []
    for number, line in enumerate(lines, 1):
        del path[line.depth :]
        path.append(line.text)
        yield number, tuple(path), line


def _place(estate: Estate, origin: str) -> str:
    """The file and line of a row; of a section of network.yaml when the thing itself has no place."""
    return estate.origins.get(origin) or estate.origins.get(origin.rpartition(":")[0], "")

"""What is wrong with the files of an estate, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.errors import InputError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: `row` is the line in the file (0: the file as a whole), `column` the header's name or the key's path."""

    file: str
    row: int
    column: str
    message: str

    @property
    def place(self) -> str:
        return ":".join(part for part in (self.file, str(self.row) if self.row else "", self.column) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class EstateFaults(InputError):  # noqa: N818 - it holds faults, many
    """An estate that cannot be read; `faults` holds everything that is wrong."""

    def __init__(self, folder: str, faults: Iterable[Fault]) -> None:
        self.folder = folder
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{folder}: {count} fault{'s' if count > 1 else ''}; nothing was done\n{lines}")

"""Configuration texts looked at: what of them is managed here, what is not, what could not be read, and what comes back when it is rendered again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.errors import InputError
from netconf.model.device import DeviceConfig
from netconf.round_trip import RoundTrip, head, round_trip
from netconf.tree.grammar import joined
from netconf.tree.parse import Tree, parse
from netconf.vendors.vendor import Vendor

Numbered = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """`features`: those that were found; `unmanaged`: lines that no form knows, with their sections; `unread`: lines that are no configuration, and why."""

    config: DeviceConfig
    lines: int  # that say something
    features: tuple[str, ...]
    unmanaged: Numbered
    unread: Numbered
    encoding: str
    trip: RoundTrip

    def counts(self) -> dict[str, int]:
        """Of lines. `kept`, `respelled`, `changed` and `lost` together are those that a form understood."""
        trip = self.trip
        return {
            "lines": self.lines,
            "kept": trip.kept,
            "unmanaged": len(self.unmanaged),
            "unread": len(self.unread),
            "respelled": len(trip.respelled),
            "changed": len(trip.changed),
            "lost": len(trip.lost),
            "added": len(trip.added),
        }

    @property
    def whole(self) -> bool:
        """Whether all of the text could be read, and all that was understood of it comes back."""
        return not self.unread and self.trip.whole

    def as_dict(self) -> Mapping[str, Any]:
        return {
            "lines": self.lines,
            "managed": self.lines - len(self.unmanaged) - len(self.trip.lost),
            "features": list(self.features),
            "unmanaged": [{"line": number, "text": text} for number, text in self.unmanaged],
            "unread": [{"line": number, "why": why} for number, why in self.unread],
            "encoding": self.encoding,
            "round_trip": self.trip.as_dict(),
        }


def check_config(vendor: Vendor, file: Path) -> Checked:
    """Raises InputError for a file that cannot be read, or that is no text."""
    text, encoding = read_config(file)
    return check_text(vendor, text, encoding)


def check_all(vendor: Vendor, paths: Iterable[Path]) -> dict[Path, Checked]:
    """Files, and all files in folders and below, but for hidden ones. Raises InputError with all that cannot be read, and for paths without any file."""
    found: dict[Path, Checked] = {}
    faults: list[str] = []
    for file in (file for path in paths for file in _files(path)):
        try:
            found[file] = check_config(vendor, file)
        except InputError as error:
            faults.append(str(error))
    if faults or not found:
        raise InputError(
            "\n  ".join([f"{len(faults)} files cannot be read; nothing was checked", *faults]) if len(faults) > 1 else (faults or ["no files there"])[0]
        )
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts))


def summary(checked: Iterable[Checked]) -> dict[str, Any]:
    """Sums over configurations, and how the lines that are not managed, or do not come back, begin: the most frequent first."""
    rows = list(checked)
    totals = Counter[str]()
    heads = {name: Counter[str]() for name in ("unmanaged", "lost", "changed", "added")}
    for row in rows:
        totals.update(row.counts())
        heads["unmanaged"].update(head(text) for _, text in row.unmanaged)
        heads["lost"].update(head(text) for _, text in row.trip.lost)
        heads["changed"].update(head(text) for _, text, _ in row.trip.changed)
        heads["added"].update(head(text) for text in row.trip.added)
    return {"files": len(rows), **totals, "heads": {name: dict(counts.most_common()) for name, counts in heads.items()}}


def check_text(vendor: Vendor, text: str, encoding: str = "utf-8") -> Checked:
    unread: list[tuple[int, str]] = []
    tree = parse(text, vendor.grammar, unread=unread)
    if vendor.last and text.strip() and text.rstrip().rpartition("\n")[2].strip() != vendor.last:
        unread.append((text.rstrip("\r\n").count("\n") + 1, f"the text does not end with `{vendor.last}`: it may have been cut off"))
    config, left = vendor.read("device:read", vendor.models[0], tree)
    unmanaged = tuple((number, joined(path)) for number, path in left)
    return Checked(config, _count(tree), tuple(config.asked()), unmanaged, tuple(sorted(unread)), encoding, round_trip(vendor, tree, config, left))


def read_config(file: Path) -> tuple[str, str]:
    """The text and its encoding: UTF-8, or GB18030, which old devices' descriptions are in. Raises InputError."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
    raw = raw.rstrip(b"\x00")  # VRP's saved files end with one
    if b"\x00" in raw:
        raise InputError(f"{file}: a NUL byte: this is no configuration text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding), "utf-8" if encoding == "utf-8-sig" else "gb18030"
        except UnicodeDecodeError:
            continue
    raise InputError(f"{file}: neither UTF-8 nor GB18030")


def _count(tree: Tree) -> int:
    return sum(1 + _count(child) for child in tree.children.values())

"""A device's configuration text looked at: what of it is managed here, what is not, and what could not be read, by line."""

from __future__ import annotations

from dataclasses import dataclass

from netconf.model.device import DeviceConfig


@dataclass(frozen=True, slots=True)
class Checked:
    """`features`: those found; `unmanaged`: (line number, path) of lines that no form knows; `unread`: (line number, why)."""

    lines: int
    features: tuple[str, ...]
    unmanaged: tuple[tuple[int, str], ...]
    unread: tuple[tuple[int, str], ...]
    config: DeviceConfig

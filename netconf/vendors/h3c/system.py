"""Name, clock and banner. Source: H3C CR16000-F command reference, "Fundamentals"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, System

form = forms("H3C CR16000-F command reference, Fundamentals")
SYSNAME = form("sysname {name}")
CLOCK = form("clock timezone LOCAL {sign} {offset}")
BANNER = form("header login %{text:text}%")
SIGNS = {"add": 1, "minus": -1}


def render(config: DeviceConfig) -> Iterator[Line]:
    system = config.system
    yield SYSNAME(0, system.origin, system.hostname)
    if system.timezone_minutes is not None:
        east = abs(system.timezone_minutes)
        yield CLOCK(0, system.origin, "add" if system.timezone_minutes >= 0 else "minus", f"{east // 60:02}:{east % 60:02}:00")
    if system.banner:
        yield BANNER(0, system.origin, system.banner)


def read(text: Section) -> dict[str, Any]:
    zone = None
    if clock := text.one(CLOCK):
        hours, minutes, _ = map(int, clock[1].split(":"))
        zone = SIGNS[clock[0]] * (60 * hours + minutes)
    return {"system": System(text.value(SYSNAME, ""), zone, text.value(BANNER, ""))}

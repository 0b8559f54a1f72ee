"""Name, clock and banner. Source: H3C CR16000-F command reference, "Fundamentals"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Banner, Clock, DeviceConfig, System

form = forms("H3C CR16000-F command reference, Fundamentals")
SYSNAME = form("sysname {name}")
CLOCK = form("clock timezone LOCAL {sign} {offset}")
BANNER = form("header login %{text:text}%")
SIGNS = {"add": 1, "minus": -1}


def render(config: DeviceConfig) -> Iterator[Line]:
    yield SYSNAME(0, config.system.origin, config.system.hostname)
    if config.clock:
        east = abs(config.clock.minutes)
        yield CLOCK(0, config.clock.origin, "add" if config.clock.minutes >= 0 else "minus", f"{east // 60:02}:{east % 60:02}:00")
    if config.banner:
        yield BANNER(0, config.banner.origin, config.banner.text)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {"system": System(text.value(SYSNAME, ""))}
    if clock := text.one(CLOCK):
        hours, minutes, _ = map(int, clock[1].split(":"))
        found["clock"] = Clock(SIGNS[clock[0]] * (60 * hours + minutes))
    if banner := text.value(BANNER):
        found["banner"] = Banner(banner)
    return found

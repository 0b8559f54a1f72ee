"""Name, clock and banner. Source: NetEngine command reference, "Basic Configuration"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig
from netconf.vendors.shared import SystemForms, read_system, render_system

form = forms("Basic Configuration")
SYSNAME = form("sysname {name}")
CLOCK = form("clock timezone LOCAL {sign} {offset}")
BANNER = form('header login information "{text:text}"')
FORMS = SystemForms(SYSNAME, CLOCK, BANNER)


def render(config: DeviceConfig) -> Iterator[Line]:
    yield from render_system(config, FORMS)


def read(text: Section) -> dict[str, Any]:
    return read_system(text, FORMS)

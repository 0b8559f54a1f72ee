"""Static routes. Source: NetEngine command reference, "IP Static Routes"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig
from netconf.vendors.shared import read_statics, render_statics, static_forms

STATICS = static_forms(forms("IP Static Routes"), "mask")


def render(config: DeviceConfig) -> Iterator[Line]:
    yield from render_statics(config.statics, STATICS)


def read(text: Section) -> dict[str, Any]:
    return {"statics": read_statics(text, STATICS)}

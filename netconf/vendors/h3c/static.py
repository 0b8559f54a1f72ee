"""Static routes. Source: H3C CR16000-F command reference, "Static routing"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig
from netconf.vendors.shared import read_statics, render_statics, static_forms

STATICS = static_forms(forms("Static routing"), "int")


def render(config: DeviceConfig) -> Iterator[Line]:
    yield from render_statics(config.statics, STATICS)


def read(text: Section) -> dict[str, Any]:
    return {"statics": read_statics(text, STATICS)}

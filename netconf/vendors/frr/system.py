"""Host name and how FRR keeps its configuration. Source: FRR user guide, "Basic Commands"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, System

form = forms("Basic Commands")
HOSTNAME = form("hostname {name}")
INTEGRATED = form("service integrated-vtysh-config")


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.system.hostname:
        yield HOSTNAME(0, config.system.origin, config.system.hostname)
    yield INTEGRATED(0, config.system.origin)


def read(text: Section) -> dict[str, Any]:
    text.has(INTEGRATED)
    return {"system": System(text.value(HOSTNAME, ""))}

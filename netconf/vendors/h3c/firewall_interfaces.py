"""A firewall's interfaces: as a router's, each in its zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netconf.forms import Line, Section
from netconf.model.device import DeviceConfig
from netconf.vendors.h3c import firewall, interfaces

FORMS = tuple(vars(interfaces).values())  # for the list of forms


def render(config: DeviceConfig) -> Iterator[Line]:
    yield from interfaces.render(config)


def read(text: Section) -> dict[str, Any]:
    zones = firewall.members(text)
    found = interfaces.read(text)
    return {**found, "interfaces": tuple(replace(i, zone=zones.get(i.name, "")) for i in found["interfaces"])}

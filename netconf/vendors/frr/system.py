"""Host name and how FRR keeps its configuration. Source: FRR user guide, "Basic Commands"."""

from __future__ import annotations

from collections.abc import Iterator

from netconf.model.device import DeviceConfig


def render(config: DeviceConfig) -> Iterator[str]:
    yield f"hostname {config.hostname}"
    yield "service integrated-vtysh-config"

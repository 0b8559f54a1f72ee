"""Interfaces: addresses and IS-IS on them. Source: FRR user guide, "Zebra" and "ISIS".

The MTU of a link is not FRR's to set on Linux; `net verify` measures it instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from netconf.model.device import DeviceConfig, Interface

DEFAULT_METRIC = 10


def render(config: DeviceConfig) -> Iterator[str]:
    yield "interface lo"
    yield f" ipv6 address {config.loopback}/128"
    yield f" ipv6 router isis {config.isis.process}"
    yield " isis passive"
    yield "exit"
    for interface in config.interfaces:
        yield from _interface(interface, config.isis.process)


def _interface(interface: Interface, isis: str) -> Iterator[str]:
    yield f"interface {interface.name}"  # its VRF is the kernel's to set: see the driver
    yield f" description {interface.description}"
    yield f" ipv6 address {interface.address}"
    if interface.isis_metric is not None:
        yield f" ipv6 router isis {isis}"
        yield " isis bfd"
        yield " isis circuit-type level-2-only"
        yield " isis hello-interval 1"
        yield " isis hello-multiplier 3"
        if interface.isis_metric != DEFAULT_METRIC:  # FRR hides its default
            yield f" isis metric {interface.isis_metric}"
        yield " isis network point-to-point"
    yield "exit"

"""Interfaces: addresses and IS-IS on them. Source: FRR user guide, "Zebra" and "ISIS".

The MTU of a link is not FRR's to set on Linux; `net verify` measures it instead. BFD sessions have FRR's default timers, which it does not print.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.errors import InputError
from netconf.forms import Line, Section, forms
from netconf.model.device import Bfd, DeviceConfig, Interface

form = forms("Zebra, Interface Commands")
INTERFACE = form("interface {name}")
DESCRIPTION = form("description {text:text}")
ADDRESS6 = form("ipv6 address {address}")
ADDRESS4 = form("ip address {address}")
EXIT = form("exit")
isis_form = forms("ISIS, Interface Commands")
ISIS = isis_form("ipv6 router isis {process}")
PASSIVE = isis_form("isis passive")
BFD = isis_form("isis bfd")
CIRCUIT = isis_form("isis circuit-type level-2-only")
HELLO = isis_form("isis hello-interval 1")
MULTIPLIER = isis_form("isis hello-multiplier 3")
METRIC = isis_form("isis metric {metric:int}")
POINT_TO_POINT = isis_form("isis network point-to-point")

router_form = forms("ISIS")
ROUTER = router_form("router isis {process}")
LEVEL = router_form("is-type level-2-only")

DEFAULT_METRIC = 10
TIMERS = Bfd(300, 300, 3)
LOOPBACK = "lo"


def render(config: DeviceConfig) -> Iterator[Line]:
    isis = config.isis
    if config.bfd and config.bfd != TIMERS:
        raise InputError(f"{config.device}: FRR here runs BFD with its own timers, {TIMERS.min_tx_ms} ms times {TIMERS.multiplier}")
    if isis and isis.loopback:
        yield INTERFACE(0, isis.origin, LOOPBACK)
        yield ADDRESS6(1, isis.origin, isis.loopback)
        yield ISIS(1, isis.origin, isis.process)
        yield PASSIVE(1, isis.origin)
        yield EXIT(0, isis.origin)
    for interface in config.interfaces:
        yield from _interface(interface, isis.process if isis else "")


def _interface(interface: Interface, isis: str) -> Iterator[Line]:
    at = interface.origin
    yield INTERFACE(0, at, interface.name)  # its VRF is the kernel's to set: see the driver
    if interface.description:
        yield DESCRIPTION(1, at, interface.description)
    for address in interface.ipv4:
        yield ADDRESS4(1, at, address)
    for address in interface.ipv6:
        yield ADDRESS6(1, at, address)
    if interface.isis_metric is not None:
        yield ISIS(1, at, isis)
        yield BFD(1, at)
        yield CIRCUIT(1, at)
        yield HELLO(1, at)
        yield MULTIPLIER(1, at)
        if interface.isis_metric != DEFAULT_METRIC:  # FRR hides its default
            yield METRIC(1, at, interface.isis_metric)
        yield POINT_TO_POINT(1, at)
    yield EXIT(0, at)


def read(text: Section) -> dict[str, Any]:
    """The loopback is IS-IS' to read."""
    process = isis_process(text)
    loopback = read_loopback(text, process)
    found = (_read(name, section, process) for (name,), section in text.each(INTERFACE) if not (loopback and name == LOOPBACK))
    return {"interfaces": tuple(found), "bfd": TIMERS}


def isis_process(text: Section) -> str:
    """The process of level 2, as the model's is; empty where there is none."""
    return next((name for (name,), section in text.peek_each(ROUTER) if section.says(LEVEL)), "")


def read_loopback(text: Section, process: str) -> str:
    """The address that IS-IS announces."""
    for _, section in text.each(INTERFACE, LOOPBACK.__eq__):
        if process and (process,) in section.peek(ISIS) and section.says(ADDRESS6) and section.says(PASSIVE):
            section.all(ISIS, process.__eq__)
            section.has(PASSIVE)
            return str(section.value(ADDRESS6))
    return ""


def _read(name: str, section: Section, process: str) -> Interface:
    """A link of IS-IS is of level 2 and from point to point; FRR does not print a metric that is its default."""
    metric = None
    if process and (process,) in section.peek(ISIS) and section.says(CIRCUIT) and section.says(POINT_TO_POINT) and not section.says(PASSIVE):
        section.all(ISIS, process.__eq__)
        for line in (BFD, CIRCUIT, HELLO, MULTIPLIER, POINT_TO_POINT):
            section.has(line)
        metric = section.value(METRIC, DEFAULT_METRIC)
    return Interface(
        name,
        section.value(DESCRIPTION, ""),
        tuple(address for (address,) in section.all(ADDRESS6)),
        tuple(address for (address,) in section.all(ADDRESS4)),
        isis_metric=metric,
    )

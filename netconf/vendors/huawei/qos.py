"""Classes of service and slices. Sources: NetEngine command reference, "QoS" and "Network Slicing"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Class, DeviceConfig, Qos, SliceInstance

form = forms("QoS")
DOMAIN = form("diffserv domain {name}")
INBOUND = form("ip-dscp-inbound {dscp:int} phb {queue} green")
OUTBOUND = form("ip-dscp-outbound {queue} green map {dscp:int}")
TRUST = form("trust upstream {domain}")
STRICT = form("port-queue {queue} pq shaping shaping-percentage {percent:int} outbound")
STRICT_FREE = form("port-queue {queue} pq outbound")
WEIGHTED = form("port-queue {queue} wfq weight {weight:int} outbound")
NAME = "EXTRANET"

slice_form = forms("Network Slicing")
INSTANCE = slice_form("network-slice instance {number:int}")
DESCRIPTION = slice_form("description {text:text}")
MAPPING = slice_form("network-slice color-mapping")
COLOUR = slice_form("color {colour:int} network-slice {number:int}")
DATA_PLANE = slice_form("network-slice {number:int} data-plane")
BASIC = slice_form("basic-slice {number:int}")
CHANNEL = slice_form("mode channel enable")
BANDWIDTH = slice_form("mode channel bandwidth {mbps:int}")
BASE = 1  # the slice of all that is in no other


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.qos:
        at = config.qos.origin
        yield DOMAIN(0, at, NAME)
        for row in config.qos.classes:
            for dscp in row.dscp:
                yield INBOUND(1, row.origin, dscp, row.name)
            yield OUTBOUND(1, row.origin, row.name, row.dscp[0])
    if config.slices:
        at = config.slices[0].origin
        yield INSTANCE(0, at, BASE)
        yield DESCRIPTION(1, at, "base")
        for one in config.slices:
            yield INSTANCE(0, one.origin, one.number)
            yield DESCRIPTION(1, one.origin, one.name)
        if any(one.colours for one in config.slices):
            yield MAPPING(0, at)
            for one in config.slices:
                yield from (COLOUR(1, one.origin, colour, one.number) for colour in one.colours)


def queues(qos: Qos) -> Iterator[Line]:
    """What stands on an interface that has queues."""
    for row in qos.classes:
        if not row.strict:
            yield WEIGHTED(1, row.origin, row.name, row.weight)
        elif row.limit_percent:
            yield STRICT(1, row.origin, row.name, row.limit_percent)
        else:
            yield STRICT_FREE(1, row.origin, row.name)


def read_queues(section: Section) -> dict[str, tuple[bool, int, int | None]]:
    """Queue: strict, weight, limit."""
    found: dict[str, tuple[bool, int, int | None]] = {queue: (False, weight, None) for queue, weight in section.all(WEIGHTED)}
    found |= {queue: (True, 10, percent) for queue, percent in section.all(STRICT)}
    return found | {queue: (True, 10, None) for (queue,) in section.all(STRICT_FREE)}


def read(text: Section) -> dict[str, Any]:
    """Slices, and the classes as far as the domain says them; an interface's queues say the rest (interfaces.py)."""
    names = {number: s.value(DESCRIPTION, "") for (number,), s in text.each(INSTANCE)}
    colours = text.under(MAPPING).all(COLOUR, lambda _, number: number in names)
    slices = tuple(SliceInstance(n, name, tuple(c for c, number in colours if number == n)) for n, name in names.items() if n != BASE)
    return {"slices": slices}


def read_domain(text: Section) -> dict[str, list[int]]:
    """Queue: DSCPs, in the order of the text."""
    dscps: dict[str, list[int]] = {}
    for _, section in text.each(DOMAIN, NAME.__eq__):
        section.all(OUTBOUND)
        for dscp, queue in section.all(INBOUND):
            dscps.setdefault(queue, []).append(dscp)
    return dscps


def classes(dscps: dict[str, list[int]], found: dict[str, tuple[bool, int, int | None]]) -> tuple[Class, ...]:
    return tuple(Class(queue, tuple(values), *found.get(queue, (False, 10, None))) for queue, values in dscps.items())  # type: ignore[arg-type]

"""Interfaces with all that stands on them: addresses, VPN, IS-IS, queues, slices. Sources: NetEngine command reference, as each form names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Interface, LinkTe, Qos
from netconf.vendors.huawei import qos as classes
from netconf.vendors.huawei.acl import FILTER6, read_filters

form = forms("Interface Management")
INTERFACE = form("interface {name}")
DESCRIPTION = form("description {text:text}")
MTU = form("mtu {mtu:int}")
IPV6_MTU = form("ipv6 mtu {mtu:int}")
VLAN = form("vlan-type dot1q {vlan:int}")
BINDING = form("ip binding vpn-instance {vrf}")
IPV6 = form("ipv6 enable")
ADDRESS4 = form("ip address {address:ip4} {length:mask}")
SECOND4 = form("ip address {address:ip4} {length:mask} sub")
ADDRESS6 = form("ipv6 address {address:ip}")
LINK_LOCAL = form("ipv6 address auto link-local")
isis_form = forms("IS-IS")
ISIS = isis_form("isis ipv6 enable {process:int}")
CIRCUIT = isis_form("isis circuit-type p2p")
COST = isis_form("isis ipv6 cost {cost:int}")
flex_form = forms("Flex-Algo")
LINK_TE = flex_form("te link-attribute-application flex-algo")
AFFINITIES = flex_form("link administrative group name {names:text}")
DELAY = flex_form("delay {delay:int}")

ISIS_PROCESS = isis_form("isis {number:int}")
TOPOLOGY = isis_form("ipv6 enable topology ipv6")

LOOPBACK = "LoopBack0"
PROCESS = 1
DEFAULT_METRIC = 10


def render(config: DeviceConfig) -> Iterator[Line]:
    isis = config.isis
    process = isis.number if isis else PROCESS
    if isis and isis.loopback:
        at = isis.origin
        yield INTERFACE(0, at, LOOPBACK)
        yield IPV6(1, at)
        yield ADDRESS6(1, at, isis.loopback)
        yield ISIS(1, at, process)
    for interface in config.interfaces:
        yield from _interface(interface, config.qos, process)
        for number, mbps in interface.slices:
            yield from _channel(interface, number, mbps)


def _interface(interface: Interface, qos: Qos | None, process: int) -> Iterator[Line]:
    at = interface.origin
    yield INTERFACE(0, at, interface.name)
    if interface.vlan:
        yield VLAN(1, at, interface.vlan)
    if interface.mtu:
        yield MTU(1, at, interface.mtu)
    if interface.description:
        yield DESCRIPTION(1, at, interface.description)
    if interface.vrf:
        yield BINDING(1, at, interface.vrf)
    if interface.ipv6:
        yield IPV6(1, at)
    line4 = ADDRESS4
    for address in interface.ipv4:
        yield line4(1, at, *address.split("/"))
        line4 = SECOND4
    if interface.mtu:
        yield IPV6_MTU(1, at, interface.mtu)
    for address in interface.ipv6:
        yield ADDRESS6(1, at, address)
    if interface.isis_metric is not None:
        yield ISIS(1, at, process)
        yield CIRCUIT(1, at)
        yield COST(1, at, interface.isis_metric)
    if interface.te:
        yield LINK_TE(1, at)
        if interface.te.affinities:
            yield AFFINITIES(2, at, " ".join(interface.te.affinities))
        if interface.te.delay_us:
            yield DELAY(2, at, interface.te.delay_us)
    if interface.acl_in:
        yield FILTER6(1, at, interface.acl_in)
    if interface.slices:
        yield classes.DATA_PLANE(1, at, classes.BASE)
    if interface.trust_dscp:
        yield classes.TRUST(1, at, classes.NAME)
    if interface.queues and qos:
        yield from classes.queues(qos)


def _channel(interface: Interface, number: int, mbps: int) -> Iterator[Line]:
    """The channelised sub-interface that keeps a slice's share of a link."""
    at = interface.origin
    yield INTERFACE(0, at, f"{interface.name}.{number}")
    yield VLAN(1, at, number)
    yield IPV6(1, at)
    yield LINK_LOCAL(1, at)
    yield classes.CHANNEL(1, at)
    yield classes.BANDWIDTH(1, at, mbps)
    yield classes.BASIC(1, at, classes.BASE)
    yield classes.DATA_PLANE(1, at, number)


def read(text: Section) -> dict[str, Any]:
    """The loopback is IS-IS' to read; channelised sub-interfaces are read into the slices of their interface."""
    dscps = classes.read_domain(text)
    process = isis_process(text)
    loopback = read_loopback(text, process)
    filters = read_filters(text)
    found: list[Interface] = []
    queues: dict[str, tuple[bool, int, int | None]] = {}
    slices: dict[str, list[tuple[int, int]]] = {}
    for (name,), section in text.each(INTERFACE):
        parent, _, suffix = name.rpartition(".")
        if loopback and name == LOOPBACK:
            continue
        if suffix.isdigit() and _is_channel(section, int(suffix)):
            for line in (VLAN, IPV6, LINK_LOCAL, classes.CHANNEL, classes.BASIC, classes.DATA_PLANE):
                section.has(line)
            slices.setdefault(parent, []).append((int(suffix), section.value(classes.BANDWIDTH, 0)))
        else:
            interface, here = _read(name, section, process, filters, bool(dscps))
            found.append(interface)
            queues |= here
    for _, section in text.each(INTERFACE, slices.__contains__):
        section.all(classes.DATA_PLANE, classes.BASE.__eq__)
    result: dict[str, Any] = {"interfaces": tuple(replace(one, slices=tuple(slices[one.name])) if one.name in slices else one for one in found)}
    if dscps:
        result["qos"] = Qos(classes.classes(dscps, queues))
    return result


def isis_process(text: Section) -> int:
    """The number of the process that carries IPv6 in a topology of its own, as the model's does; 0 where there is none."""
    return next((number for (number,), section in text.peek_each(ISIS_PROCESS) if section.says(TOPOLOGY)), 0)


def read_loopback(text: Section, process: int) -> str:
    """The address that IS-IS announces."""
    for (_,), section in text.each(INTERFACE, LOOPBACK.__eq__):
        if (process,) in section.peek(ISIS) and section.says(ADDRESS6):
            section.has(IPV6)
            section.all(ISIS, process.__eq__)
            return str(section.value(ADDRESS6))
    return ""


def _is_channel(section: Section, number: int) -> bool:
    """The sub-interface of a slice as the model makes it: numbers of VLAN, slice and sub-interface are one."""
    wanted = ((VLAN, (number,)), (classes.DATA_PLANE, (number,)), (classes.BASIC, (classes.BASE,)), (classes.CHANNEL, ()))
    return all(values in section.peek(form) for form, values in wanted) and section.says(classes.BANDWIDTH)


def _read(name: str, section: Section, process: int, filters: set[str], classed: bool) -> tuple[Interface, dict[str, tuple[bool, int, int | None]]]:
    ipv6 = tuple(address for (address,) in section.all(ADDRESS6))
    if ipv6:
        section.has(IPV6)
    mtu = section.value(MTU)
    section.all(IPV6_MTU, lambda size: size == mtu)
    metric = None
    if process and (process,) in section.peek(ISIS) and section.has(CIRCUIT):  # the model's links are from point to point
        section.all(ISIS, process.__eq__)
        metric = section.value(COST, DEFAULT_METRIC)
    te = None
    for _, inside in section.each(LINK_TE):
        te = LinkTe(inside.value(DELAY, 0), tuple(inside.value(AFFINITIES, "").split()))
    queues = classes.read_queues(section) if classed else {}
    interface = Interface(
        name,
        section.value(DESCRIPTION, ""),
        ipv6,
        tuple(f"{address}/{length}" for form in (ADDRESS4, SECOND4) for address, length in section.all(form)),
        mtu,
        section.value(BINDING),
        section.value(VLAN),
        metric,
        te,
        queues=bool(queues),
        acl_in=next((policy for (policy,) in section.all(FILTER6, filters.__contains__)), ""),
        trust_dscp=bool(section.all(classes.TRUST, classes.NAME.__eq__)),
    )
    return interface, queues

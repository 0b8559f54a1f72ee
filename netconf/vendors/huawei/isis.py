"""IS-IS for IPv6 with SRv6, Flex-Algo, TI-LFA and BFD. Source: NetEngine command reference, "IS-IS" and "Flex-Algo"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Bfd, DeviceConfig, FlexAlgoDefinition, FlexAlgos, Isis
from netconf.vendors.huawei.interfaces import ISIS_PROCESS, TOPOLOGY, isis_process, read_loopback
from netconf.vendors.shared import process_name

form = forms("IS-IS")
LEVEL = form("is-level {level}")
COST_STYLE = form("cost-style wide")
NET = form("network-entity {net}")
LOCATOR = form("segment-routing ipv6 locator {name}")
SUMMARY = form("ipv6 summary {address:ip} {length:int} level-2")
BFD_ALL = form("ipv6 bfd all-interfaces enable")
BFD_TIMERS = form("ipv6 bfd all-interfaces min-tx-interval {tx:int} min-rx-interval {rx:int} detect-multiplier {multiplier:int}")
FRR = form("ipv6 frr")
LFA = form("loop-free-alternate {level}")
TI_LFA = form("ti-lfa {level}")
ATTRIBUTES = form("ipv6 advertise link attributes")
TRAFFIC_ENG = form("ipv6 traffic-eng {level}")
DELAY = form("ipv6 metric-delay advertisement enable {level}")
FLEX = form("flex-algo {number:int} {level}")
bfd_form = forms("BFD")
BFD = bfd_form("bfd")
flex_form = forms("Flex-Algo")
TE_ATTRIBUTE = flex_form("te attribute enable")
AFFINITY_MAP = flex_form("path-constraint affinity-mapping")
AFFINITY = flex_form("attribute {name} bit-sequence {bit:int}")
DEFINITION = flex_form("flex-algo identifier {number:int}")
PRIORITY = flex_form("priority {priority:int}")
METRIC = flex_form("metric-type {metric}")
EXCLUDE = flex_form("affinity exclude {names:text}")

LEVELS = {"1": "level-1", "2": "level-2", "1-2": "level-1-2"}


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.bfd:
        yield BFD(0, config.bfd.origin)
    if config.flex_algos:
        yield from _flex_algos(config.flex_algos)
    if config.isis:
        yield from _isis(config.isis, config.bfd, config.flex_algos)


def _flex_algos(flex: FlexAlgos) -> Iterator[Line]:
    yield TE_ATTRIBUTE(0, flex.origin)
    if flex.affinities:
        yield AFFINITY_MAP(0, flex.origin)
    for name, bit in flex.affinities:
        yield AFFINITY(1, flex.origin, name, bit)
    for row in flex.definitions:
        yield DEFINITION(0, row.origin, row.number)
        yield PRIORITY(1, row.origin, row.priority)
        if row.metric != "igp":
            yield METRIC(1, row.origin, row.metric)
        if row.exclude:
            yield EXCLUDE(1, row.origin, " ".join(row.exclude))


def _isis(isis: Isis, bfd: Bfd | None, flex: FlexAlgos | None) -> Iterator[Line]:
    at, level = isis.origin, LEVELS[isis.level]
    yield ISIS_PROCESS(0, at, isis.number)
    yield LEVEL(1, at, level)
    yield COST_STYLE(1, at)
    if isis.net:
        yield NET(1, at, isis.net)
    for number in isis.flex_algos:
        yield FLEX(1, at, number, level)
    yield TOPOLOGY(1, at)
    for name in isis.locators:
        yield LOCATOR(1, at, name)
    for summary in isis.summaries:
        address, _, length = summary.partition("/")
        yield SUMMARY(1, at, address, length)
    if isis.bfd and bfd:
        yield BFD_ALL(1, at)
        yield BFD_TIMERS(1, bfd.origin, bfd.min_tx_ms, bfd.min_rx_ms, bfd.multiplier)
    if isis.te:
        yield ATTRIBUTES(1, at)
        yield TRAFFIC_ENG(1, at, level)
        if flex and any(row.metric == "delay" for row in flex.definitions):
            yield DELAY(1, at, level)
    if isis.ti_lfa:
        yield FRR(1, at)
        yield LFA(2, at, level)
        yield TI_LFA(2, at, level)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {}
    flex = _read_flex_algos(text)
    if flex:
        found["flex_algos"] = flex
    process = isis_process(text)
    names = {word: level for level, word in LEVELS.items()}
    for _, section in text.each(ISIS_PROCESS, process.__eq__):
        for line in (COST_STYLE, TOPOLOGY):
            section.has(line)
        level = next((word for (word,) in section.all(LEVEL, names.__contains__)), LEVELS["1-2"])
        timers = section.one(BFD_TIMERS)
        if timers and text.has(BFD):
            found["bfd"] = Bfd(*timers)
            section.has(BFD_ALL)
        te = bool(section.all(TRAFFIC_ENG, level.__eq__))
        if te:
            section.has(ATTRIBUTES)
        if te and flex and any(row.metric == "delay" for row in flex.definitions):
            section.all(DELAY, level.__eq__)
        frr = section.peek_under(FRR)
        ti_lfa = (level,) in frr.peek(TI_LFA)
        if ti_lfa:
            section.has(FRR)
            for line in (LFA, TI_LFA):
                frr.all(line, level.__eq__)
        found["isis"] = Isis(
            process_name(process),
            section.value(NET, ""),
            tuple(name for (name,) in section.all(LOCATOR)),
            names[level],  # type: ignore[arg-type]
            tuple(number for number, _ in section.all(FLEX, lambda _, which: which == level)),  # noqa: B023
            ti_lfa=ti_lfa,
            bfd=bool(timers),
            te=te,
            summaries=tuple(f"{address}/{length}" for address, length in section.all(SUMMARY)),
            loopback=read_loopback(text, process),
        )
    return found


def _read_flex_algos(text: Section) -> FlexAlgos | None:
    if not text.has(TE_ATTRIBUTE):
        return None
    definitions = tuple(_definition(number, section) for (number,), section in text.each(DEFINITION))
    return FlexAlgos(tuple(text.under(AFFINITY_MAP).all(AFFINITY)), definitions)


def _definition(number: int, section: Section) -> FlexAlgoDefinition:
    return FlexAlgoDefinition(number, section.value(METRIC, "igp"), tuple(section.value(EXCLUDE, "").split()), section.value(PRIORITY, 128))

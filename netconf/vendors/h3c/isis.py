"""IS-IS for IPv6 with SRv6, Flex-Algo, TI-LFA and BFD. Source: H3C CR16000-F command reference, "IS-IS" and "SRv6"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, FlexAlgoDefinition, FlexAlgos, Isis
from netconf.vendors.h3c.interfaces import FAMILY6, ISIS_PROCESS, isis_process, read_bfd, read_loopback
from netconf.vendors.shared import process_name

form = forms("IS-IS")
LEVEL = form("is-level {level}")
COST_STYLE = form("cost-style wide")
NET = form("network-entity {net}")
SUMMARY = form("summary {address:ip} {length:int} level-2")
ATTRIBUTES = form("advertise link-attributes")
DELAY = form("metric-delay advertisement enable {level}")
srv6_form = forms("SRv6 commands")
LOCATOR = srv6_form("segment-routing ipv6 locator {name}")
LFA = srv6_form("fast-reroute lfa")
TI_LFA = srv6_form("fast-reroute ti-lfa")
flex_form = forms("Flex-Algo")
FLEX = flex_form("flex-algo {number:int}")
AFFINITY_MAP = flex_form("affinity-map")
AFFINITY = flex_form("name {name} bit-position {bit:int}")
DEFINITION = flex_form("flex-algo definition {number:int}")
PRIORITY = flex_form("priority {priority:int}")
METRIC = flex_form("metric-type {metric}")
EXCLUDE = flex_form("affinity exclude-any {names:text}")

LEVELS = {"1": "level-1", "2": "level-2", "1-2": "level-1-2"}


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.flex_algos:
        yield from _flex_algos(config.flex_algos)
    if config.isis:
        yield from _isis(config.isis, config.flex_algos)


def _flex_algos(flex: FlexAlgos) -> Iterator[Line]:
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


def _isis(isis: Isis, flex: FlexAlgos | None) -> Iterator[Line]:
    at, level = isis.origin, LEVELS[isis.level]
    yield ISIS_PROCESS(0, at, isis.number)
    yield LEVEL(1, at, level)
    yield COST_STYLE(1, at)
    if isis.net:
        yield NET(1, at, isis.net)
    for number in isis.flex_algos:
        yield FLEX(1, at, number)
    yield FAMILY6(1, at)
    for name in isis.locators:
        yield LOCATOR(2, at, name)
    for summary in isis.summaries:
        address, _, length = summary.partition("/")
        yield SUMMARY(2, at, address, length)
    if isis.te:
        yield ATTRIBUTES(2, at)
        if flex and any(row.metric == "delay" for row in flex.definitions):
            yield DELAY(2, at, level)
    if isis.ti_lfa:
        yield LFA(2, at)
        yield TI_LFA(2, at)


def read(text: Section) -> dict[str, Any]:
    found: dict[str, Any] = {}
    flex = _read_flex_algos(text)
    if flex:
        found["flex_algos"] = flex
    process = isis_process(text)
    names = {word: level for level, word in LEVELS.items()}
    for _, section in text.each(ISIS_PROCESS, process.__eq__):
        section.has(COST_STYLE)
        level = next((word for (word,) in section.all(LEVEL, names.__contains__)), LEVELS["1-2"])
        six = section.under(FAMILY6)
        te, ti_lfa = six.has(ATTRIBUTES), six.has(TI_LFA)
        if te and flex and any(row.metric == "delay" for row in flex.definitions):
            six.all(DELAY, level.__eq__)
        if ti_lfa:
            six.has(LFA)
        found["isis"] = Isis(
            process_name(process),
            section.value(NET, ""),
            tuple(name for (name,) in six.all(LOCATOR)),
            names[level],  # type: ignore[arg-type]
            tuple(number for (number,) in section.all(FLEX)),
            ti_lfa=ti_lfa,
            bfd=bool(read_bfd(text)),
            te=te,
            summaries=tuple(f"{address}/{length}" for address, length in six.all(SUMMARY)),
            loopback=read_loopback(text, process),
        )
    return found


def _read_flex_algos(text: Section) -> FlexAlgos | None:
    if not text.has(AFFINITY_MAP):
        return None
    definitions = tuple(_definition(number, section) for (number,), section in text.each(DEFINITION))
    return FlexAlgos(tuple(text.under(AFFINITY_MAP).all(AFFINITY)), definitions)


def _definition(number: int, section: Section) -> FlexAlgoDefinition:
    return FlexAlgoDefinition(number, section.value(METRIC, "igp"), tuple(section.value(EXCLUDE, "").split()), section.value(PRIORITY, 128))

"""SRv6 locators and SRv6-TE policies. Sources: H3C CR16000-F command reference, "SRv6 commands" and "SRv6 TE policy commands".

How Comware 9 writes a NEXT-C-SID locator stands in no page that was read; that H3C CR16000 does F3216 is shown by the EANTC interoperability tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Locator, SegmentList, Sid, Srv6, Te, TePolicy

form = forms("SRv6 commands")
SRV6 = form("segment-routing ipv6")
SOURCE = form("encapsulation source-address {address:ip}")
LOCATOR = form("locator {name} ipv6-prefix {address:ip} {length:int} next block 32 static 8")
LOCATOR_FLEX = form("locator {name} ipv6-prefix {address:ip} {length:int} next block 32 static 8 flex-algo {number:int}")
END = form("opcode hex {function:hex} end")
DT6 = form("opcode hex {function:hex} end-dt6")
DT46 = form("opcode hex {function:hex} end-dt46 vpn-instance {vrf}")
te_form = forms("SRv6 TE policy commands")
TE = te_form("traffic-engineering")
TE_LOCATOR = te_form("srv6-policy locator {name}")
LIST = te_form("segment-list {name}")
INDEX = te_form("index {number:int} ipv6 {sid:ip}")
POLICY = te_form("policy {name}")
COLOUR = te_form("color {colour:int} end-point ipv6 {endpoint:ip}")
PATHS = te_form("candidate-paths")
PREFERENCE = te_form("preference {preference:int}")
EXPLICIT = te_form("explicit segment-list {name}")


def render(config: DeviceConfig) -> Iterator[Line]:
    srv6 = config.srv6
    if srv6 is None:
        return
    at = srv6.origin
    yield SRV6(0, at)
    yield SOURCE(1, at, srv6.source)
    for locator in srv6.locators:
        address, _, length = locator.prefix.partition("/")
        if locator.algorithm:
            yield LOCATOR_FLEX(1, locator.origin, locator.name, address, length, locator.algorithm)
        else:
            yield LOCATOR(1, locator.origin, locator.name, address, length)
        for sid in locator.sids:
            yield _opcode(sid)
    if config.te:
        yield from _te(config.te)


def _opcode(sid: Sid) -> Line:
    function = f"{sid.function:x}"
    if sid.behavior == "end":
        return END(2, sid.origin, function)
    return DT46(2, sid.origin, function, sid.vrf) if sid.vrf else DT6(2, sid.origin, function)


def _te(te: Te) -> Iterator[Line]:
    yield TE(1, te.origin)
    yield TE_LOCATOR(2, te.origin, te.locator)
    for row in te.lists:
        yield LIST(2, row.origin, row.name)
        for number, sid in enumerate(row.sids, 1):
            yield INDEX(3, row.origin, 10 * number, sid)
    for policy in te.policies:
        yield POLICY(2, policy.origin, policy.name)
        yield COLOUR(3, policy.origin, policy.colour, policy.endpoint)
        yield PATHS(3, policy.origin)
        for preference, name in policy.paths:
            yield PREFERENCE(4, policy.origin, preference)
            yield EXPLICIT(5, policy.origin, name)


def read(text: Section) -> dict[str, Any]:
    """Nothing of it where no locator is an F3216 one."""
    return text.attempt(_read)


def _read(text: Section) -> dict[str, Any]:
    srv6 = text.under(SRV6)
    locators = [Locator(name, f"{address}/{length}", 0, _read_sids(s)) for (name, address, length), s in srv6.each(LOCATOR)]
    locators += [Locator(name, f"{address}/{length}", number, _read_sids(s)) for (name, address, length, number), s in srv6.each(LOCATOR_FLEX)]
    if not locators:
        return {}
    found: dict[str, Any] = {"srv6": Srv6(srv6.value(SOURCE, ""), tuple(locators))}
    te = srv6.under(TE)
    if locator := te.value(TE_LOCATOR):
        lists = tuple(one for (name,), s in te.each(LIST) if (one := _read_list(name, s)))
        policies = tuple(policy for (name,), s in te.each(POLICY) if (policy := _read_policy(name, s)))
        found["te"] = Te(locator, lists, policies)
    return found


def _read_list(name: str, section: Section) -> SegmentList | None:
    """None for a list with segments that the model cannot hold."""
    sids = tuple(sid for _, sid in sorted(section.all(INDEX)))
    return None if section.leave_unless_whole() else SegmentList(name, sids)


def _read_policy(name: str, section: Section) -> TePolicy | None:
    colour, endpoint = section.one(COLOUR) or (0, "")
    paths = tuple((preference, path.value(EXPLICIT, "")) for (preference,), path in section.under(PATHS).each(PREFERENCE))
    return None if section.leave_unless_whole() else TePolicy(name, endpoint, colour, paths)


def _read_sids(section: Section) -> tuple[Sid, ...]:
    sids = [Sid(int(function, 16), "end") for (function,) in section.all(END)]
    sids += [Sid(int(function, 16), "end-dt6") for (function,) in section.all(DT6)]
    return (*sids, *(Sid(int(function, 16), "end-dt46", vrf) for function, vrf in section.all(DT46)))

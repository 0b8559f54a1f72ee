"""SRv6 locators in 16-bit compression (NEXT-C-SID), and SRv6-TE policies.

Sources: NE40E configuration guide, "Configuring SRv6 SIDs" and "Configuring an SRv6 TE Policy" (16-bit compression) and "Configuring the 16-Bit Compressed
Dynamic SID Function for EVPN" (`compress-16 [ next-mode ] enable`). Its examples enable compress-16 without `next-mode`, where a node's SID has the flavors
COC and NEXT; the design has NEXT alone, as FRR's nodes do, and so have its segments. A locator without compress-16 is no F3216 one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Locator, SegmentList, Sid, Srv6, Te, TePolicy

form = forms("Segment Routing IPv6")
SRV6 = form("segment-routing ipv6")
SOURCE = form("encapsulation source-address {address:ip}")
compress_form = forms("16-bit SRv6 compression")
COMPRESS = compress_form("compress-16 next-mode enable")
LOCATOR = compress_form("locator {name} compress-16 ipv6-prefix {address:ip} {length:int} compress-static 8 static 32")
LOCATOR_FLEX = compress_form("locator {name} compress-16 ipv6-prefix {address:ip} {length:int} compress-static 8 static 32 flex-algo {number:int}")
END = compress_form("opcode compress ::{function:hex} end psp-usd-next")
DT6 = compress_form("opcode compress ::{function:hex} end-dt6 next")
DT46 = compress_form("opcode compress ::{function:hex} end-dt46 vpn-instance {vrf} next")
te_form = forms("SRv6 TE Policy")
TE_LOCATOR = te_form("srv6-te-policy locator {name}")
LIST = te_form("segment-list {name}")
INDEX = te_form("index {number:int} sid ipv6 {sid:ip} compress-16 block 32 node-length 16 function-length 0 compress-flavor next")
POLICY = te_form("srv6-te policy {name} endpoint {endpoint:ip} color {colour:int}")
PATH = te_form("candidate-path preference {preference:int}")
PATH_LIST = te_form("segment-list {name}")


def render(config: DeviceConfig) -> Iterator[Line]:
    srv6 = config.srv6
    if srv6 is None:
        return
    at = srv6.origin
    yield SRV6(0, at)
    yield COMPRESS(1, at)
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
    yield TE_LOCATOR(1, te.origin, te.locator)
    for row in te.lists:
        yield LIST(1, row.origin, row.name)
        for number, sid in enumerate(row.sids, 1):
            yield INDEX(2, row.origin, 10 * number, sid)
    for policy in te.policies:
        yield POLICY(1, policy.origin, policy.name, policy.endpoint, policy.colour)
        for preference, name in policy.paths:
            yield PATH(2, policy.origin, preference)
            yield PATH_LIST(3, policy.origin, name)


def read(text: Section) -> dict[str, Any]:
    """Nothing of it where no locator is an F3216 one."""
    return text.attempt(_read)


def _read(text: Section) -> dict[str, Any]:
    srv6 = text.under(SRV6)
    srv6.has(COMPRESS)
    locators = [Locator(name, f"{address}/{length}", 0, _read_sids(s)) for (name, address, length), s in srv6.each(LOCATOR)]
    locators += [Locator(name, f"{address}/{length}", number, _read_sids(s)) for (name, address, length, number), s in srv6.each(LOCATOR_FLEX)]
    if not locators:
        return {}
    found: dict[str, Any] = {"srv6": Srv6(srv6.value(SOURCE, ""), tuple(locators))}
    if locator := srv6.value(TE_LOCATOR):
        lists = tuple(one for (name,), s in srv6.each(LIST) if (one := _read_list(name, s)))
        policies = tuple(policy for values, s in srv6.each(POLICY) if (policy := _read_policy(values, s)))
        found["te"] = Te(locator, lists, policies)
    return found


def _read_list(name: str, section: Section) -> SegmentList | None:
    """None for a list with segments that the model cannot hold."""
    sids = tuple(sid for _, sid in sorted(section.all(INDEX)))
    return None if section.leave_unless_whole() else SegmentList(name, sids)


def _read_policy(values: tuple[Any, ...], section: Section) -> TePolicy | None:
    name, endpoint, colour = values
    paths = tuple((preference, path.value(PATH_LIST, "")) for (preference,), path in section.each(PATH))
    return None if section.leave_unless_whole() else TePolicy(name, endpoint, colour, paths)


def _read_sids(section: Section) -> tuple[Sid, ...]:
    sids = [Sid(int(function, 16), "end") for (function,) in section.all(END)]
    sids += [Sid(int(function, 16), "end-dt6") for (function,) in section.all(DT6)]
    return (*sids, *(Sid(int(function, 16), "end-dt46", vrf) for function, vrf in section.all(DT46)))

"""IS-IS level 2 with SRv6. Source: FRR user guide, "ISIS", sections SRv6 and SPF delay (RFC 8405)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import DeviceConfig, Isis
from netconf.vendors.frr.interfaces import LEVEL, ROUTER, isis_process, read_loopback

form = forms("ISIS")
NET = form("net {net}")
LSP = form("lsp-timers gen-interval 1 refresh-interval 900 max-lifetime 1200")
SPF = form("spf-delay-ietf init-delay 50 short-delay 200 long-delay 1000 holddown 2000 time-to-learn 500")
SRV6 = form("segment-routing srv6")
LOCATOR = form("locator {name}")
EXIT = form("exit")


def render(config: DeviceConfig) -> Iterator[Line]:
    isis = config.isis
    if isis is None:
        return
    at = isis.origin
    yield ROUTER(0, at, isis.process)
    yield LEVEL(1, at)
    yield NET(1, at, isis.net)
    yield LSP(1, at)
    yield SPF(1, at)
    if isis.locators:
        yield SRV6(1, at)
        yield from (LOCATOR(2, at, name) for name in isis.locators)
        yield EXIT(1, at)
    yield EXIT(0, at)


def read(text: Section) -> dict[str, Any]:
    process = isis_process(text)
    for _, section in text.each(ROUTER, process.__eq__):
        for line in (LEVEL, LSP, SPF):
            section.has(line)
        names = tuple(name for (name,) in section.under(SRV6).all(LOCATOR))
        return {"isis": Isis(process, section.value(NET, ""), names, loopback=read_loopback(text, process))}
    return {}

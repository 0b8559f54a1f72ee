"""IS-IS level 2 with SRv6. Source: FRR user guide, "ISIS", sections SRv6 and SPF delay (RFC 8405)."""

from __future__ import annotations

from collections.abc import Iterator

from netconf.model.device import Isis


def render(isis: Isis) -> Iterator[str]:
    yield f"router isis {isis.process}"
    yield " is-type level-2-only"
    yield f" net {isis.net}"
    yield " lsp-timers gen-interval 1 refresh-interval 900 max-lifetime 1200"
    yield " spf-delay-ietf init-delay 50 short-delay 200 long-delay 1000 holddown 2000 time-to-learn 500"
    yield " segment-routing srv6"
    yield f"  locator {isis.locator}"
    yield " exit"
    yield "exit"

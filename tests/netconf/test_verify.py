"""Live checks with routers in memory: what is asked of them, and what is made of their answers."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.model import Estate
from netconf.design import design
from netconf.ssh import Result
from netconf.verify import live
from netconf.verify.live import Flow, isolation_checks, ways, withdrawal_check
from netconf.verify.model import planned_path


@dataclass
class Router:
    """`reach`: by VRF, what answers a ping from there."""

    vrf: bool = True
    reach: dict[str, set[str]] = field(default_factory=dict)
    probes: int = 0

    def run(self, line: str, stdin: str = "", check: bool = True) -> Result:
        if "xyprobe" in line:
            self.probes += 1
            return Result(0, "yes\n" if self.vrf else "", "")
        vrf = line.partition("-I ")[2].partition(" ")[0]
        return Result(0, "\n".join(self.reach[vrf] & set(stdin.split())), "")


def routers(estate: Estate) -> Any:
    """The pilot, each router's VRFs reaching what is in the same VPN."""
    network = design(estate).network
    inside: dict[str, set[str]] = {}
    for node in network.nodes.values():
        for a in node.attachments:
            inside.setdefault(a.vpn or "", set()).add(a.address.partition("/")[0])
    shells = {node.device: Router(reach={v.vrf: set(inside[v.vpn]) for v in node.vpns}) for node in network.nodes.values()}
    return SimpleNamespace(network=network, shells=shells)


def test_a_vpn_reaches_itself_and_no_other(estate: Estate) -> None:
    pilot = routers(estate)
    checks = isolation_checks(pilot)
    assert len(checks) == 8  # two routers, two VPNs at each, and two LANs at the other
    assert all(check.ok for check in checks)
    assert {device: shell.probes for device, shell in pilot.shells.items() if shell.probes} == {"device:cs-pe-1": 1, "device:zz-pe-1": 1}


def test_a_leak_and_a_gap_between_sites_are_found(estate: Estate) -> None:
    pilot = routers(estate)
    own, other = (next(v.vrf for v in pilot.network.nodes["device:cs-pe-1"].vpns if v.vpn == vpn) for vpn in ("vpn:hn-hrss", "vpn:hn-water"))
    reach = pilot.shells["device:cs-pe-1"].reach
    reach[own], reach[other] = reach[own] | reach[other], set()
    wrong = [(check.name, check.detail) for check in isolation_checks(pilot) if not check.ok]
    assert wrong == [
        ("vpn:hn-hrss at cs-pe-1 does not reach lan:zz-water", "2001:db8:4302:40::1 answers"),
        ("vpn:hn-water at cs-pe-1 reaches lan:zz-water", "2001:db8:4302:40::1 is silent"),
    ]


def test_isolation_is_not_claimed_without_vrfs(estate: Estate) -> None:
    pilot = routers(estate)
    pilot.shells["device:zz-pe-1"].vrf = False
    assert [check.ok for check in isolation_checks(pilot)] == [True] * 4 + [None] * 2


DUMP = """\
listening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes
21:18:40.550702 eth3  Out IP6 fd00::c > 5f00:4300:3:fe06::: RT6 (len=2, type=4, segleft=0, last-entry=0, tag=0, [0]5f00:4300:3:fe06::) \
IP6 2001:db8::10.56840 > 2001:db8:c20::f1.22: Flags [S], seq 3063504064, win 64800, length 0
21:18:41.117403 eth13 In  IP6 fd00::7 > 5f00:4300:3:fe06::: RT6 (len=2, type=4, segleft=0, last-entry=0, tag=0, [0]5f00:4300:3:fe06::) \
IP6 2001:db8:4310:10::f1.48682 > 2001:db8:c20::f1.5201: Flags [P.], seq 1:64260, ack 1, win 64, length 64260
21:18:41.117419 eth4  Out IP6 fd00::7 > 5f00:4300:3:fe06::: IP6 2001:db8:4310:10::f1.48682 > 2001:db8:c20::f1.5201: Flags [P.], seq 1:64260, length 64260
"""


def test_the_way_of_a_transfer_is_not_that_of_a_login_to_the_same_host() -> None:
    assert ways(DUMP, IPv6Address("2001:db8:c20::f1")) == {("eth13", "In"), ("eth4", "Out")}


def test_a_sid_that_the_router_does_not_have_is_not_withdrawn(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rolling back a commit of nothing would take back the push before it."""

    class Driver:
        def load_merge_candidate(self, config: str) -> None:
            pass

        def compare_config(self) -> str:
            return ""

    monkeypatch.setattr(live, "connect", lambda *_: nullcontext())
    monkeypatch.setattr(live, "_reaches", lambda *_: True)
    path = planned_path(design(estate).network, "lan:cl-room", "lan:hn-cloud")
    flow = Flow("asset:430224-0001", "asset:430000-0002", IPv6Address("2001:db8:4300:c10::fe"), path)
    check = withdrawal_check(SimpleNamespace(access=SimpleNamespace(host=lambda _: None)), flow, Driver(), "no sid", print)  # type: ignore[arg-type]
    assert (check.ok, check.detail) == (False, "traffic arrives, and the router does not have that SID")

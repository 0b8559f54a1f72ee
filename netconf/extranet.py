"""The use cases behind `xiangyun net`: compare, push, verify and finish, for a plan and the logins of its devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from inventory.access import Access
from inventory.errors import InputError, XiangyunError
from inventory.model import Estate
from ledger import Ledger
from netconf.compile import compile_device
from netconf.model.network import Network
from netconf.plan import Plan, pushed, pushing, require_accepted
from netconf.push.transaction import Fleet, Outcome, Target
from netconf.ssh import connect
from netconf.vendors import render
from netconf.verify.live import Check, Flow, Live, bulk_checks, has_vrf, isolation_checks, withdrawal_check
from netconf.verify.model import mtu_faults, planned_path

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DeviceDiff:
    """The ordered commands of one device; empty when it runs what is intended."""

    device: str
    commands: str


class Extranet:
    """A plan's network and the way to its devices."""

    def __init__(self, estate: Estate, plan: Plan, access: Access, state: Path, say: Say) -> None:
        self.estate, self.plan, self.access, self.state, self.say = estate, plan, access, state, say

    @property
    def network(self) -> Network:
        return self.plan.network

    def open_driver(self, device: str) -> Any:
        """An opened NAPALM driver of the device's vendor, on a session whose host key was checked."""
        from napalm import get_network_driver

        node = self.estate.devices[device]
        login = self.access.device(device)
        driver = get_network_driver(node.vendor)(login.host, login.user, "", optional_args={"shell": connect(device, login, self.access)})
        driver.open()
        return driver

    def intended(self, device: str, driver: Any) -> str:
        """The device's intended text; without department VPNs where its kernel has no VRFs, with its VRF devices made where it has."""
        config = compile_device(self.network, device)
        if config.vrfs:
            if has_vrf(driver.shell):
                driver.prepare_vrfs((v.name, v.table, [i.name for i in config.interfaces if i.vrf == v.name]) for v in config.vrfs)
            else:
                config = compile_device(self.network, device, vrf=False)
        return render(config)

    def diffs(self, devices: list[str]) -> list[DeviceDiff]:
        """Running against intended, device by device; nothing is changed. Devices that cannot be asked are named all at once."""

        def one(device: str) -> DeviceDiff:
            driver = self.open_driver(device)
            try:
                driver.load_replace_candidate(config=self.intended(device, driver))
                return DeviceDiff(device, driver.compare_config())
            finally:
                driver.close()

        return _all(one, devices)

    def push(self, timer_s: int, wait_s: float = 0) -> Outcome:
        """Push the accepted plan as one transaction, after up to `wait_s` seconds for another one to end.

        Raises InputError when it is not the accepted one, PushError when it failed.
        """
        require_accepted(self.plan, self.state)
        targets = [Target(device, partial(self.intended, device)) for device in self.order()]
        pushing(self.plan, self.state)
        outcome = self._fleet(wait_s).push(targets, self.plan.digest, self._control_plane_faults, timer_s)
        if not outcome.changed:  # they run it already
            pushed(self.plan.digest, self.state)
        return outcome

    def _fleet(self, wait_s: float = 0) -> Fleet:
        return Fleet(self.state, self.open_driver, self.say, self._confirmed, wait_s)

    def _confirmed(self, txn: str, digest: str, devices: list[str]) -> None:
        """Every device has it: from here it is what is applied, and the ledger says so, once."""
        pushed(digest, self.state)
        ledger = Ledger(self.state)
        if not any(entry.what == "net.push" and entry.note.startswith(f"{txn}:") for entry in ledger.entries()):
            ledger.record(what="net.push", on=f"scope:{self.plan.scope or 'all'}", after=digest, note=f"{txn}: {', '.join(devices)}")

    def _control_plane_faults(self) -> list[str]:
        with Live(self.network, self.access) as live:
            return live.wait()

    def recover(self, *, abort: bool) -> str:
        """Finish an interrupted push."""
        return self._fleet().recover(abort=abort)

    def order(self) -> list[str]:
        """Far ends before near ends, seen from where operations stand, so that a push never cuts off what it still has to reach."""
        start = next((lan.device for lan in self.estate.lans.values() if lan.kind == "operations"), None)
        distance = {start: 0} if start else {}
        queue = list(distance)
        for here in queue:
            for port in self.network.nodes[here].ports:
                if port.peer not in distance:
                    distance[port.peer] = distance[here] + 1
                    queue.append(port.peer)
        return sorted(self.network.nodes, key=lambda d: (-distance.get(d, len(self.network.nodes)), d))

    # verify

    def flows(self) -> list[Flow]:
        """From each machine room to each cloud of the scope: the first host of either that can be logged in to."""
        hosts = {a.lan: a for a in sorted(self.estate.assets.values(), key=lambda a: a.id, reverse=True) if a.lan and a.address and a.id in self.access.hosts}
        lans = sorted(self.estate.lans.values(), key=lambda lan: lan.id)
        planned = {a.lan for node in self.network.nodes.values() for a in node.attachments}
        flows = []
        for room in (lan for lan in lans if lan.kind == "room" and lan.id in hosts and lan.id in planned):
            for cloud in (lan for lan in lans if lan.kind == "cloud" and lan.id in hosts):
                target = hosts[cloud.id]
                assert target.address
                flows.append(Flow(hosts[room.id].id, target.id, target.address, planned_path(self.network, room.id, cloud.id)))
        return flows

    def verify(self, *, negative: bool) -> Iterator[Check]:
        """All checks, in order; later ones need earlier ones, but each is reported."""
        lan_mtu = max((lan.mtu for lan in self.estate.lans.values()), default=1500)
        yield _check("planned MTU holds the encapsulation", mtu_faults(self.network, lan_mtu))
        with Live(self.network, self.access) as live:
            yield _check("IS-IS adjacencies, BGP sessions and SIDs", live.wait(30))
            yield _check("measured MTU holds the encapsulation", live.mtu(lan_mtu))
            flows = self.flows()
            if not flows:
                yield Check("traffic from a machine room to a cloud", None, "not run: no room and cloud of this scope have hosts that can be logged in to")
            for flow in flows:
                self.say(f"send from {flow.source} to {flow.target}")
                yield from bulk_checks(live, flow)
            if negative:
                for flow in {flow.path.sid: flow for flow in flows}.values():
                    yield self._without_sid(live, flow)
            yield from isolation_checks(live)

    def _without_sid(self, live: Live, flow: Flow) -> Check:
        from napalm.base.exceptions import CommitError, MergeConfigException

        egress = flow.path.hops[-1].device
        driver = self.open_driver(egress)
        try:
            lines = f"router bgp {self.network.asn}\n address-family ipv6 unicast\n  no sid export explicit {flow.path.sid}\n"
            return withdrawal_check(live, flow, driver, lines, self.say)
        except (CommitError, MergeConfigException) as error:
            raise XiangyunError(f"the SID cannot be withdrawn for a moment: {error}") from error
        finally:
            driver.close()


def _check(name: str, faults: list[str]) -> Check:
    return Check(name, not faults, "; ".join(faults[:5]) + (f" and {len(faults) - 5} more" if len(faults) > 5 else "") if faults else "all as planned")


def _all(one: Callable[[str], Any], devices: list[str]) -> list[Any]:
    """`one` for every device, eight at a time; all faults in one error."""
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(one, device) for device in devices]
    faults = [error for future in futures if (error := future.exception())]
    if faults:
        kind = InputError if all(isinstance(f, InputError) for f in faults) else XiangyunError
        raise kind("; ".join(sorted({" ".join(str(f).split()) for f in faults})))
    return [future.result() for future in futures]

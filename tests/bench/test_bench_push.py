"""The pilot's largest change, its routers' first configuration, by our push and by netmiko typing the same lines to the same routers.

Ours checks each candidate, leaves a timer and a way back on the router, reads back, waits until the control plane is as planned, and only then confirms.
netmiko waits for the echo of each line, as it does by default, and looks at nothing afterwards; that its routers are as intended is checked here.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import pytest
from netmiko import ConnectHandler

from inventory.access import load_access
from inventory.edit import append_rows
from inventory.load import load_estate
from inventory.scope import scoped
from netconf import plan as plans
from netconf.extranet import Extranet
from netconf.push.transaction import WORKERS
from tests.bench.clock import seconds
from tests.bench.registry import Record
from tests.lab.pilot import Pilot

pytestmark = pytest.mark.bench
SCOPE = "pilot"
PEER = "netmiko typing the same lines"
TIMER_S = 180


class Push:
    """The accepted plan of the pilot, its lines per router, and the three ways: there by us, there by netmiko, back."""

    def __init__(self, pilot: Pilot) -> None:
        made = plans.make_plan(scoped(load_estate(pilot.estate), SCOPE), SCOPE, pilot.state)
        append_rows(pilot.estate, "allocations", [row.model_dump(mode="json") for row in made.new])
        estate = scoped(load_estate(pilot.estate), SCOPE)
        made = plans.make_plan(estate, SCOPE, pilot.state)
        plans.accept(made, pilot.state)
        self.marks: list[tuple[str, float]] = []
        self.extranet = Extranet(estate, made, load_access(pilot.state), pilot.state, self._mark)
        self.devices = self.extranet.order()
        self.before = {device: self._running(device) for device in self.devices}
        self.lines = {diff.device: diff.commands.splitlines() for diff in self.extranet.diffs(self.devices)}

    def _mark(self, line: str) -> None:
        self.marks.append((line.partition(":")[0], time.perf_counter()))

    def _running(self, device: str) -> str:
        driver = self.extranet.open_driver(device)
        try:
            return str(driver.get_config("running")["running"])
        finally:
            driver.close()

    def fleet(self) -> float:
        """Push all by one transaction; seconds of it that were spent waiting for the control plane."""
        self.marks.clear()
        assert len(self.extranet.push(TIMER_S).changed) == len(self.devices)
        return sum(end - start for (word, start), (_, end) in pairwise(self.marks) if word == "verify")

    def ours(self, device: str) -> None:
        """One router: candidate, timed commit, confirmation."""
        driver = self.extranet.open_driver(device)
        try:
            driver.load_replace_candidate(config=self.extranet.intended(device, driver))
            driver.commit_config(message="bench", revert_in=TIMER_S)
            driver.confirm_commit()
        finally:
            driver.close()

    def netmiko(self, device: str) -> None:
        login = self.extranet.access.device(device)
        assert login.key_file
        session = ConnectHandler(
            device_type="cisco_ios", host=login.host, port=login.port, username="netops", use_keys=True, key_file=str(login.path(login.key_file))
        )
        try:
            session.send_config_set([line.strip() for line in self.lines[device]])
            session.save_config()
        finally:
            session.disconnect()

    def back(self, device: str) -> None:
        """To what ran before, saved."""
        driver = self.extranet.open_driver(device)
        try:
            driver.load_replace_candidate(config=self.before[device])
            driver.commit_config(message="bench")
        finally:
            driver.close()

    def each(self, work: Callable[[str], None]) -> None:
        """All routers, as many at a time as a push takes."""
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(work, self.devices))

    def arrived(self) -> None:
        """Every router runs what is intended; then all go back."""
        assert not [diff.device for diff in self.extranet.diffs(self.devices) if diff.commands]
        self.each(self.back)


@pytest.fixture(scope="module")
def push(pilot: Pilot) -> Iterator[Push]:
    made = Push(pilot)
    yield made
    made.each(made.back)


def test_push_of_all_routers(record: Record, push: Push) -> None:
    waited = 0.0

    def ours() -> None:
        nonlocal waited
        waited = push.fleet()

    took = seconds(ours)
    push.arrived()
    typed = seconds(lambda: push.each(push.netmiko))
    push.arrived()
    name = f"push, {len(push.devices)} routers, {sum(map(len, push.lines.values()))} lines"
    record(f"{name}, in all", took, "s")
    record(f"{name}, without the wait for the control plane", took - waited, "s", peer=PEER, peer_value=typed)
    record(f"{name}, beside netmiko", (took - waited) / typed, "ratio", goal=1.0, peer=PEER, peer_value=typed)


def test_push_of_one_router(record: Record, push: Push) -> None:
    ours = {device: seconds(partial(push.ours, device)) for device in push.devices}
    push.arrived()
    typed = {device: seconds(partial(push.netmiko, device)) for device in push.devices}
    push.arrived()
    record("push, one router, median", statistics.median(ours.values()), "s", peer=PEER, peer_value=statistics.median(typed.values()))
    largest = max(push.devices, key=lambda device: (len(push.lines[device]), device))
    lines = len(push.lines[largest])
    record(f"push, largest router, {lines} lines", ours[largest], "s", peer=PEER, peer_value=typed[largest])
    record("push, largest router, beside netmiko", ours[largest] / typed[largest], "ratio", goal=1.0, peer=PEER, peer_value=typed[largest])

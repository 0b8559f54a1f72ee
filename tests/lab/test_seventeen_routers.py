"""The backbone at its full number of routers: two cores, an edge in each of the 14 cities and the HPC gateway, all of them real FRR.

In this order; later tests stand on what earlier ones did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from inventory.access import load_access
from inventory.load import load_estate
from inventory.model import Asset
from inventory.scope import scoped
from netconf.compile import compile_device
from netconf.extranet import Extranet
from netconf.model.device import DeviceConfig
from netconf.plan import make_plan
from netconf.ssh import connect
from netconf.vendors import render
from netconf.vendors.frr import VENDOR
from netconf.verify.live import Live, answering, has_vrf
from tests.lab.backbone import SCOPE, backbone
from tests.lab.job import Job, wait
from tests.lab.pilot import HUNAN
from tests.netconf.test_frr import printed

pytestmark = pytest.mark.lab
IN = ("--scope", SCOPE)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    job = Job(backbone(HUNAN, tmp_path_factory.mktemp("backbone") / "hunan"))
    try:
        job.run("lab", "up", *IN, "--only", "extranet")
        yield job
    finally:
        job.run("lab", "down")


@pytest.fixture(scope="module")
def extranet(job: Job) -> Extranet:
    state = job.estate / ".xiangyun"
    estate = scoped(load_estate(job.estate), SCOPE)
    return Extranet(estate, make_plan(estate, SCOPE, state), load_access(state), state, print)


def test_the_plan_is_pushed_and_then_there_is_nothing_to_do(job: Job) -> None:
    job.run("net", "plan", *IN, "--accept")
    assert "17 devices changed" in job.run("net", "push", *IN, "--yes")
    assert "nothing to do" in job.run("net", "push", *IN, "--yes")


def test_every_configuration_loads_and_reads_back_as_intended(extranet: Extranet) -> None:
    """What a router runs, and then its whole text, which without VRF devices is more: the VPNs too load, though they carry nothing."""

    def check(device: str) -> bool:
        driver = extranet.open_driver(device)
        try:
            whole = compile_device(extranet.network, device)
            assert running(driver, whole) == unordered(whole if has_vrf(driver.shell) else compile_device(extranet.network, device, vrf=False))
            driver.load_replace_candidate(config=render(whole))
            if driver.compare_config():
                driver.commit_config(revert_in=60)
                try:
                    assert running(driver, whole) == unordered(whole)
                finally:
                    driver.rollback()
        finally:
            driver.close()
        return bool(whole.vrfs)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(check, extranet.network.nodes)) == 14


def running(driver: Any, config: DeviceConfig) -> DeviceConfig:
    read, left = VENDOR.read(config.device, config.model, VENDOR.parse(driver.get_config("running")["running"]))
    assert left == []
    return unordered(read)


def unordered(config: DeviceConfig) -> DeviceConfig:
    """FRR prints eth2 before eth10."""
    return replace(printed(config), interfaces=tuple(sorted(printed(config).interfaces, key=lambda i: i.name)))


def test_every_city_reaches_the_hpc_centre_along_the_planned_path_and_not_without_its_sid(job: Job) -> None:
    said = job.run("net", "verify", *IN, "--negative")
    assert said.count("20 MB over TCP") == len(re.findall(r"seen at (\S+) → hn-core-1 → hn-hpc-1, and at no other router", said)) == 14
    assert "stopped within the limit, and flowed again" in said
    for check in ("IS-IS adjacencies, BGP sessions and SIDs", "measured MTU holds the encapsulation"):
        assert f"{check}: all as planned" in said


def test_every_city_reaches_every_other(extranet: Extranet) -> None:
    def silent(host: Asset) -> set[str]:
        with connect(host.id, extranet.access.host(host.id), extranet.access) as shell:
            return addresses - answering(shell, str(host.address), sorted(addresses))

    hosts = [asset for asset in extranet.estate.assets.values() if asset.id in extranet.access.hosts]
    addresses = {str(host.address) for host in hosts}
    assert len(addresses) == 16  # of 14 cities, the HPC centre and operations
    with ThreadPoolExecutor(8) as pool:
        assert {host.id: found for host, found in zip(hosts, pool.map(silent, hosts), strict=True) if found} == {}


def test_the_second_core_carries_when_the_link_to_the_first_is_cut(extranet: Extranet) -> None:
    flow = next(flow for flow in extranet.flows() if flow.path.hops[0].device == "device:xx-pe-1")
    with Live(extranet.network, extranet.access) as live, connect(flow.source, extranet.access.host(flow.source), extranet.access) as source:
        cut = live.shells["device:xx-pe-1"]
        cut.run("sudo -n ip link set eth1 down")
        try:
            wait(lambda: bool(answering(source, "eth0", [str(flow.address)])), 20, "the other core does not take over")
            _, seen = live.transfer(flow)
            assert {device for device, found in seen.items() if found} == {"device:xx-pe-1", "device:hn-core-2", "device:hn-hpc-1"}
        finally:
            cut.run("sudo -n ip link set eth1 up")
        assert live.wait() == []

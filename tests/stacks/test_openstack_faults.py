"""A bad day on a real OpenStack: every request that changes something goes wrong once. Nothing is made twice and nothing is lost: the truth is the cloud's."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pulumi
import pytest

from stacks.components import resources as r
from stacks.engine import Stack, StackError
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.memory import records
from tests.stacks.proxy import proxy

pytestmark = pytest.mark.lab
RUNS = 8  # so many at most, until all is made


def program() -> None:
    """One of each kind of create: with a description, without one, found by its name, set rather than made, with a body of several calls."""
    domain = r.Domain("domain", name="bad-day")
    project = r.Project("project", name="bad-day", domain=domain.id)
    r.NetworkQuota("quota", project=project.id, networks=7, ports=9)
    r.Flavor("flavor", name="bad-day", vcpus=1, memoryMib=64, diskGib=1, extraSpecs={"a": "b"})
    r.Aggregate("aggregate", name="bad-day", metadata={"zone": "x"})
    r.Trait("trait", name="CUSTOM_BAD_DAY")
    network = r.Network("network", name="bad-day", project=project.id)
    subnet = r.Subnet("subnet", name="bad-day", network=network.id, cidr="10.7.0.0/24", gateway="10.7.0.1")
    r.Port("port", name="bad-day", network=network.id, subnet=subnet.id, address="10.7.0.9", project=project.id)
    group = r.SecurityGroup("group", name="bad-day", project=project.id)
    for port in (22, 80, 443):
        r.SecurityGroupRule(f"rule-{port}", group=group.id, protocol="tcp", portMin=port, portMax=port)
    router = r.Router("router", name="bad-day", project=project.id)
    r.RouterInterface("foot", router=router.id, subnet=subnet.id)
    r.AddressScope("scope", name="bad-day", ipVersion=6)
    r.ServerGroup("servers", name="bad-day", policy="affinity")
    r.Volume("volume", name="bad-day", sizeGib=1)
    r.Secret("secret", name="bad-day", payload=pulumi.Output.secret("hidden"))
    r.ApplicationCredential("credential", name="bad-day", roles=["reader"])


def there(pilot: Pilot) -> dict[str, set[str]]:
    """What somebody made, by type: not what Neutron adds by itself, which has no marker of ours."""
    cloud = Cloud("province", pilot.state)
    kinds = {token: kind for token, kind in TYPES.items() if cloud.has(kind) and not token.endswith(("Quota", "Traits", "RouterRoutes"))}
    return {token: {one.id for one in cloud.index(kind).values() if one.marker or token.endswith("Trait")} for token, kind in kinds.items()}


@pytest.mark.parametrize(("what", "times"), [("refuse", 99), ("expire", 99), ("break", 99), ("gateway", 99), ("drop", 99), ("hang", 3)])
def test_every_change_goes_wrong_once(pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, times: int) -> None:
    monkeypatch.setattr("stacks.provider.cloud.FIRST_WAIT_S", 0.01)
    monkeypatch.setattr("stacks.provider.cloud.TIMEOUT_S", 10)
    lock, seen, hurt = threading.Lock(), Counter[tuple[str, str]](), Counter[str]()

    def fault(method: str, path: str) -> str:
        if method in ("GET", "HEAD") or "/auth/tokens" in path:
            return ""
        with lock:
            seen[method, path] += 1
            first = seen[method, path] == 1 and hurt.total() < times
            hurt[method] += first
            return what if first else ""

    before = there(pilot)
    stack = Stack("lab", "faults", program, tmp_path, {"xiangyun": lambda: OpenStackProvider(pilot.state)}, {"xiangyun:cloud": "province"}, passphrase="x")
    try:
        with proxy(fault) as address, pytest.MonkeyPatch.context() as environment:
            environment.setenv("http_proxy", address)
            environment.delenv("no_proxy", raising=False)
            for run in range(RUNS):
                try:
                    stack.up()
                    break
                except StackError:
                    assert run < RUNS - 1
        assert hurt.total() >= min(times, 12), "the faults were met"
        after = there(pilot)
        ours = Counter(record["type"] for record in records(stack).values())
        wrong = {token: (len(after[token] - before[token]), ours[token]) for token in after if len(after[token] - before[token]) != ours[token]}
        assert not wrong, f"made and known, of each type where these differ: {wrong}"
        refreshed = {step.urn.split("::")[-1]: step.op for step in stack.refresh().steps if step.op != "same"}
        assert not refreshed, f"the state is not as the cloud is: {refreshed}"
    finally:
        stack.destroy()
    assert there(pilot) == before


def test_a_quota_that_is_exceeded_is_said_and_nothing_is_untrue(pilot: Pilot, tmp_path: Path) -> None:
    def program(limit: int) -> None:
        domain = r.Domain("domain", name="narrow")
        project = r.Project("project", name="narrow", domain=domain.id)
        quota = r.NetworkQuota("quota", project=project.id, networks=limit, ports=9)
        for number in (1, 2):
            r.Network(f"network-{number}", pulumi.ResourceOptions(depends_on=[quota]), name="narrow", project=project.id)

    before = there(pilot)
    provider = {"xiangyun": lambda: OpenStackProvider(pilot.state)}
    narrow, wide = (
        Stack("lab", "quota", lambda limit=limit: program(limit), tmp_path, provider, {"xiangyun:cloud": "province"}, passphrase="x")  # type: ignore[misc]
        for limit in (1, 2)
    )
    try:
        with pytest.raises(
            StackError, match=r"network:Network \(network-[12]\): create failed: Quota exceeded for resources: \['network'\].* \(HTTP 409, request req-"
        ):
            narrow.up()
        made = there(pilot)["xiangyun:network:Network"] - before["xiangyun:network:Network"]
        assert {record["id"] for name, record in records(narrow).items() if name.startswith("network-")} == made
        assert len(made) == 1
        wide.up()
        assert len(there(pilot)["xiangyun:network:Network"] - before["xiangyun:network:Network"]) == 2
    finally:
        wide.destroy()
    assert there(pilot) == before

"""Octavia's types on a real Octavia, whose load balancers become ACTIVE by its own worker on Neutron's ports."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from keystoneauth1 import exceptions as auth

from stacks.components import resources as r
from stacks.engine import Stack
from stacks.provider.balanced import Balanced
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.memory import counts, records

pytestmark = pytest.mark.lab
OURS = {token: kind for token, kind in TYPES.items() if kind.service == "load-balancer"}
LEFT = {**OURS, **{token: TYPES[token] for token in ("xiangyun:network:Port", "xiangyun:network:SecurityGroup")}}


@pytest.fixture
def stack(pilot: Pilot, tmp_path: Path) -> Callable[[Callable[[], None], str], Stack]:
    def build(program: Callable[[], None], name: str) -> Stack:
        config = {"xiangyun:cloud": "province"}
        return Stack("lab", name, program, tmp_path, {"xiangyun": lambda: OpenStackProvider(pilot.state)}, config, passphrase="x")

    return build


def left(pilot: Pilot) -> dict[str, set[str]]:
    """What there is of load balancers, and of what Octavia makes for them in Neutron, which adds each project's default group."""
    cloud = Cloud("province", pilot.state)
    return {token: {one.id for one in cloud.index(kind).values() if one.inputs.get("name") != "default"} for token, kind in LEFT.items()}


def program() -> None:
    network = r.Network("network", name="balanced", type="vxlan")
    subnet = r.Subnet("subnet", name="balanced", network=network.id, cidr="10.9.0.0/24")
    front(subnet.id, False)


def front(subnet: pulumi.Input[str], changed: bool) -> None:
    balancer = r.LoadBalancer("front", name="front", vipSubnet=subnet, description="changed" if changed else "", tags=["b", "a"])
    kept = {"type": "SOURCE_IP"} if changed else {"type": "APP_COOKIE", "cookie_name": "JSESSIONID"}
    pool = r.Pool("pool", name="web", loadBalancer=balancer.id, protocol="HTTP", algorithm="SOURCE_IP" if changed else "ROUND_ROBIN", persistence=kept)
    listener = r.Listener(
        "listener",
        name="web",
        loadBalancer=balancer.id,
        protocol="HTTP",
        port=80,
        pool="" if changed else pool.id,
        allowed=[] if changed else ["10.9.0.0/16"],
        insertHeaders={"X-Forwarded-For": "true"},
        clientTimeout=30_000,
        connectionLimit=100 if changed else -1,
    )
    r.Member("one", pool=pool.id, address="10.9.0.101", port=8080, subnet=subnet, weight=0 if changed else 5)
    r.Member("two", pool=pool.id, address="10.9.0.102", port=8081 if changed else 8080)
    r.HealthMonitor("monitor", pool=pool.id, type="HTTP", delay=5, timeout=3, retries=3, path="/alive" if changed else "")
    where = {"action": "REDIRECT_TO_URL", "url": "https://example.org/"} if changed else {"action": "REDIRECT_TO_POOL", "pool": pool.id}
    policy = r.L7Policy("policy", listener=listener.id, **where)
    r.L7Rule("rule", policy=policy.id, type="HEADER", key="X-Old", compare="EQUAL_TO", value="yes" if changed else "no", invert=changed)


def test_the_whole_life_of_every_type(pilot: Pilot, stack: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch) -> None:
    """Made although answers are lost, read back, adopted, changed, replaced, taken away although somebody else did in part."""
    before, made, lock = left(pilot), Counter[str](), threading.Lock()
    real = Balanced.create

    def lose_the_first(self: Balanced, *arguments: Any) -> Any:
        remote = real(self, *arguments)
        with lock:
            made[self.token] += 1
            if made[self.token] == 1:
                raise auth.ConnectFailure("the connection was reset")
        return remote

    monkeypatch.setattr(Balanced, "create", lose_the_first)
    first = stack(program, "first")
    try:
        number = counts(first.up())["create"]
        assert number == 11
        there, known = left(pilot), records(first)
        for token in OURS:
            assert there[token] - before[token] == {record["id"] for record in known.values() if record["type"] == token}, f"{token} made once"
        assert known["front"]["outputs"]["address"].startswith("10.9.0.")
        assert counts(first.refresh()) == {"same": number}, "read back as it was asked for"
        assert counts(first.up()) == {"same": number}
        subnet = known["subnet"]["id"]
        imports = {f"{record['type']}::{name}": record["id"] for name, record in known.items() if record["type"] in OURS}
        adopted, changed = (stack(lambda now=now: front(subnet, now), "second") for now in (False, True))
        try:
            assert counts(adopted.up(imports=imports)) == {"create": 1, "import": 8}, "what the cloud chose is as it is"
            assert counts(adopted.up()) == {"same": 9}
            assert counts(changed.up()) == {"same": 1, "update": 7, "replace": 1}
            assert counts(changed.refresh()) == {"same": 9}
            assert counts(changed.up()) == {"same": 9}
        finally:
            changed.destroy()
    finally:
        first.destroy()  # most of it is gone already
    assert left(pilot) == before

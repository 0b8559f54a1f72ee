"""A cloud of 1,000 resources on a real OpenStack: its first apply by bulk calls and one by one, and the look at it when nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests
from openstack.config import OpenStackConfig
from openstack.connection import Connection

from stacks.components.resources import Flavor, Network, Project, SecurityGroup, SecurityGroupRule, Subnet
from stacks.engine import Stack
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from tests.bench import peer_opentofu
from tests.bench.clock import seconds, side_by_side
from tests.bench.registry import Record
from tests.lab.pilot import Pilot, started

pytestmark = pytest.mark.bench
SHARES = 100  # projects, and so networks, subnets, groups and flavors
RULES = 5  # a group
NUMBER = SHARES * (5 + RULES)
HALF = 0.5
REQUESTS, OWN_S = 10, 2.0
LOOKS = 5
TENTH = 0.1
TOFU = "OpenTofu 1.12 with provider 3.4, measured apart"
TOFU_S, TOFU_REQUESTS = 24.2, 1_101  # median of 9 (13.7 to 32.8) on a lab as this one, two loaded cores


def program(prefix: str) -> None:
    """What units get of a cloud, a hundred times."""
    for n in range(SHARES):
        name = f"{prefix}-{n}"
        project = Project(name, name=name, domain="default")
        network = Network(name, name=name, project=project.id)
        Subnet(name, name=name, network=network.id, cidr=f"2001:db8:{n + 1:x}::/64")
        Flavor(name, name=name, vcpus=1 + n % 8, memoryMib=1024, diskGib=10, extraSpecs={"hw:cpu_policy": "shared"} if n % 2 else {})
        group = SecurityGroup(name, name=name, project=project.id)
        for port in range(RULES):
            SecurityGroupRule(f"{name}-{port}", group=group.id, protocol="tcp", portMin=8000 + port, portMax=8000 + port, remotePrefix="2001:db8::/32")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every request that goes over the wire, logins and discovery included: `METHOD path`."""
    seen: list[str] = []
    send = requests.Session.send

    def count(self: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
        seen.append(f"{request.method} {request.path_url}")
        return send(self, request, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", count)
        yield seen


@contextmanager
def fresh(folder: Path) -> Iterator[Pilot]:
    """An empty cloud. The operator's project owns the subnets, and Neutron gives it a hundred."""
    with started(folder, "cloud") as running:
        sdk = Cloud("province", running.state).sdk
        sdk.network.update_quota(sdk.current_project_id, subnets=-1)
        yield running


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Pilot]:
    with fresh(tmp_path) as running:
        yield running


def stack(cloud: Pilot, name: str, bulk: bool = True) -> Stack:
    provider = partial(OpenStackProvider, cloud.state, bulk=bulk)
    return Stack("bench", name, partial(program, name), cloud.state / "bench", {"xiangyun": provider}, {"xiangyun:cloud": "province"}, passphrase="x")


def five_lists(state: Path) -> Callable[[], None]:
    """The least that reads the same: a login, and five lists as plain JSON."""

    def read() -> None:
        config = OpenStackConfig(config_files=[str(state / "clouds.yaml")], secure_files=[str(state / "secure.yaml")], load_envvars=False)
        conn = Connection(config=config.get_one(cloud="province"))
        found = {
            name: getattr(conn, service).get(path, microversion=version).json()[name]
            for service, name, path, version in (
                ("identity", "projects", "/projects", None),
                ("network", "networks", "/networks", None),
                ("network", "subnets", "/subnets", None),
                ("network", "security_groups", "/security-groups", None),
                ("compute", "flavors", "/flavors/detail?is_public=None", "2.61"),
            )
        }
        assert min(map(len, found.values())) >= SHARES
        assert sum(len(group["security_group_rules"]) for group in found["security_groups"]) >= SHARES * RULES

    return read


def applied(cloud: Pilot, name: str, bulk: bool, parallel: int = 0) -> tuple[float, int]:
    """Seconds and requests of the first apply."""
    ours = stack(cloud, name, bulk)
    with counted() as seen:
        return seconds(lambda: ours.up(parallel=parallel)), len(seen)


def test_a_thousand_resources(record: Record, cloud: Pilot) -> None:
    """Applied by bulk calls; looked at, with nothing else in the cloud; two thousand more applied by a call for each, some at a time and one by one."""
    took, requested = applied(cloud, "bulk", bulk=True)
    look(record, cloud)
    beside, each = applied(cloud, "single", bulk=False)
    alone, _ = applied(cloud, "alone", bulk=False, parallel=1)
    title = f"cloud, first apply, {NUMBER} resources"
    record(title, took, "s")
    for peer, value in (("a call each, as many at a time", beside), ("a call each, one by one", alone)):
        record(f"{title}, beside {peer}", took / value, "ratio", goal=HALF, peer=peer, peer_value=value)
    record(f"{title}, requests", requested, "requests", goal=each * HALF, peer="a call each", peer_value=each)


@pytest.mark.skipif(not peer_opentofu.installed(), reason="needs tofu and terraform-provider-openstack on PATH, which no package registry carries")
def test_beside_opentofu(record: Record, tmp_path: Path) -> None:
    """The same thousand in two clouds alike, one for each: first applies, and then looks in turns."""
    with fresh(tmp_path / "ours") as mine, fresh(tmp_path / "theirs") as theirs:
        ours = stack(mine, "bulk")
        tofu = peer_opentofu.Tofu(tmp_path / "tofu", theirs.state, SHARES, RULES)
        peer = f"OpenTofu {tofu.version()}"
        took, his = seconds(ours.up), seconds(tofu.apply)
        record(f"cloud, first apply, {NUMBER} resources, beside OpenTofu in the same run", took / his, "ratio", peer=peer, peer_value=his)
        took, his = side_by_side(LOOKS, lambda: ours.preview(refresh=True), tofu.plan)
        title = f"cloud, no-op preview with refresh, {NUMBER} resources, beside OpenTofu in the same run"
        record(title, took / his, "ratio", goal=TENTH, peer=peer, peer_value=his)


def look(record: Record, cloud: Pilot) -> None:
    """What has not changed is listed, and nothing else."""
    ours = stack(cloud, "bulk")
    with counted() as seen:
        assert ours.preview(refresh=True).change_summary == {"same": NUMBER + 1}
    peer, bare = "five lists by a bare script", five_lists(cloud.state)
    bare()
    took, peer_value = side_by_side(LOOKS, lambda: ours.preview(refresh=True), bare)
    title = f"cloud, no-op preview with refresh, {NUMBER} resources"
    record(title, took, "s", goal=peer_value + OWN_S, peer=peer, peer_value=peer_value)
    record(f"{title}, beside OpenTofu", took / TOFU_S, "ratio", goal=TENTH, peer=TOFU, peer_value=TOFU_S)
    record(f"{title}, requests", len(seen), "requests", goal=REQUESTS, peer=TOFU, peer_value=TOFU_REQUESTS)

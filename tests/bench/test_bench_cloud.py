"""A cloud of 1,000 resources on a real OpenStack: its first apply by bulk calls and one by one, and the look at it when nothing has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pulumi
import pytest
import requests

from stacks.components.resources import Flavor, Network, Project, SecurityGroup, SecurityGroupRule, Subnet
from stacks.engine import Stack
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from tests.bench.clock import seconds
from tests.bench.registry import Record
from tests.lab.pilot import HUNAN

pytestmark = pytest.mark.bench
SHARES = 100  # projects, and so networks, subnets, groups and flavors
RULES = 5  # a group
NUMBER = SHARES * (5 + RULES)


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
    """Every request that goes over the wire, logins included: `METHOD path`."""
    seen: list[str] = []
    send = requests.Session.send

    def count(self: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
        seen.append(f"{request.method} {request.path_url}")
        return send(self, request, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", count)
        yield seen

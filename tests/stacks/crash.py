"""An update on a real OpenStack whose engine is killed at its operations. What is there afterwards is asked of the cloud's API, not of our state."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

import pytest

from stacks.components import resources as r
from stacks.engine import Stack, StackError
from stacks.engine.deployment import Deployment
from stacks.engine.journal import Journal
from stacks.provider.base import unmarked
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider

Side = Literal["before", "after"]
Moment = Literal["begun", "answered"]  # in the journal and not sent yet; answered by the cloud and not in the journal yet
Operation = tuple[str, str]  # (creating | updating | deleting, URN), as the journal has it
Point = tuple[Operation, Moment]
Sizes = Mapping[str, int]
SIDES: tuple[Side, Side] = ("before", "after")
HUNDRED: Sizes = {"stays": 14, "changed": 2, "replaced": 2, "before": 2, "after": 2}
"""Shares of each kind; a side has all but the other's own. A share is five resources."""
FEW: Sizes = {"stays": 1, "changed": 1, "replaced": 1, "before": 1, "after": 1}
PREFIX = "crash-"
RUNS = 3  # at most, after the killed one; one is enough unless something is wrong
KILL_S = 120


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit has of the cloud: project, network, subnet, security group, rule. Another domain replaces all of it, other words only the rule."""

    name: str
    domain: str = "before"
    words: str = ""

    @property
    def port(self) -> int:
        return 8001 if self.words == "after" else 8000


def shares(side: Side, sizes: Sizes) -> list[Share]:
    own = {"changed": {"words": side}, "replaced": {"domain": side}}
    kinds = [kind for kind in sizes if kind not in SIDES or kind == side]
    return [Share(f"{PREFIX}{kind}-{n}", **own.get(kind, {})) for kind in kinds for n in range(sizes[kind])]


def program(side: Side, sizes: Sizes) -> None:
    domains: dict[str, r.Domain] = {name: r.Domain(name, name=f"{PREFIX}{name}") for name in SIDES}
    for share in shares(side, sizes):
        name, words = share.name, share.words
        project = r.Project(name, name=name, domain=domains[share.domain].id, description=words)
        network = r.Network(name, name=name, project=project.id, description=words)
        r.Subnet(name, name=name, network=network.id, cidr="2001:db8:1::/64", description=words)
        group = r.SecurityGroup(name, name=name, project=project.id, description=words)
        r.SecurityGroupRule(name, group=group.id, protocol="tcp", portMin=share.port, portMax=share.port)


Truth = dict[str, tuple[str, ...]]  # by type and id, what it is


def expected(side: Side, sizes: Sizes) -> Counter[tuple[str, ...]]:
    wanted: Counter[tuple[str, ...]] = Counter(("domain", f"{PREFIX}{name}") for name in SIDES)
    for share in shares(side, sizes):
        name, owner = share.name, f"{PREFIX}{share.domain}/{share.name}"
        wanted[("project", owner, share.words)] += 1
        wanted[("network", name, owner, share.words)] += 1
        wanted[("subnet", name, f"{name} {owner}", "2001:db8:1::/64", share.words)] += 1
        wanted[("security group", name, owner, share.words)] += 1
        wanted[("rule", f"{name} {owner}", "tcp", str(share.port))] += 1
    return wanted


def there(cloud: Cloud) -> Truth:
    """What carries our names or belongs to what does, and the default groups of projects that are gone."""

    def listed(service: str, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = getattr(cloud.sdk, service).get(path).json()[path.strip("/").replace("-", "_")]
        return found

    def words(one: dict[str, Any]) -> str:
        return unmarked(one["description"])[0]

    found: Truth = {}
    domains = {one["id"]: one["name"] for one in listed("identity", "/domains")}
    owners: dict[str, str] = {}
    for project in listed("identity", "/projects"):
        owners[project["id"]] = owner = f"{domains.get(project['domain_id'], '?')}/{project['name']}"
        if owner.startswith(PREFIX):
            found[f"Project {project['id']}"] = ("project", owner, words(project))
    found |= {f"Domain {id_}": ("domain", name) for id_, name in domains.items() if name.startswith(PREFIX)}
    networks: dict[str, str] = {}
    for network in listed("network", "/networks"):
        owner = owners.get(network["project_id"], "nobody")
        networks[network["id"]] = f"{network['name']} {owner}"
        if network["name"].startswith(PREFIX):
            found[f"Network {network['id']}"] = ("network", network["name"], owner, words(network))
    for subnet in listed("network", "/subnets"):
        if subnet["name"].startswith(PREFIX):
            found[f"Subnet {subnet['id']}"] = ("subnet", subnet["name"], networks.get(subnet["network_id"], "?"), subnet["cidr"], words(subnet))
    for group in listed("network", "/security-groups"):
        owner = owners.get(group["project_id"], "nobody")
        if group["name"].startswith(PREFIX):
            found[f"SecurityGroup {group['id']}"] = ("security group", group["name"], owner, words(group))
            for rule in group["security_group_rules"]:
                if rule["direction"] == "ingress":
                    what = ("rule", f"{group['name']} {owner}", rule["protocol"], str(rule["port_range_min"]))
                    found[f"SecurityGroupRule {rule['id']}"] = what
        elif group["name"] == "default" and owner == "nobody":
            found[f"SecurityGroup {group['id']}"] = ("security group", "default", "nobody")
    return found


@dataclass(slots=True)
class Tally:
    """What came of all points: objects that were there twice or in vain, that were missing, and everything else that was wrong."""

    points: int = 0
    duplicated: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)


class Crashes:
    """One stack that goes from side to side, killed on its way and run again. `folder` is its state's, `files` where clouds.yaml is."""

    def __init__(self, files: Path, folder: Path, sizes: Sizes) -> None:
        self.files, self.folder, self.sizes = files, folder, sizes
        self.tally = Tally()
        self.cloud = Cloud("province", files)
        self._others = there(self.cloud)

    def stack(self, side: Side) -> Stack:
        provider = partial(OpenStackProvider, self.files)
        work = partial(program, side, self.sizes)
        return Stack("lab", "crash", work, self.folder, {"xiangyun": provider}, {"xiangyun:cloud": "province"}, passphrase="x")

    def operations(self, side: Side) -> list[Operation]:
        """Go to that side undisturbed: what the journal had of it."""
        seen: list[Operation] = []
        with pytest.MonkeyPatch.context() as patch:
            real = Journal.begin

            def begin(journal: Journal, kind: str, state: Any) -> Any:
                seen.append((kind, state.urn))
                return real(journal, kind, state)

            patch.setattr(Journal, "begin", begin)
            self.stack(side).up()
        self.look(side, "undisturbed")
        return [one for one in seen if "pulumi:providers:" not in one[1]]

    def kill(self, side: Side, point: Point) -> None:
        """Go to that side, killed at this point, then again, and look."""
        operation, moment = point
        name = f"{moment} {operation[0]} {'::'.join(operation[1].split('::')[2:])}"
        process = multiprocessing.get_context("fork").Process(target=self._killed, args=(side, operation, moment))
        process.start()
        process.join(KILL_S)
        self.tally.points += 1
        if process.exitcode != -signal.SIGKILL:
            process.kill()
            self.tally.faults.append(f"{name}: the run did not come to it: {process.exitcode}")
        for run in range(RUNS):
            try:
                self.stack(side).up()
                break
            except StackError as error:
                self.tally.faults.append(f"{name}: run {run + 1} after it: {error}")
        self.look(side, name)

    def _killed(self, side: Side, operation: Operation, moment: Moment) -> None:
        begin, commit = Deployment._begin, Journal.commit

        async def begun(deployment: Deployment, kind: str, state: Any) -> Any:
            pending = await begin(deployment, kind, state)
            if moment == "begun" and (kind, state.urn) == operation:
                os.kill(os.getpid(), signal.SIGKILL)
            return pending

        def answered(journal: Journal, put: Any = (), drop: Any = (), done: Any = ()) -> None:
            if moment == "answered" and any((item.kind, item.resource.urn) == operation for item in done):
                os.kill(os.getpid(), signal.SIGKILL)
            commit(journal, put, drop, done)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Deployment, "_begin", begun)
            patch.setattr(Journal, "commit", answered)
            self.stack(side).up()

    def look(self, side: Side, name: str) -> None:
        """The cloud beside what was wanted, and beside our state."""
        found = {key: what for key, what in there(self.cloud).items() if key not in self._others}
        have, wanted = Counter(found.values()), expected(side, self.sizes)
        more, less = have - wanted, wanted - have
        self.tally.duplicated += more.total()
        self.tally.lost += less.total()
        stack = self.stack(side)
        snapshot = stack.snapshot()
        state = {f"{one.type.split(':')[-1]} {one.id}" for one in snapshot.resources if one.type.startswith("xiangyun:")}
        said = {
            "too many": sorted(more.elements()),
            "missing": sorted(less.elements()),
            "only in the cloud": sorted(found.keys() - state),
            "only in the state": sorted(state - found.keys()),
            "pending": [f"{item.kind} {item.resource.urn}" for item in snapshot.pending],
            "to be deleted": [one.urn for one in snapshot.resources if one.delete or one.pending_replacement],
        }
        self.tally.faults += [f"{name}: {what}: {items}" for what, items in said.items() if items]

    def settled(self, side: Side) -> None:
        """The next look finds nothing to do."""
        summary = self.stack(side).preview(refresh=True).change_summary
        if summary.keys() != {"same"}:
            self.tally.faults.append(f"the next preview: {dict(summary)}")


@contextmanager
def crashes(files: Path, folder: Path, sizes: Sizes) -> Iterator[Crashes]:
    """The stack, on its side `before`; all of it is taken away again."""
    made = Crashes(files, folder, sizes)
    try:
        made.stack("before").up()
        made.look("before", "the first run")
        yield made
    finally:
        made.stack("before").destroy()
    left = sorted(there(made.cloud).keys() - made._others.keys())
    assert not left, f"left after all: {left}"


def spread(operations: Iterable[Operation], moments: Iterable[Moment]) -> list[Point]:
    """One operation of each kind, from the middle of those, at the moments in turn."""
    kinds: dict[str, list[Operation]] = {}
    for one in operations:
        kinds.setdefault(one[0], []).append(one)
    return [(found[len(found) // 2], moment) for found, moment in zip(kinds.values(), cycle(moments), strict=False)]

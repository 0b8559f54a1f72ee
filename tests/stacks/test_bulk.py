"""Creates in bulk: what goes together, and that nothing is lost or made twice when a request is refused, its answer lost, or its result not seen at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.components.resources import Network, SecurityGroup, SecurityGroupRule
from stacks.engine import Stack, StackError
from stacks.provider.provider import OpenStackProvider
from tests.stacks.memory import counts, records
from tests.stacks.neutron import Neutron

Build = Callable[..., Stack]
NAMES = [f"n{n}" for n in range(6)]


@pytest.fixture
def neutron(monkeypatch: pytest.MonkeyPatch) -> Neutron:
    fake = Neutron()
    monkeypatch.setattr("stacks.provider.cloud._connect", fake.connect)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return fake


@pytest.fixture
def stack(tmp_path: Path, neutron: Neutron) -> Build:
    def build(program: Callable[[], Any], bulk: bool = True) -> Stack:
        return Stack("p", "dev", program, tmp_path, {"xiangyun": lambda: OpenStackProvider(bulk=bulk)}, {"xiangyun:cloud": "test"}, passphrase="x")

    return build


def networks() -> None:
    for name in NAMES:
        Network(name, name=name)


def names(neutron: Neutron) -> list[str]:
    return sorted(one["name"] for one in neutron.objects["networks"])


def ids(stack: Stack) -> list[str]:
    return sorted(record["id"] for record in records(stack).values() if record["type"].endswith(":Network"))


def all_once(neutron: Neutron, stack: Stack) -> bool:
    """Every network is there, once, and it is the one that the state names."""
    return names(neutron) == NAMES and ids(stack) == sorted(one["id"] for one in neutron.objects["networks"])


def test_what_is_wanted_together_is_made_in_one_request(stack: Build, neutron: Neutron) -> None:
    ours = stack(networks)
    assert counts(ours.up()) == {"create": 7}
    assert [sorted(post) for post in neutron.posts] == [NAMES]
    assert neutron.patience == [66], "a minute, and a second for each"
    assert all_once(neutron, ours)
    assert counts(ours.up(refresh=True)) == {"same": 7}


def test_bulk_can_be_switched_off(stack: Build, neutron: Neutron) -> None:
    stack(networks, bulk=False).up()
    assert sorted(neutron.posts) == [[name] for name in NAMES]


def test_of_a_refused_request_the_bad_member_alone_fails(stack: Build, neutron: Neutron) -> None:
    neutron.refused = "n3"
    ours = stack(networks)
    with pytest.raises(StackError, match=r"Network \(n3\): create failed: .*n3 is not allowed.* \(HTTP 400") as caught:
        ours.up(continue_on_error=True)
    assert len(caught.value.lines) == 1
    assert names(neutron) == [name for name in NAMES if name != "n3"]
    assert len(ids(ours)) == 5
    neutron.refused = ""
    assert counts(ours.up()) == {"same": 6, "create": 1}
    assert all_once(neutron, ours)


def test_what_a_request_made_whose_answer_was_lost_is_found(stack: Build, neutron: Neutron) -> None:
    neutron.losses = 1
    ours = stack(networks)
    assert counts(ours.up()) == {"create": 7}
    assert len(neutron.posts) == 1
    assert all_once(neutron, ours)


def test_what_is_seen_late_is_not_made_again(stack: Build, neutron: Neutron) -> None:
    neutron.losses, neutron.unseen, neutron.blind = 1, 4, 2
    ours = stack(networks)
    ours.up()
    assert len(neutron.posts) == 1
    assert all_once(neutron, ours)


def test_one_that_is_seen_late_is_not_made_again(stack: Build, neutron: Neutron) -> None:
    neutron.losses, neutron.unseen, neutron.blind = 1, 1, 1
    ours = stack(lambda: Network("n", name="n") and None)
    ours.up()
    assert neutron.posts == [["n"]]
    assert ids(ours) == [one["id"] for one in neutron.objects["networks"]]


def test_what_a_lost_request_did_not_make_is_made_alone(stack: Build, neutron: Neutron, monkeypatch: pytest.MonkeyPatch) -> None:
    create = neutron._create

    def half(request: Any, collection: str) -> Any:
        monkeypatch.setattr(neutron, "_create", create)
        try:
            return create(request, collection)
        finally:
            del neutron.objects["networks"][3:]

    neutron.losses = 1
    monkeypatch.setattr(neutron, "_create", half)
    ours = stack(networks)
    ours.up()
    assert [len(post) for post in neutron.posts] == [6, 1, 1, 1]
    assert all_once(neutron, ours)


def test_what_an_earlier_run_left_behind_is_taken_over(stack: Build, neutron: Neutron) -> None:
    stack(networks).up()
    stack(networks).file.unlink()
    ours = stack(networks)
    assert counts(ours.up()) == {"create": 7}
    assert len(neutron.posts) == 1
    assert all_once(neutron, ours)


def test_rules_go_together_by_group_and_belong_to_its_project(stack: Build, neutron: Neutron) -> None:
    def program() -> None:
        for project in ("a", "b"):
            group = SecurityGroup(project, name=project, project=project)
            for port in (80, 443):
                SecurityGroupRule(f"{project}-{port}", group=group.id, protocol="tcp", portMin=port, portMax=port)

    ours = stack(program)
    ours.up()
    assert [sorted(post) for post in neutron.posts] == [["a", "b"], [80, 443], [80, 443]]
    owners = {group["id"]: group["project_id"] for group in neutron.objects["security_groups"]}
    assert all(rule["project_id"] == owners[rule["security_group_id"]] for rule in neutron.rules)
    assert counts(ours.up(refresh=True)) == {"same": 7}

"""What Octavia's types share: changes of one load balancer wait for each other, the marker is a tag."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from openstack import exceptions as api

from stacks.provider.base import Remote, tagged, untagged
from stacks.provider.cloud import Cloud, CloudError
from stacks.provider.resources.l7_rule import L7Rule
from stacks.provider.resources.member import Member
from stacks.provider.resources.pool import Pool

FRONT = "8a1f1d3e-0000-4000-8000-000000000001"
IMMUTABLE = f"Load Balancer {FRONT} is immutable and cannot be updated."
WANT = Member().complete({"pool": "p", "address": "10.0.0.1", "port": 80, "weight": 0, "tags": ["mine"]})


class Octavia:
    """openstacksdk's proxy, of members: `refuse` are the words of the next conflicts."""

    def __init__(self, *refuse: str, status: str = "ACTIVE") -> None:
        self.refuse, self.status, self.asked = [*refuse], status, list[dict[str, Any]]()

    def create_member(self, pool: str, **body: Any) -> Any:
        self.asked.append({"in": pool, **body})
        if self.refuse:
            raise api.ConflictException(message=self.refuse.pop(0))
        return SimpleNamespace(id="m")

    def get_member(self, id_: str, pool: str) -> Any:
        fields = dict.fromkeys(Member.fields.values())
        return SimpleNamespace(**{**fields, **self.asked[-1], "id": id_, "pool_id": pool, "provisioning_status": "ACTIVE"})

    def get_load_balancer(self, id_: str) -> Any:
        return SimpleNamespace(id=id_, provisioning_status=self.status)

    def members(self, pool: str) -> Any:
        if pool == "leaving":
            raise api.NotFoundException(message="Pool leaving not found.")
        return [SimpleNamespace(**dict.fromkeys(Member.fields.values()), id=f"of-{pool}", tags=["xiangyun:0123456789abcdef"])]


def cloud(octavia: Octavia, **known: dict[str, Any]) -> Cloud:
    """`known`: inputs of objects by the last word of their type, and by id."""

    def index(kind: Any) -> dict[str, Remote]:
        return {id_: Remote(id_, inputs) for id_, inputs in known.get(kind.token.split(":")[-1], {}).items()}

    locks: dict[str, threading.Lock] = {}
    sdk = SimpleNamespace(load_balancer=octavia, current_project_id="own")
    return cast(Cloud, SimpleNamespace(name="province", sdk=sdk, index=index, turn=lambda what: locks.setdefault(what, threading.Lock())))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.provider.balanced.POLL_S", 0)


@pytest.mark.usefixtures("quick")
def test_a_change_is_asked_for_again_while_another_one_of_the_tree_is_on() -> None:
    octavia = Octavia(IMMUTABLE, "Pool p is immutable and cannot be updated.")
    made = Member().create(cloud(octavia), WANT, "0123456789abcdef")
    assert made == Remote("m", WANT, {}, "0123456789abcdef")
    assert len(octavia.asked) == 3
    assert octavia.asked[2] == {
        "in": "p",
        "address": "10.0.0.1",
        "protocol_port": 80,
        "name": None,
        "subnet_id": None,
        "weight": 0,
        "backup": False,
        "monitor_address": None,
        "monitor_port": None,
        "is_admin_state_up": True,
        "tags": ["mine", "xiangyun:0123456789abcdef"],
    }


@pytest.mark.usefixtures("quick")
def test_of_a_load_balancer_in_error_no_change_is_waited_for() -> None:
    octavia = Octavia(*[IMMUTABLE] * 9, status="ERROR")
    with pytest.raises(CloudError, match=rf"Load Balancer {FRONT} is immutable .*: it is in ERROR, where Octavia only deletes it"):
        Member().create(cloud(octavia), WANT, "")
    assert len(octavia.asked) == 1


def test_another_conflict_is_told_at_once() -> None:
    octavia = Octavia("Another member on this pool is already using ip 10.0.0.1 on protocol_port 80", IMMUTABLE)
    with pytest.raises(api.ConflictException, match="already using ip"):
        Member().create(cloud(octavia), WANT, "")


def test_the_load_balancer_is_found_above_a_rule() -> None:
    there = cloud(Octavia(), L7Policy={"policy": {"listener": "web"}}, Listener={"web": {"loadBalancer": FRONT}})
    assert L7Rule().tree(there, {"policy": "policy"}) == FRONT
    assert L7Rule().tree(there, {"policy": "of somebody else"}) == ""


def test_changes_of_one_load_balancer_have_turns_and_others_need_not_wait() -> None:
    there = cloud(Octavia(), Pool={"p": {"loadBalancer": FRONT}, "other": {"loadBalancer": "another"}})
    done: list[str] = []

    def make(pool: str) -> Callable[[], None]:
        return lambda: done.append(Member().create(there, {**WANT, "pool": pool}, "").inputs["pool"])

    with there.turn(FRONT):
        threads = [threading.Thread(target=make(pool)) for pool in ("p", "other")]
        for thread in threads:
            thread.start()
        threads[1].join(10)
        assert done == ["other"]
    threads[0].join(10)
    assert done == ["other", "p"]


def test_members_of_a_pool_that_is_being_deleted_are_not_listed() -> None:
    there = cloud(Octavia(), Pool={"leaving": {}, "p": {}})
    assert [(one.id, one.inputs["pool"], one.marker) for one in Member().list(there)] == [("of-p", "p", "0123456789abcdef")]


def test_a_marker_among_tags() -> None:
    assert untagged(tagged(["b", "a"], "0123456789abcdef")) == (["b", "a"], "0123456789abcdef")
    assert untagged(["by hand"]) == (["by hand"], "")
    assert untagged(None) == ([], "")


def test_what_octavia_adds_to_a_persistence_is_no_difference() -> None:
    found = SimpleNamespace(**dict.fromkeys((*Pool.fields.values(), "loadbalancers", "tags")), id="p")
    found.session_persistence = {"type": "SOURCE_IP", "cookie_name": None}
    assert Pool().remote(cloud(Octavia()), found).inputs["persistence"] == {"type": "SOURCE_IP"}


def test_a_cloud_without_octavia_says_so() -> None:
    without = object.__new__(Cloud)
    without.name, without.sdk = "changsha", SimpleNamespace(has_service=lambda name: name != "load-balancer")
    with pytest.raises(CloudError, match="cloud changsha has no service load-balancer in its catalog"):
        without.index(Pool())

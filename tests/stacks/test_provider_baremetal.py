"""What Ironic is sent, and what its answers are taken for."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from keystoneauth1 import exceptions as auth

from stacks.provider.base import Remote
from stacks.provider.cloud import Cloud, CloudError
from stacks.provider.provider import UNKNOWN
from stacks.provider.resources import TYPES
from stacks.provider.resources.node import Node, StateError, reach, standing

NODE = TYPES["xiangyun:baremetal:Node"]


def inputs(**given: Any) -> dict[str, Any]:
    return NODE.complete({"name": "n", "driver": "ipmi", **given})


def cloud_of(sdk: Any) -> Cloud:
    """One that is connected already."""
    cloud = Cloud.__new__(Cloud)
    vars(cloud).update(name="city", sdk=sdk, _system=None, _lock=threading.Lock())
    return cloud


def test_a_change_is_a_patch_of_what_differs_and_removals_come_first() -> None:
    assert isinstance(NODE, Node)
    have = inputs(driverInfo={"address": "a", "user": "u"}, driverSecrets={"password": "******"}, description="old", interfaces={"raid": "no-raid"})
    want = inputs(driverInfo={"address": "b", "password": "plain now"}, resourceClass="metal", extra={"k": 1})
    assert NODE.patch(Remote("id", have), want) == [
        {"op": "remove", "path": "/description"},
        {"op": "remove", "path": "/driver_info/user"},
        {"op": "remove", "path": "/raid_interface"},
        {"op": "add", "path": "/driver_info/address", "value": "b"},
        {"op": "add", "path": "/driver_info/password", "value": "plain now"},
        {"op": "add", "path": "/extra/k", "value": 1},
        {"op": "add", "path": "/resource_class", "value": "metal"},
    ]
    assert NODE.patch(Remote("id", want), want) == []


def test_a_state_that_is_only_passed_through_is_refused_and_one_not_known_yet_is_not() -> None:
    assert NODE.check(inputs(state="enroll")) == [("state", "is not one of manageable, available")]
    for state in ("", "available", "manageable", UNKNOWN):
        assert NODE.check(inputs(state=state)) == []


def test_of_what_is_there_only_what_was_asked_for_is_ours_and_what_is_masked_is_as_it_was_set() -> None:
    assert isinstance(NODE, Node)
    there = inputs(driverInfo={"address": "moved", "user": "u", "token": "******", "password": "******"}, properties={"bay": 3, "local_gb": 900})
    asked = inputs(driverInfo={"address": "a", "token": "t"}, driverSecrets={"password": "p", "lost": "x"}, properties={"bay": 1})
    found = NODE.as_asked(Remote("id", there), asked).inputs
    assert found["driverInfo"] == {"address": "moved", "token": "t"}
    assert found["driverSecrets"] == {"password": "******"}
    assert found["properties"] == {"bay": 3}
    assert NODE.as_asked(Remote("id", there), {}).inputs["driverInfo"] == {}, "what is adopted is named by the program alone"


@pytest.mark.parametrize(
    ("state", "target", "meant"),
    [
        ("enroll", None, "enroll"),
        ("verifying", "manageable", "enroll"),
        ("cleaning", "manageable", "manageable"),
        ("clean wait", "available", "available"),
        ("clean failed", "available", "clean failed"),
        ("inspect wait", "manageable", "manageable"),
        ("active", None, "available"),
        ("deploy failed", "active", "available"),
    ],
)
def test_what_nova_does_with_a_node_is_no_state_of_ours(state: str, target: str | None, meant: str) -> None:
    assert standing(SimpleNamespace(provision_state=state, target_provision_state=target)) == meant


class Walking:
    """Ironic, as far as states go: the states that a verb leads through, once."""

    def __init__(self, state: str, **ways: list[str]) -> None:
        self.ahead, self.ways, self.verbs = [state], ways, list[str]()

    def get_node(self, id_: str) -> Any:
        state = self.ahead.pop(0) if len(self.ahead) > 1 else self.ahead[0]
        return SimpleNamespace(id=id_, provision_state=state, target_provision_state=None, last_error="the controller is silent")

    def set_node_provision_state(self, id_: str, verb: str) -> None:
        self.verbs.append(verb)
        self.ahead = list(self.ways[verb])


@pytest.fixture
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.provider.resources.node.POLL_S", 0)


@pytest.mark.usefixtures("_no_wait")
def test_a_node_is_led_to_its_state_and_back() -> None:
    there = Walking("enroll", manage=["verifying", "manageable"], provide=["cleaning", "clean wait", "available"])
    assert reach(there, "n", "available").provision_state == "available"
    assert there.verbs == ["manage", "provide"]
    back = Walking("available", manage=["manageable"])
    assert reach(back, "n", "manageable").provision_state == "manageable"
    kept = Walking("active")
    assert reach(kept, "n", "").provision_state == "active"
    assert reach(kept, "n", "available").provision_state == "active"


@pytest.mark.usefixtures("_no_wait")
def test_a_node_that_fails_on_the_way_is_asked_once_and_its_words_are_told() -> None:
    silent = Walking("enroll", manage=["verifying", "enroll"])
    with pytest.raises(StateError, match=r"could not make it manageable: the controller is silent \(node n\)"):
        reach(silent, "n", "")
    assert silent.verbs == ["manage"]
    dirty = Walking("clean failed", manage=["manageable"], provide=["cleaning", "clean failed"])
    with pytest.raises(StateError, match="could not make it available"):
        reach(dirty, "n", "available")
    assert dirty.verbs == ["manage", "provide"]
    with pytest.raises(StateError, match="it cannot be made manageable: it is active"):
        reach(Walking("active"), "n", "manageable")


def test_a_cloud_without_ironic_is_named() -> None:
    cloud = cloud_of(SimpleNamespace(has_service=lambda _: False))
    assert not cloud.has(NODE)
    with pytest.raises(CloudError, match="cloud city has no service baremetal in its catalog"):
        cloud.index(NODE)


def test_who_has_no_role_on_the_system_asks_as_before_and_a_silent_keystone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ironic shows a project its own nodes only: taking silence for a refusal would take the others for gone."""
    monkeypatch.setattr("time.sleep", lambda _: None)

    def scoped(error: Exception) -> Any:
        def fail() -> None:
            raise error

        return SimpleNamespace(connect_as=lambda **_: SimpleNamespace(session=SimpleNamespace(get_token=fail)))

    refused = scoped(auth.Unauthorized("no role"))
    assert cloud_of(refused).as_system() is refused
    with pytest.raises(auth.ConnectFailure):
        cloud_of(scoped(auth.ConnectFailure("silence"))).as_system()

"""Adopting a cloud that exists, on a cloud in memory: what is there is proposed, taken only when told, and nothing of it is replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stacks import adoption
from stacks.components import resources
from stacks.engine import Stack
from stacks.provider.base import Remote
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.stacks.fakecloud import FakeCloud
from tests.stacks.test_cloud import run

PROJECT = "xiangyun:identity:Project"
NETWORK = "xiangyun:network:Network"
ADDRESS = "xiangyun:network:FloatingAddress"


def somebody_elses(estate: Path, cloud: FakeCloud) -> None:
    """The cloud as `up` makes it, made by hand: no marker, and no state of ours."""
    assert run(estate, "up", "--yes").exit_code == 0
    for objects in cloud.objects.values():
        objects.update({key: replace(one, marker="") for key, one in objects.items()})
    for file in (estate / ".xiangyun").rglob("*.sqlite*"):
        file.unlink()
    cloud.calls.clear()


def test_what_is_there_is_adopted_and_nothing_is_made_or_replaced(estate: Path, cloud: FakeCloud) -> None:
    somebody_elses(estate, cloud)
    cloud.change(NETWORK, "hn-cloud", description="by hand")
    before = {token: set(objects) for token, objects in cloud.objects.items()}
    out = estate / "adopt.json"
    found = run(estate, "adopt", "--out", str(out))
    assert found.exit_code == 3, found.output
    assert cloud.calls == [], "only looked at"
    rows = json.loads(out.read_text("utf-8"))["resources"]
    assert len(rows) == sum(map(len, before.values())), found.output
    assert run(estate, "preview", "--import", str(out)).exit_code == 3
    assert run(estate, "up", "--yes", "--import", str(out)).exit_code == 0
    assert {verb for verb, *_ in cloud.calls} <= {"update"}
    assert {token: set(objects) for token, objects in cloud.objects.items()} == before
    assert cloud.named(NETWORK, "hn-cloud").inputs["description"] != "by hand"
    assert run(estate, "preview").exit_code == 0
    assert run(estate, "adopt").exit_code == 0


def test_what_may_be_two_things_or_would_be_replaced_is_told_and_not_proposed(estate: Path, cloud: FakeCloud) -> None:
    somebody_elses(estate, cloud)
    one = cloud.named(NETWORK, "hn-cloud")
    cloud.of(NETWORK)["second"] = replace(one, id="second")
    cloud.change("xiangyun:compute:Flavor", "x86.medium", vcpus=99)
    said = run(estate, "adopt").output
    assert f"not sure: {NETWORK} " in said
    assert f"2 objects may be it: {one.id}, second" in said
    assert "has its name, and would be replaced: vcpus is 99, not " in said


def proposed(program: Callable[[], Any], folder: Path, monkeypatch: pytest.MonkeyPatch, first: Callable[[], Any] | None = None) -> list[tuple[str, str, str]]:
    """(name, id, reason) for a stack of this program. `first` is applied before."""
    stack = Stack("p", "dev", program, folder, {"xiangyun": OpenStackProvider}, {"xiangyun:cloud": "test"}, passphrase="x")
    if first is not None:
        stack.up(program=first)
    monkeypatch.setattr(adoption, "stack_of", lambda *_: stack)
    estate = cast(Any, SimpleNamespace(clouds={"test": SimpleNamespace(os_cloud="test")}))
    return [(one.name, one.id, one.reason) for one in adoption.propose(estate, "test", folder)]


def test_one_object_that_may_be_several_resources_is_told_and_not_proposed(cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two floating addresses that leave their address to the cloud differ in nothing that the cloud's one could be told by."""
    cloud.of(ADDRESS)["taken"] = Remote("taken", {**TYPES[ADDRESS].complete({"network": "ext"}), "address": "192.0.2.7", "project": "p"})

    def program() -> None:
        resources.FloatingAddress("a", network="ext")
        resources.FloatingAddress("b", network="ext")
        resources.FloatingAddress("c", network="ext", address="192.0.2.8")

    said = "taken may be any of a, b"
    assert proposed(program, tmp_path, monkeypatch) == [("a", "", said), ("b", "", said)]


def test_what_the_state_has_already_is_not_proposed_again(cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def first() -> None:
        resources.FloatingAddress("a", network="ext")

    def more() -> None:
        first()
        resources.FloatingAddress("b", network="ext")

    assert proposed(more, tmp_path, monkeypatch, first) == []


def test_a_file_for_another_cloud_or_of_another_kind_is_refused(estate: Path, cloud: FakeCloud) -> None:
    file = estate / "f.json"
    for content, words in (
        ({"cloud": "cloud:430100", "resources": []}, "is for cloud:430100, and these were named: cloud:hn-province"),
        ({"resources": [{"type": "x"}]}, "expected resources: a list of objects with type, name and id"),
        ({"resources": [{"type": "a:b:C", "name": "n", "id": "1"}]}, "there is no resource type a:b:C"),
    ):
        file.write_text(json.dumps(content), "utf-8")
        result = run(estate, "up", "--yes", "--import", str(file))
        assert (result.exit_code, cloud.calls) == (2, [])
        assert words in result.stderr

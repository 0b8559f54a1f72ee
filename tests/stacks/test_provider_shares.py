"""What Manila is sent, and what its answers are taken for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from stacks.provider import waiting
from stacks.provider.base import NotReadyError, Remote
from stacks.provider.cloud import Cloud, CloudError
from stacks.provider.resources import TYPES
from stacks.provider.resources.share import Share
from stacks.provider.resources.share_type import ShareType

SHARE, KIND = TYPES["xiangyun:sharedfilesystem:Share"], TYPES["xiangyun:sharedfilesystem:ShareType"]


def share(**given: Any) -> dict[str, Any]:
    return SHARE.complete({"name": "n", "protocol": "NFS", "sizeGib": 2, **given})


class Files:
    """Manila with one share, of these states one after the other, and what it tells its users."""

    def __init__(self, *states: dict[str, Any], told: tuple[str, ...] = ()) -> None:
        self.states, self.told = list(states), told
        self.sent: list[str] = []

    def get_share(self, id_: str) -> Any:
        common = dict.fromkeys(("snapshot_id", "share_network_id", "description", "share_type_name"))
        fixed = {"id": id_, "name": "n", "share_protocol": "NFS", "share_type": "t", "availability_zone": "nova", "metadata": {}, "is_public": False}
        return SimpleNamespace(**common, **fixed, project_id="ours", **(self.states.pop(0) if len(self.states) > 1 else self.states[0]))

    def update_share(self, id_: str, **_: Any) -> None:
        self.sent.append("update")

    def resize_share(self, id_: str, size: int) -> None:
        self.sent.append(f"resize to {size}")

    def delete_share(self, id_: str) -> None:
        self.sent.append("delete")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Any:
    """One whose Manila is `files`."""

    def connected(files: Files) -> Cloud:
        found = Cloud.__new__(Cloud)
        vars(found).update(name="city", sdk=SimpleNamespace(shared_file_system=files, current_project_id="ours"))
        monkeypatch.setattr("stacks.provider.shares.rows", lambda *_, **__: [SimpleNamespace(user_message=text) for text in files.told])
        monkeypatch.setattr("stacks.provider.resources.share.rows", lambda *_, **__: [])
        monkeypatch.setattr(waiting, "POLL_S", 0)
        return found

    return connected


def test_a_share_that_did_not_shrink_is_an_error_although_it_is_available(cloud: Any) -> None:
    files = Files({"status": "shrinking", "size": 2}, {"status": "available", "size": 2}, told=("shrink: it holds more.", "older"))
    have = Remote("s1", share(), {}, "0" * 16)
    with pytest.raises(NotReadyError, match=r"the share is of 2 GiB: shrink: it holds more \(s1\)$") as error:
        SHARE.update(cloud(files), have, share(sizeGib=1))
    assert error.value.remote.inputs["sizeGib"] == 2
    assert files.sent == ["update", "resize to 1"]


def test_a_deletion_that_fails_is_said_at_once(cloud: Any) -> None:
    files = Files({"status": "deleting", "size": 2}, {"status": "error_deleting", "size": 2})
    with pytest.raises(CloudError, match="the share is error_deleting: it gives no reason"):
        SHARE.delete(cloud(files), Remote("s1", share()))


def test_a_type_is_known_by_the_name_or_the_id_that_the_program_gave() -> None:
    assert isinstance(SHARE, Share)
    found = Remote("s1", share(type="id-of-gold"), {"typeName": "gold"})
    assert [SHARE.as_asked(found, share(type=asked)).inputs["type"] for asked in ("gold", "id-of-gold", "", "other")] == [
        "gold",
        "id-of-gold",
        "",
        "id-of-gold",
    ]


def test_who_handles_share_servers_is_said_once(cloud: Any) -> None:
    assert isinstance(KIND, ShareType)
    assert KIND.check({"name": "n", "dhss": True, "extraSpecs": {"driver_handles_share_servers": "True"}}) == [
        ("extraSpecs", "driver_handles_share_servers is said by dhss")
    ]
    want = KIND.complete({"name": "n", "dhss": False, "extraSpecs": {"a": "b"}})
    sent = KIND.new(cloud(Files()), want, "0" * 16)
    assert sent["extra_specs"] == {"a": "b", "driver_handles_share_servers": "False"}
    row = SimpleNamespace(id="t1", **sent)
    assert KIND.remote(cloud(Files()), row).inputs == want

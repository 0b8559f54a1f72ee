"""A world to act on, and stacks on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.engine import Stack
from stacks.provider import provider
from stacks.provider.resources import TYPES
from tests.stacks.fakecloud import FakeCloud, InMemory
from tests.stacks.memory import Memory, World

Make = Callable[..., Stack]
Kinds = dict[str, InMemory]
HUNAN = Path(__file__).parents[2] / "estates" / "hunan"


def pytest_configure(config: pytest.Config) -> None:
    # the SDK drops coroutines of a program that failed half way; whichever test runs when they are collected would report them
    config.addinivalue_line("filterwarnings", "ignore:coroutine 'Output:RuntimeWarning")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def make(world: World, tmp_path: Path) -> Make:
    """`make(program)`: the stack `p/dev` with the in-memory provider."""

    def build(program: Callable[[], Any], name: str = "dev", project: str = "p", **more: Any) -> Stack:
        fields: dict[str, Any] = {"state": tmp_path / "state", "providers": {"mem": lambda: Memory(world)}, "passphrase": "test"}
        return Stack(project=project, name=name, program=program, **{**fields, **more})

    return build


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """A cloud in memory, behind the real provider."""
    fake = FakeCloud()
    monkeypatch.setattr("stacks.provider.provider.TYPES", {token: InMemory(real, fake) for token, real in TYPES.items()})
    monkeypatch.setattr("stacks.provider.provider.Cloud", fake.connect)
    return fake


@pytest.fixture
def kinds(cloud: FakeCloud) -> Kinds:
    """The types of the cloud in memory."""
    return {token: kind for token, kind in vars(provider)["TYPES"].items() if isinstance(kind, InMemory)}


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A copy of the estate in the repository, with a key for servers."""
    folder = Path(shutil.copytree(HUNAN, tmp_path / "estate", ignore=shutil.ignore_patterns(".xiangyun")))
    keys = folder / ".xiangyun" / "keys"
    keys.mkdir(parents=True)
    (keys / "ops.pub").write_text("ssh-ed25519 AAAA test\n")
    (folder / ".xiangyun" / "access.yaml").write_text("servers: {user: ops, key_file: keys/ops, known_hosts: known_hosts}\n")
    return folder

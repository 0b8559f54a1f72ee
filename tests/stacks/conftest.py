"""A world to act on, and stacks on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_estate
from inventory.model import Estate
from stacks.engine import Stack
from stacks.provider import provider
from stacks.provider.resources import TYPES
from tests.stacks.fakecloud import FakeCloud, InMemory
from tests.stacks.memory import Memory, World

Make = Callable[..., Stack]
Kinds = dict[str, InMemory]


def pytest_configure(config: pytest.Config) -> None:
    # the SDK drops coroutines of a program that failed half way; whichever test runs when they are collected would report them
    config.addinivalue_line("filterwarnings", "ignore:coroutine 'Output:RuntimeWarning")


_estates: dict[str, Estate] = {}


def loaded(folder: Path) -> Estate:
    """The estate of a copy; copies with the same clouds are one, since reading the whole province each time takes longer than the tests."""
    clouds = (folder / "clouds.yaml").read_text()
    if clouds not in _estates:
        _estates[clouds] = load_estate(folder)
    return _estates[clouds]


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving a key takes a quarter of a second on purpose.

    A cloud in memory has nothing under way when a run is killed; a real one has.
    """
    if not request.node.get_closest_marker("lab"):
        for name in ("SETTLE_S", "SETTLE_EACH_S"):
            monkeypatch.setattr(f"stacks.engine.deployment.{name}", 0.0)
    monkeypatch.setattr("stacks.engine.secrets.ROUNDS", 1_000)


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
    kinds = {token: InMemory(real, fake) for token, real in TYPES.items()}
    for module in ("stacks.provider.provider", "stacks.adoption"):
        monkeypatch.setattr(f"{module}.TYPES", kinds)
        monkeypatch.setattr(f"{module}.Cloud", fake.connect)
    return fake


@pytest.fixture
def kinds(cloud: FakeCloud) -> Kinds:
    """The types of the cloud in memory."""
    return {token: kind for token, kind in vars(provider)["TYPES"].items() if isinstance(kind, InMemory)}


@pytest.fixture
def estate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The estate with a key for servers and an entry for the province's cloud, the only one that can be reached."""
    clouds = folder / "clouds.yaml"
    clouds.write_text(re.sub(r"    os_cloud: (?!province).*\n", "", clouds.read_text("utf-8")), "utf-8")
    keys = folder / ".xiangyun" / "keys"
    keys.mkdir(parents=True)
    (keys / "ops.pub").write_text("ssh-ed25519 AAAA test\n")
    (folder / ".xiangyun" / "access.yaml").write_text("servers: {user: ops, key_file: keys/ops, known_hosts: known_hosts}\n")
    entries = "clouds: {province: {auth: {auth_url: 'http://127.0.0.1:1/v3', username: a, project_name: a, user_domain_name: d, project_domain_name: d}}}\n"
    (folder / ".xiangyun" / "clouds.yaml").write_text(entries)
    (folder / ".xiangyun" / "secure.yaml").write_text("clouds: {province: {auth: {password: p}}}\n")
    for module in ("cli.cloud", "cli.cloud_state"):
        monkeypatch.setattr(f"{module}.load", loaded)
    return folder

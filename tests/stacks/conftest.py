"""A world to act on, and stacks on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.engine import Stack
from tests.stacks.memory import Memory, World

Make = Callable[..., Stack]


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

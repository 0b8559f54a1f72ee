"""The lab of these tests: a cloud that has every service on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.cloud.config import MORE
from stacks.engine import Stack
from stacks.provider.provider import OpenStackProvider
from tests.lab.pilot import Pilot, started
from tests.stacks.further.served import there


@pytest.fixture(scope="package")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pilot]:
    with started(tmp_path_factory.mktemp("further"), "cloud", more=tuple(MORE)) as running:
        yield running


@pytest.fixture
def stack(request: pytest.FixtureRequest, pilot: Pilot, tmp_path: Path) -> Iterator[Callable[[Callable[[], Any]], Stack]]:
    """Stacks of one state. What they made is gone afterwards, and of the module's KINDS there is what there was."""
    before, made = there(pilot, request.module.KINDS), []

    def build(program: Callable[[], Any]) -> Stack:
        provider = {"xiangyun": lambda: OpenStackProvider(pilot.state)}
        made.append(Stack("lab", "further", program, tmp_path, provider, {"xiangyun:cloud": "province"}, passphrase="x"))
        return made[-1]

    yield build
    made[-1].destroy()
    assert there(pilot, request.module.KINDS) == before

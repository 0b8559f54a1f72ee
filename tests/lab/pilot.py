"""The session's lab: the pilot of a copy of the estate in the repository, started once a run and taken down at its end."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HUNAN = Path(__file__).parents[2] / "estates" / "hunan"


@dataclass(frozen=True, slots=True)
class Pilot:
    """A running lab, and the estate that describes it."""

    estate: Path

    @property
    def state(self) -> Path:
        return self.estate / ".xiangyun"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


@contextmanager
def started(folder: Path, *parts: str, more: tuple[str, ...] = ()) -> Iterator[Pilot]:
    """The pilot of a copy of the estate, or these parts of it."""
    from inventory.load import load_estate
    from lab import up as lab
    from lab.spec import from_estate

    estate = Path(shutil.copytree(HUNAN, folder / "hunan", ignore=shutil.ignore_patterns(".xiangyun")))
    try:
        lab.up(estate, from_estate(load_estate(estate), "pilot", more=more), parts or lab.PARTS, _say)
        yield Pilot(estate)
    finally:
        lab.down(estate)


@pytest.fixture(scope="session")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pilot]:
    """Routers without configuration, machines, an empty cloud. Whoever changes something for good says so in the name of the test."""
    with started(tmp_path_factory.mktemp("pilot")) as running:
        yield running

"""A small lab for this folder. The session's lab, `pilot`, is in tests/lab/pilot.py, for all folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab import up as lab
from lab.session import Session
from tests.lab.small import CORNER, running


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A router between a bastion and a cloud."""
    with running(tmp_path_factory.mktemp("corner") / "estate", CORNER, lab.PARTS) as session:
        yield session

"""The lab of these tests: a cloud that has every service on request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.cloud.config import MORE
from tests.lab.pilot import Pilot, started


@pytest.fixture(scope="package")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pilot]:
    with started(tmp_path_factory.mktemp("further"), "cloud", more=tuple(MORE)) as running:
        yield running

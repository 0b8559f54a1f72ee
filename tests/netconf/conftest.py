"""The pilot of the estate that is in the repository, and small helpers."""

from __future__ import annotations

import pytest

from inventory.model import Estate
from inventory.scope import scoped


@pytest.fixture(scope="session")
def estate(hunan: Estate) -> Estate:
    return scoped(hunan, "pilot")

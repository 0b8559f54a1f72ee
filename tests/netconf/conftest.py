"""The pilot of the estate that is in the repository, and small helpers."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load_estate
from inventory.model import Estate
from inventory.scope import scoped

HUNAN = Path(__file__).parents[2] / "estates" / "hunan"


@pytest.fixture(scope="session")
def hunan() -> Estate:
    return load_estate(HUNAN)


@pytest.fixture(scope="session")
def estate(hunan: Estate) -> Estate:
    return scoped(hunan, "pilot")

"""Shared by all tests: golden files."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.pilot import pilot  # noqa: F401 - a fixture for all folders


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is rendered now into the golden files")


def pytest_collection_finish() -> None:
    gc.freeze()  # what was imported stays: the cycle collector need not look through a million objects again and again


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Commands that run in this process stop the cycle collector, as if the process were theirs."""
    yield
    gc.enable()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: the text equals the file `golden/<name>` beside the test."""

    def check(name: str, text: str) -> None:
        file = Path(request.path).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        assert file.read_text("utf-8") == text, f"{file.name} differs: look at it, then run pytest --update-golden"

    return check

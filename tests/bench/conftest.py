"""The fixture `record`, and the writer of what was recorded. A missed goal is named and is no failure; a bench that cannot run is one."""

from __future__ import annotations

import os

import pytest

from tests.bench.registry import Record, store

RECORD = pytest.StashKey[Record]()


def pytest_configure(config: pytest.Config) -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the commands start as users start them, not compiling every module each time
    config.stash[RECORD] = Record()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """`record(name, value, unit, goal=None, better="lower", peer=None, peer_value=None)`: keeps a figure; see registry.Figure."""
    return request.config.stash[RECORD]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if figures := session.config.stash[RECORD].figures:
        store(figures)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = terminalreporter.config.stash[RECORD].figures
    if not figures:
        return
    terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.write_line(figure.line())
    for figure in figures:
        if not figure.met:
            terminalreporter.write_line(f"goal missed: {figure.name}")

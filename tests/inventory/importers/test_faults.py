"""Every seeded fault is found at its very cell; nothing crashes, nothing is silently dropped."""

from __future__ import annotations

import pytest

from inventory.importers.book import read_book
from inventory.importers.changes import Preview
from inventory.importers.plan import preview
from inventory.importers.problems import Severity
from inventory.model import Estate
from tests.inventory.importers.workbooks import FAULTS, MAPPING, Fault, with_faults


@pytest.fixture(scope="module")
def seeded(hunan: Estate, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Fault, str], Preview]:
    file = tmp_path_factory.mktemp("seeded") / "茶陵县.xlsx"
    cells = with_faults(file)
    return cells, preview([read_book(file)], hunan, MAPPING)


def test_there_are_enough_faults_of_different_kinds() -> None:
    assert len(FAULTS) >= 50
    assert len({(fault.title, fault.code, str(fault.value)) for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.title}-{fault.code}-{fault.value!r}")
def test_found_at_its_cell(seeded: tuple[dict[Fault, str], Preview], fault: Fault) -> None:
    cells, made = seeded
    here = [problem for problem in made.problems if str(problem.place) == f"茶陵县.xlsx!{cells[fault]}" and problem.severity is not Severity.NOTE]
    assert [(problem.code, problem.severity) for problem in here] == [(fault.code, Severity.WARNING if fault.good else Severity.ERROR)]
    assert here[0].zh
    assert here[0].en


def test_nothing_else_is_a_fault(seeded: tuple[dict[Fault, str], Preview]) -> None:
    cells, made = seeded
    places = {f"茶陵县.xlsx!{cell}" for cell in cells.values()}
    assert [str(problem) for problem in made.problems if problem.severity is not Severity.NOTE and str(problem.place) not in places] == []


def test_every_row_is_accounted_for(seeded: tuple[dict[Fault, str], Preview]) -> None:
    cells, made = seeded
    assert len(made.accounts) == 4
    for account in made.accounts:
        assert account.rows == account.taken + account.unchanged + account.refused + len(account.skipped) + account.empty
    assert sum(account.refused for account in made.accounts) == sum(not fault.good for fault in cells)
    assert sum(account.taken for account in made.accounts) == 2 * 4 + sum(fault.good for fault in cells)

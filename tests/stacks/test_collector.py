"""The garbage collector while runs go on."""

from __future__ import annotations

import gc

from stacks.engine import collector


def test_it_looks_seldom_while_any_run_goes_on_and_is_as_it_was_afterwards() -> None:
    before = gc.get_threshold()
    with collector.seldom():
        with collector.seldom():  # a second run
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_one_that_looks_never_stays_so() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with collector.seldom():
            assert gc.get_threshold()[0] == 0
        assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)

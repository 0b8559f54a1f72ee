"""The garbage collector while runs go on."""

from __future__ import annotations

import gc

from stacks.engine import collector


def test_it_looks_at_nothing_that_was_there_before_and_is_as_it_was_afterwards() -> None:
    held, before = gc.get_freeze_count(), gc.get_threshold()
    with collector.seldom():
        assert gc.get_freeze_count() > held
        with collector.seldom():  # a second run
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    assert (gc.get_freeze_count() > 0) == (held > 0), "what somebody else froze stays frozen"

"""Runs that meet another one, and runs that are ended before their time."""

from __future__ import annotations

from collections.abc import Callable

from tests.stacks.memory import Thing
from tests.stacks.sidebyside import Run


def a_second_run_is_refused(run: Run) -> None:
    def program() -> None:
        run.note("a second update", run.beside("up", lambda: Thing("b") and None))
        run.note("a deletion", run.beside("destroy", lambda: None))
        Thing("a")

    run.up(program)
    run.up(lambda: Thing("a") and None)


def a_preview_beside_a_run_is_none(run: Run) -> None:
    def program() -> None:
        Thing("a")
        run.note("a preview", run.beside("preview", lambda: Thing("a") and None))

    run.up(program)


def interrupted_and_run_again(run: Run) -> None:
    state = {"interrupt": True}

    def program() -> None:
        a = Thing("a")
        b = Thing("b", after=a.arn.apply(_interrupting(run, state)))
        Thing("c", after=b.arn)

    run.up(program)
    state["interrupt"] = False
    run.up(program)


def deletion_is_not_begun_after_an_interrupt(run: Run) -> None:
    state = {"interrupt": False}

    def program() -> None:
        a = Thing("a", size=2 if state["interrupt"] else 1)
        if not state["interrupt"]:
            Thing("gone")
        Thing("b", after=a.arn.apply(_interrupting(run, state)))

    run.up(program)
    state["interrupt"] = True
    run.up(program)


def _interrupting(run: Run, state: dict[str, bool]) -> Callable[[str], str]:
    """Hands a value on, and interrupts the run first where the state says so."""

    def then(value: str) -> str:
        if state["interrupt"]:
            run.interrupt()
        return value

    return then


def killed_in_a_create(run: Run) -> None:
    run.up(_both)
    run.killed("creating", "c")
    run.preview(_all_three)
    run.up(_all_three)


def killed_in_a_create_that_is_not_wanted_any_more(run: Run) -> None:
    run.up(_both)
    run.killed("creating", "c")
    run.up(_both)
    run.refresh()


def killed_in_an_update(run: Run) -> None:
    run.up(_both)
    run.killed("updating", "b")
    run.up(_both)


def killed_in_a_deletion(run: Run) -> None:
    run.up(_both)
    run.killed("deleting", "b")
    run.up(lambda: Thing("a") and None)


def killed_and_destroyed(run: Run) -> None:
    run.up(_both)
    run.killed("creating", "c")
    run.destroy()


def _all_three() -> None:
    _both()
    Thing("c")


def _both() -> None:
    Thing("a")
    Thing("b")

"""Runs a Pulumi program, with the SDK as it is but for a few shortcuts, in a thread of its own: fresh context variables, its own event loop."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from pulumi.runtime import config as sdk_config
from pulumi.runtime import run_in_stack, settings

from stacks.engine import shortcuts
from stacks.engine.stub import Calls, Stub

Program = Callable[[], Awaitable[None] | None]
# Of a stack reference that fails: the SDK makes the coroutines of an output beforehand, awaits one after the other and leaves the rest (stack_reference.py).
warnings.filterwarnings("ignore", r"coroutine 'Output\.\w+' was never awaited", RuntimeWarning)
shortcuts.take()


def run(
    program: Program,
    project: str,
    stack: str,
    config: Mapping[str, str],
    secret_keys: list[str],
    stub: Stub,
    preview: bool,
) -> None:
    """Run the program to its end, the monitor's shutdown included. Raises what the program raised."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda *_: None)  # outputs of a failed run that nobody awaited
    workers = Calls(thread_name_prefix="program")
    loop.set_default_executor(workers)
    settings.ROOT.set(None)
    settings.configure(
        settings.Settings(project=project, stack=stack, monitor=stub, engine=stub, dry_run=preview, organization="organization", root_directory=str(Path.cwd()))
    )
    sdk_config.set_all_config(dict(config), secret_keys)
    try:
        loop.run_until_complete(run_in_stack(program))
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        workers.shutdown(wait=True)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def in_thread(target: Callable[[], None]) -> Future[BaseException | None]:
    """Begin this in a new thread, which has a context of its own; the result is what it raised."""
    done: Future[BaseException | None] = Future()
    done.set_running_or_notify_cancel()  # a loop that waits for it and ends does not cancel it

    def body() -> None:
        caught: BaseException | None = None
        try:
            target()
        except BaseException as error:  # whatever a program raises ends that program only
            caught = error
        done.set_result(caught)

    threading.Thread(target=body, name="program", daemon=True).start()
    return done

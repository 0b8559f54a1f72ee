"""What the SDK does at each registration that nobody here has any use for: more than half of its time for a program of a thousand resources.

It takes a stack trace, which this engine does not show; it works out the URN that an answer without any engine would have; it sends messages for
debugging, which this engine drops; it gives each property four futures and a task that waits for them, where it has one for a URN and an id; it makes a
function to look at a value, which only the garbage collector can free; and at a program's end it looks at all that is awaited whenever one comes, which
grows with the square. Programs that the real CLI runs in this process keep all but the last but one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pulumi import Output, Resource, log
from pulumi.output import _OutputData
from pulumi.runtime import resource, rpc, settings, stack
from pulumi.runtime.known_types import is_unknown
from pulumi.runtime.proto import source_pb2

from stacks.engine.stub import Stub

Resolve = Callable[[Any, bool, bool, set[Resource] | None, Exception | None], None]  # value, known, secret, further dependencies, error
LOOK_S = 5e-6  # between two looks, for each output: several times what a look takes
_NO_TRACE = source_pb2.StackTrace()
_trace, _urn, _debug, _transfer, _unknowns = resource._get_stack_trace, resource.create_urn, log.debug, rpc.transfer_properties, rpc.contains_unknowns


def take() -> None:
    """From now on, for the whole process."""
    resource._get_stack_trace, resource.create_urn, log.debug, rpc.transfer_properties = stack_trace, create_urn, debug, transfer_properties
    rpc.contains_unknowns = contains_unknowns
    vars(stack)["asyncio"] = _Asyncio()


def stack_trace() -> source_pb2.StackTrace:
    return _NO_TRACE if _ours() else _trace()


def create_urn(name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None) -> Output[str]:
    """As the SDK's: where all is known, a concatenation without a dozen outputs on the way."""
    if _ours() and isinstance(parent, str) and isinstance(name, str) and isinstance(type_, str):
        return Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")
    return _urn(name, type_, parent, project, stack)


def debug(*message: Any, **options: Any) -> None:
    if not _ours():
        _debug(*message, **options)


def transfer_properties(res: Resource, props: Mapping[str, Any], custom: bool) -> dict[str, Resolve]:
    """As the SDK's: an output for each property that was given, and what resolves it."""
    if not _ours():
        return _transfer(res, props, custom)
    resolvers = {}
    for name in props:
        if name != "urn" and not (custom and name == "id"):  # those two are made elsewhere
            resolvers[name], res.__dict__[name] = _output(res)
    return resolvers


def contains_unknowns(val: Any) -> bool:
    """As the SDK's, which makes a function for it that refers to itself: six objects for the garbage collector, ten times a resource."""
    return _unknowns(val) if isinstance(val, (dict, list)) else is_unknown(val)


class _Asyncio:
    """The module as the SDK sees it where it waits for a program's end: it looks at all outputs that it waits for each time that one is there."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def wait(outputs: Iterable[asyncio.Future[Any]], return_when: str = asyncio.ALL_COMPLETED) -> tuple[set[Any], set[Any]]:
        """As asyncio's. More have a moment to come, so that looking takes a small part of the time."""
        outputs = {*outputs}
        done, pending = await asyncio.wait(outputs, return_when=return_when)
        if pending and _ours():
            await asyncio.sleep(LOOK_S * len(outputs))
            done = {output for output in outputs if output.done()}
        return done, outputs - done


def _output(res: Resource) -> tuple[Resolve, Output[Any]]:
    data: asyncio.Future[_OutputData[Any]] = asyncio.Future()

    def resolve(value: Any, known: bool, secret: bool, deps: set[Resource] | None, failed: Exception | None) -> None:
        if failed is not None:
            data.set_exception(failed)
        else:
            data.set_result(_OutputData({*(deps or ()), res}, value, known, secret))

    return resolve, Output._from_data(data)


def _ours() -> bool:
    return isinstance(settings.get_monitor(), Stub)

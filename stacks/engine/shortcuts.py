"""What the SDK does at each registration that nobody here has any use for: half of its time for a program of a thousand resources.

It takes a stack trace, which this engine does not show; it works out the URN that an answer without any engine would have; and it sends messages for
debugging, which this engine drops. Programs that the real CLI runs in this process keep all three.
"""

from __future__ import annotations

from typing import Any

from pulumi import Output, log
from pulumi.runtime import resource, settings
from pulumi.runtime.proto import source_pb2

from stacks.engine.monitor import Early, Monitor

_NO_TRACE = source_pb2.StackTrace()
_trace, _urn, _debug = resource._get_stack_trace, resource.create_urn, log.debug


def take() -> None:
    """From now on, for the whole process."""
    resource._get_stack_trace, resource.create_urn, log.debug = stack_trace, create_urn, debug


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


def _ours() -> bool:
    return isinstance(settings.get_monitor(), (Early, Monitor))

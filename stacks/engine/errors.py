"""Errors of a run, as `pulumi.automation` names them, with one line for people."""

from __future__ import annotations

from pulumi.automation import errors as automation
from pulumi.automation._cmd import CommandResult


class StackError(automation.CommandError):
    """A run that failed; `stdout` and `stderr` are what it said, `lines` the errors alone."""

    def __init__(self, stderr: str, stdout: str = "", lines: tuple[str, ...] = ()) -> None:
        super().__init__(CommandResult(stdout, stderr, 255))
        self.stdout, self.stderr = stdout, stderr
        self.lines = lines or (stderr,)


class ConcurrentUpdateError(StackError, automation.ConcurrentUpdateError):
    """The stack is locked: somebody else's run is in progress."""


class StackNotFoundError(StackError, automation.StackNotFoundError):
    """There is no such stack."""


class InlineSourceRuntimeError(StackError, automation.InlineSourceRuntimeError):
    """The program itself raised."""


class ResourceError(Exception):
    """One resource cannot be planned or operated on."""

    def __init__(self, urn: str, message: str) -> None:
        super().__init__(message)
        self.urn = urn


class CheckError(ResourceError):
    """The resource's description is wrong. Other resources go on; those that need this one do not."""


class Stopped(Exception):  # noqa: N818 - it is not an error of its own
    """The run is ending: nothing new is started."""

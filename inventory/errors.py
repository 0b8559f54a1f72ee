"""The one root of the errors that a user may see: a line, and the exit code that goes with it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (DESIGN section 10)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    FOUND = 3
    WAITING = 4
    INTERRUPTED = 130


class XiangyunError(Exception):
    """Something that is said to the user in one line: what, where, what to do."""

    exit = Exit.FAILED


class InputError(XiangyunError):
    """Input that cannot be read or is refused; nothing was touched."""

    exit = Exit.USAGE

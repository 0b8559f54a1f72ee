"""Errors of the ledger; `exit` is the exit code of a command that meets one."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be written or opened; one line for the user."""

    exit = 1


class UnreadableError(LedgerError):
    """What was given is not an exported ledger, a checkpoint or a key."""

    exit = 2

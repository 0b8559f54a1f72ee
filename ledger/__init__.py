"""An append-only, hash-chained, signed record of what was done. Depends on nothing else of the project."""

from ledger.errors import LedgerError, UnreadableError
from ledger.store import Entry, Ledger, user
from ledger.verify import Problem, Verdict, verify

__all__ = ["Entry", "Ledger", "LedgerError", "Problem", "UnreadableError", "Verdict", "user", "verify"]

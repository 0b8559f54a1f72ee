"""One text for one value: JSON with sorted keys, no spaces, UTF-8; strings, integers, null and containers of them only.

In the manner of RFC 8785; numbers with a fraction are refused, since their text differs between programs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ledger.errors import LedgerError

Json = Mapping[str, Any]


def canonical(value: Json) -> bytes:
    """The bytes that are hashed. Raises `LedgerError` for a value that has no canonical form."""
    _check(value)
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise LedgerError(f"text that is not Unicode cannot be recorded: {error.object[error.start : error.end]!r}") from error


def _check(value: object) -> None:
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        for item in value.values():
            _check(item)
        return
    raise LedgerError(f"{value!r} cannot be recorded: only text, whole numbers and mappings of them")

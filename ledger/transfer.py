"""The exported ledger: a text file of JSON lines that is the same, byte for byte, for the same entries.

{"format":"xiangyun-ledger-1","origin":"xiangyun/0123456789abcdef"}
{"entry":{…},"signature":"…"}       the signature is of the checkpoint of size `seq`: origin, size, Merkle root so far
{"end":2,"signature":"…"}           how many entries, signed as well
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from ledger.canonical import canonical

FORMAT = "xiangyun-ledger-1"


def text(origin: str, rows: Iterable[tuple[bytes, bytes]], end_signature: bytes) -> bytes:
    """The file's bytes; a row is an entry's canonical body and its signature."""
    lines = [canonical({"format": FORMAT, "origin": origin})]
    lines += [b'{"entry":' + body + b',"signature":"' + b64encode(signature) + b'"}' for body, signature in rows]
    lines.append(canonical({"end": len(lines) - 1, "signature": b64encode(end_signature).decode()}))
    return b"\n".join(lines) + b"\n"


def parsed(line: bytes) -> dict[str, Any]:
    """A line's object. Raises `ValueError` unless the line is an object in canonical form."""
    try:
        value = json.loads(line.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict) or canonical(value) != line:
        raise ValueError("not in canonical form")
    return value


def signature_of(line: dict[str, Any]) -> bytes:
    """The raw signature of a line; `ValueError` unless it has one, in the one base64 form."""
    encoded = line["signature"]
    raw = b64decode(encoded, validate=True)
    if b64encode(raw).decode() != encoded:
        raise ValueError("not in canonical form")
    return raw

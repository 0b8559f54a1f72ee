"""Pydantic's errors in the words of a table."""

from __future__ import annotations

from pydantic_core import ErrorDetails


def said(error: ErrorDetails) -> str:
    """One clause about one value: what it is and what was expected."""
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "missing":
            return "missing"
        case "extra_forbidden":
            return "unknown key: correct its spelling or remove it"
        case "string_pattern_mismatch":
            wanted = f"does not match {context.get('pattern')}"
        case "enum" | "literal_error":
            wanted = f"expected {context.get('expected')}"
        case _:
            wanted = error["msg"][:1].lower() + error["msg"][1:]
    return f"{error['input']!r}: {wanted}"

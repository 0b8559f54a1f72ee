"""Pydantic's errors in the words of a table."""

from __future__ import annotations

from pydantic_core import ErrorDetails

EXPECTED = {
    "tuple_type": "a list, such as [a, b]",
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
    "ip_v6_network": "an IPv6 prefix without host bits, such as 2001:db8::/64",
    "ip_v6_address": "an IPv6 address, such as 2001:db8::1",
    "date_from_datetime_parsing": "a date, such as 2026-01-31",
    "date_parsing": "a date, such as 2026-01-31",
    "bool_parsing": "true or false",
    "int_parsing": "a whole number",
    "float_parsing": "a number",
}


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
        case "value_error":
            wanted = str(context.get("error"))
        case "enum" | "literal_error":
            wanted = f"expected {context.get('expected')}"
        case _ if kind in EXPECTED:
            wanted = f"expected {EXPECTED[kind]}"
        case _:
            wanted = error["msg"][:1].lower() + error["msg"][1:]
    return f"{error['input']!r}: {wanted}"

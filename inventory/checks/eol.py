"""When the makers of widely used products stopped mending them: the dated table eol.csv, a source a line.

Only what a maker published is in it; a product that is not is never said to be at its end.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

_LAST = re.compile(r"\.[^. ]+$")


@cache
def table() -> dict[str, date]:
    """Last day of support by `product version`, in lower case."""
    lines = files("inventory.checks").joinpath("eol.csv").read_text("utf-8").splitlines()
    return {f"{row['product']} {row['version']}": date.fromisoformat(row["end"]) for row in csv.DictReader(lines)}


@cache
def end_of(product: str) -> date | None:
    """The last day of support of `centos 7.9` or `Tomcat 8.5.100`; None: not in the table. More exact versions are those of their series."""
    wanted = " ".join(product.lower().split())
    while wanted not in table():
        shorter = _LAST.sub("", wanted)
        if shorter == wanted:
            return None
        wanted = shorter
    return table()[wanted]


def ended(product: str, day: date) -> date | None:
    """The last day of support, when it lies before `day`."""
    end = end_of(product)
    return end if end and end < day else None


def counted(products: Iterable[str]) -> str:
    """`centos 7 (2024-06-30) x 2, …` of products that are in the table, as often as they come, sorted."""
    names = list(products)
    return ", ".join(f"{name} ({end_of(name)}) x {names.count(name)}" for name in sorted(set(names)))

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
from unicodedata import normalize

_LAST = re.compile(r"\.[^. ]+$")
# How a census writes them: CentOS Linux 7.6, SQL Server 2008R2, Windows Server 2012 R2 Datacenter, RHEL7.
_NOISE = re.compile(
    r"\b(microsoft|linux|database|enterprise|standard|datacenter|professional|ultimate|community|edition|release|final|lts|(64|32)[- ]?bit)\b"
    r"|\b(sp|service pack) ?\d\b|(企业|标准|数据中心|专业|旗舰|社区)?版"
)
_JOINED = re.compile(r"(?<=[a-z]{2})(?=\d)|(?<=\d)(?=r\d)")
_ALIASES = {"mssql": "sql server", "rhel": "red hat", "redhat": "red hat", "postgres": "postgresql", "mongo db": "mongodb"}


@cache
def table() -> dict[str, date]:
    """Last day of support by `product version`, in lower case."""
    lines = files("inventory.checks").joinpath("eol.csv").read_text("utf-8").splitlines()
    return {f"{row['product']} {row['version']}": date.fromisoformat(row["end"]) for row in csv.DictReader(lines)}


@cache
def end_of(product: str) -> date | None:
    """The last day of support of `centos 7.9` or `Tomcat 8.5.100`; None: not in the table. More exact versions are those of their series."""
    wanted = " ".join(_NOISE.sub(" ", _JOINED.sub(" ", normalize("NFKC", product).lower())).split())
    for name, meant in _ALIASES.items():
        if wanted.startswith(f"{name} "):
            wanted = meant + wanted.removeprefix(name)
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

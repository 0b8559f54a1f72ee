"""Remediation of two configuration files."""

from __future__ import annotations

from pathlib import Path

from inventory.errors import InputError
from netconf.tree.grammar import Grammar
from netconf.tree.parse import Tree, parse
from netconf.tree.remediate import commands, remediate


def grammar_of(vendor: str) -> Grammar:
    """The grammar of a vendor's language; an unknown vendor is an InputError."""
    from netconf.vendors.frr.grammar import FRR
    from netconf.vendors.h3c.grammar import COMWARE
    from netconf.vendors.huawei.grammar import VRP

    known = {g.name: g for g in (FRR, VRP, COMWARE)}
    if vendor not in known:
        raise InputError(f"vendor {vendor} is not known: {', '.join(known)}")
    return known[vendor]


def remediate_files(vendor: str, running: Path, intended: Path) -> list[str]:
    """The commands, in order. Raises InputError for files that cannot be read, UnsafeOrderError when there is no safe order."""
    grammar = grammar_of(vendor)
    return commands(remediate(_read(running, grammar), _read(intended, grammar), grammar), grammar)


def _read(file: Path, grammar: Grammar) -> Tree:
    try:
        return parse(file.read_text("utf-8"), grammar, str(file))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 (byte {error.start}): convert it, for example from GBK with iconv") from error
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error

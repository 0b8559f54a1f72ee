"""What changed between two states of an estate, row by row, and estates as they were at a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from inventory.errors import InputError
from inventory.find import NAMES, rows
from inventory.load import read_estate
from inventory.model import Estate

MAX_SHOWN = 120  # characters of a value


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of `table` that came, went, or has other values: column to (before, after)."""

    table: str
    id: str
    name: str
    kind: str  # added, removed, changed
    columns: dict[str, tuple[Any, Any]]


def changes(before: Estate, after: Estate) -> list[Changed]:
    """All of them, by table and id."""
    found = []
    for table in NAMES:
        old, new = rows(before, table), rows(after, table)
        for key in sorted(old.keys() | new.keys()):
            if key not in new:
                found.append(Changed(table, key, _name(old[key]), "removed", {}))
            elif key not in old:
                found.append(Changed(table, key, _name(new[key]), "added", {}))
            elif old[key] != new[key]:
                found.append(Changed(table, key, _name(new[key]), "changed", _columns(old[key], new[key])))
    return found


def _name(row: BaseModel) -> str:
    return str(getattr(row, "name", ""))


def _columns(old: BaseModel, new: BaseModel) -> dict[str, tuple[Any, Any]]:
    one, two = old.model_dump(mode="json"), new.model_dump(mode="json")
    return {column: (one[column], two[column]) for column in one if one[column] != two[column]}


def shown(estate: Estate, value: Any) -> str:
    """A value for people: an id with the name that it has, nothing as `–`."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, str) and ":" in value and " " not in value:
        for table in NAMES:
            if row := rows(estate, table).get(value):
                return f"{_name(row)} ({value})" if _name(row) else value
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def at_revision(folder: Path, revision: str) -> Estate:
    """The estate as it was committed at a git revision. Raises InputError outside a git repository and for an unknown revision."""
    prefix = _git(folder, "rev-parse", "--show-prefix").decode().strip()
    if revision.startswith("-"):
        raise InputError(f"{revision}: not a git revision")
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", why=f"{revision}: no such git revision here").decode().strip()
    archive = _git(top, "archive", "--format=tar", commit, *([prefix] if prefix else []), why=f"{revision} has no estate in {prefix or 'its top folder'}")
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11 has it from 3.11.4 on; Debian 12 has 3.11.2
            tar.extractall(scratch)
        return read_estate(Path(scratch) / prefix)


def _git(folder: Path, *words: str, why: str = "") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise InputError("git is not installed: revisions cannot be read") from error
    if done.returncode:
        raise InputError(why or f"{folder} is in no git repository: {done.stderr.decode(errors='replace').strip()[:200]}")
    return done.stdout

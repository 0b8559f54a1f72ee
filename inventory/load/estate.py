"""The folder of an estate to one frozen `Estate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inventory.checks import errors
from inventory.collector import paused_collector
from inventory.errors import InputError
from inventory.journal import finish
from inventory.load.csvfile import read_table
from inventory.load.faults import EstateFaults, Fault
from inventory.load.policy import read_policies
from inventory.model import Allocation, Estate, Level, Region
from inventory.tables import TABLES


def load_estate(folder: Path, drafts: Mapping[str, str] | None = None) -> Estate:
    """The estate of `folder`, fit to be worked on; `drafts` holds texts that take the place of CSV files, by file name.

    Raises `EstateFaults` (exit 2) with everything that is wrong: files that cannot be read, and findings of severity error.
    """
    estate = read_estate(folder, drafts)
    faults = [Fault(*finding.where, finding.en) for finding in errors(estate)]
    if faults:
        raise EstateFaults(str(folder), faults)
    return estate


def is_estate(folder: Path) -> bool:
    """Whether any table of an estate is there."""
    return any((folder / table.file).exists() for table in TABLES.values())


def read_estate(folder: Path, drafts: Mapping[str, str] | None = None) -> Estate:
    """The estate of `folder` as it stands, cross-checks left out: what `inventory check` looks at.

    Raises `EstateFaults` when a file is missing, is not UTF-8, lacks a column, or has a value of the wrong form.
    Of rows with one id the first is kept; `Estate.duplicates` names all places.
    """
    with paused_collector():
        return _read(folder, drafts or {})


def _read(folder: Path, drafts: Mapping[str, str]) -> Estate:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder: give the estate with --estate DIR, or start one with `xiangyun init DIR`")
    if not is_estate(folder):
        raise InputError(f"{folder} is not an estate (no {TABLES['regions'].file}): give one with --estate DIR, or start one with `xiangyun init DIR`")
    finish(folder)  # an edit that was killed half way
    policies = read_policies(folder)
    faults = list(policies.faults)
    origins = dict(policies.origins)
    duplicates = dict(policies.duplicates)
    values: dict[str, Any] = {}
    for table in TABLES.values():
        read = read_table(folder, table, drafts.get(table.file))
        faults += read.faults
        rows: dict[str, Any] = {}
        file, by_code = table.file, table.row is Region
        for line, row in read.rows:
            row_id, place = row.id, f"{file}:{line}"
            first = origins.setdefault(row_id, place)
            if first is not place:
                duplicates[row_id] = (*duplicates.get(row_id, (first,)), place)
            else:
                rows[row.code if by_code else row_id] = row
        values[table.name] = rows
    provinces = [region.code for region in values["regions"].values() if region.level is Level.PROVINCE]
    if len(provinces) != 1 and not faults:
        faults.append(Fault("regions.csv", 0, "level", f"expected one row of level province, found {len(provinces)}"))
    if faults or policies.plan is None:
        raise EstateFaults(str(folder), faults or [Fault("plan.yaml", 1, "", "the file is empty")])
    allocations: dict[str, Allocation] = values.pop("allocations")
    return Estate(
        province=provinces[0],
        **values,
        allocations=tuple(allocations.values()),
        clouds=policies.clouds,
        plan=policies.plan,
        network=policies.network,
        vpns=policies.vpns,
        migrations=policies.migrations,
        roles=policies.roles,
        reviews=tuple(policies.reviews.values()),
        targets=policies.targets,
        scopes=policies.scopes,
        origins=origins,
        duplicates=duplicates,
    )

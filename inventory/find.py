"""Looking things up by id, and who refers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from inventory.errors import InputError
from inventory.model import Estate
from inventory.policy import network_rows
from inventory.tables import LISTS, REFERENCES, TABLES

POLICIES = ("clouds", "vpns", "migrations", "roles", "reviews", "targets", "scopes", "plan", "extranet")
NAMES = (*TABLES, *POLICIES)


def rows(estate: Estate, table: str) -> dict[str, BaseModel]:
    """All objects of a table or policy file, by the id that `origins` knows them by. Raises `InputError` for an unknown table."""
    if table == "allocations":
        return {row.id: row for row in estate.allocations}
    if table in TABLES:
        return {row.id: row for row in getattr(estate, table).values()}
    if table not in POLICIES:
        raise InputError(f"there is no table {table}: known are {', '.join(NAMES)}")
    if table == "plan":
        return {"plan": estate.plan}
    if table == "extranet":
        return {"extranet": estate.network, **network_rows(estate.network)}
    if table == "reviews":
        return {f"review over {row.over_cny:.0f}": row for row in estate.reviews}
    prefix = {"roles": "role:", "targets": "target:", "scopes": "scope:", "migrations": "migration of "}.get(table, "")
    return {f"{prefix}{key}": value for key, value in getattr(estate, table).items()}


def find(estate: Estate, wanted: str) -> tuple[str, BaseModel]:
    """The table and the object of an id, such as `system:430224-0001`. Raises `InputError` when there is none."""
    for table in NAMES:
        row = rows(estate, table).get(wanted)
        if row is not None:
            return table, row
    raise InputError(f"{wanted} is not in the estate: `xiangyun inventory list TABLE` shows what is")


def referrers(estate: Estate, wanted: str) -> Iterator[tuple[str, str]]:
    """Who names `wanted`: id and column."""
    code = wanted.removeprefix("region:")
    for (table, column), targets in REFERENCES.items():
        value = code if "regions" in targets else wanted
        for row in getattr(estate, table).values():
            cell = getattr(row, column)
            if cell and (value in cell.split() if (table, column) in LISTS else value == cell):
                yield row.id, column


def as_json(row: BaseModel) -> Mapping[str, Any]:
    return row.model_dump(mode="json")

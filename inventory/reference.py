"""The reference of the estate's files, made from the model: `python -m inventory.reference > docs/reference/estate.md`."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from inventory.checks.run import all_checks
from inventory.model import AddressPlan, Cloud, Flavor, Image, Landing, Migration, Pool, PoolHost, Quota, Role, Row, Scope, Tenant, Vpn, WriteLog
from inventory.tables import REFERENCES, TABLES, columns

HEAD = """# The estate's files

<!-- Made by `python -m inventory.reference`; do not edit. -->

An estate is a folder: one CSV file a table, UTF-8, with a header, and YAML files for policy. Columns with a default may be left out or left empty;
unknown columns and keys are refused. References are by id. `xiangyun inventory check` reports everything that is wrong with file:row:column.
"""
POLICIES: dict[str, tuple[str, tuple[type[BaseModel], ...]]] = {
    "clouds.yaml": ("a list under `clouds:`", (Cloud, Pool, PoolHost, Flavor, Image, Tenant, Quota, Landing)),
    "plan.yaml": ("one mapping", (AddressPlan,)),
    "vpns.yaml": ("a list under `vpns:`", (Vpn,)),
    "migrations.yaml": ("a list under `migrations:`", (Migration, WriteLog)),
    "roles.yaml": ("a list under `roles:`", (Role,)),
    "scopes.yaml": ("a mapping of names under `scopes:`", (Scope,)),
}


def estate_reference() -> str:
    """The whole document as Markdown."""
    return "\n".join([HEAD, *_tables(), *_policies(), *_checks()])


def _tables() -> Iterator[str]:
    yield "## Tables\n"
    for table in TABLES.values():
        yield f"### {table.file}\n"
        yield f"{_doc(table.row)}\n"
        yield from _fields(table.row, columns(table.row), table.name)


def _policies() -> Iterator[str]:
    yield "## Policy\n"
    for file, (form, classes) in POLICIES.items():
        yield f"### {file}\n"
        yield f"Form: {form}.\n"
        for cls in classes:
            yield f"**{cls.__name__}**: {_doc(cls)}\n"
            yield from _fields(cls, tuple(cls.model_fields), "")


def _checks() -> Iterator[str]:
    yield "## Checks\n"
    yield "| rule | severity | finding |\n|---|---|---|"
    for check in all_checks():
        yield f"| {check.id} | {check.severity} | {check.title.en} ({check.title.zh}) |"
    yield ""


def _fields(cls: type[BaseModel], names: tuple[str, ...], table: str) -> Iterator[str]:
    yield "| column | type | default | notes |\n|---|---|---|---|"
    for name in names:
        field = cls.model_fields[name]
        default = "" if field.is_required() else _default(field)
        notes = [f"in {' or '.join(f'{target}' for target in REFERENCES[table, name])}"] if (table, name) in REFERENCES else []
        notes += [field.description] if field.description else []
        yield f"| {name} | {_type(field.annotation)} | {default or ('' if not field.is_required() else 'required')} | {'; '.join(notes)} |"
    yield ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, enum.Enum):
        return str(value.value)
    return "empty" if value in (None, "", ()) else str(value).lower() if isinstance(value, bool) else str(value)


def _type(annotation: Any) -> str:
    """`one of a, b`, `id`, `whole number`, … for a field's annotation."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_type(argument) for argument in arguments if argument is not type(None))
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, arguments))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return "one of " + ", ".join(str(member.value) for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return names.get(annotation, {"date": "date (ISO 8601)", "IPv6Address": "IPv6 address", "IPv6Network": "IPv6 prefix"}.get(annotation.__name__, "text"))


def _doc(cls: type[Row] | type[BaseModel]) -> str:
    return " ".join((cls.__doc__ or "").split())


if __name__ == "__main__":
    print(estate_reference())

"""The mapping file: which sheet is which table, which title which column, and how values are written."""

from __future__ import annotations

import re
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from inventory.errors import InputError
from inventory.importers.text import key
from inventory.load.messages import said
from inventory.load.yamltext import NotYamlError, parsed
from inventory.tables import REFERENCES, TABLES, columns

Word = Annotated[str, StringConstraints(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Constant(_Part):
    """Where a value comes from that no column holds; the first of a list that gives one is taken.

    `cell`: the text after a label above the header (`填报单位：…`), or in the cell to the right of it;
    `file`: the longest name of the referred table in the file's name;
    `region`: the only row of the referred table in the region of the row's unit; `value`: fixed.
    """

    from_: Literal["cell", "file", "region", "value"] = Field(alias="from")
    labels: tuple[Word, ...] = ()
    value: str = ""


class Column(_Part):
    """One column of a table: its titles in any spelling (`大标题/小标题` for several header rows), words for its values, and its unit."""

    titles: tuple[Word, ...]
    values: dict[str, tuple[Word, ...]] = Field(default={}, description="the model's value: words for it")
    unit: str = Field(default="", description="a family of `units`")
    constants: tuple[Constant, ...] = ()


class TableMap(_Part):
    """How one table is found and read. `key`: columns that name a row where no id does; `renames`: propose similar names for rows that are not found."""

    sheets: tuple[Word, ...] = Field(description="names of sheets; * stands for anything")
    key: tuple[Word, ...]
    header_rows: int | None = Field(default=None, ge=1, le=5, description="found by content where it is not given")
    region_by: str = Field(default="unit", description="the column whose row's region goes into new ids")
    renames: bool = True
    columns: dict[str, Column]


class SkipWords(_Part):
    """Beginnings of rows that are no data, by why they are left out."""

    total: tuple[Word, ...] = ()
    remark: tuple[Word, ...] = ()
    example: tuple[Word, ...] = ()


class Mapping(_Part):
    """`units`: families of unit words and what each multiplies; `blank`: words for `nothing`; `ignore`: titles that nobody needs."""

    yes: tuple[Word, ...]
    no: tuple[Word, ...]
    blank: tuple[Word, ...] = ()
    unknown: tuple[Word, ...] = ()
    ignore: tuple[Word, ...] = ()
    ignore_sheets: tuple[Word, ...] = ()
    skip: SkipWords = SkipWords()
    units: dict[str, dict[str, float]] = {}
    tables: dict[str, TableMap]

    @model_validator(mode="after")
    def _known(self) -> Mapping:
        """Tables, columns and unit families exist; no title of a table stands for two columns."""
        faults: list[str] = []
        for name, table in self.tables.items():
            if name not in TABLES:
                faults.append(f"tables.{name}: there is no such table; known are {', '.join(TABLES)}")
                continue
            known = columns(TABLES[name].row)
            faults += [
                f"tables.{name}.columns.{column}: there is no such column; known are {', '.join(known)}" for column in table.columns if column not in known
            ]
            faults += [f"tables.{name}.key: {column} has no titles under columns" for column in table.key if column not in table.columns]
            seen: dict[str, str] = {}
            for column, described in table.columns.items():
                if described.unit and described.unit not in self.units:
                    faults.append(f"tables.{name}.columns.{column}.unit: no family {described.unit} under units")
                for constant in described.constants:
                    if constant.from_ in ("file", "region") and (name, column) not in REFERENCES:
                        faults.append(f"tables.{name}.columns.{column}.constants: `{constant.from_}` needs a column that refers to another table")
                for title in map(key, described.titles):
                    if seen.setdefault(title, column) != column:
                        faults.append(f"tables.{name}.columns.{column}: the title {title} is {seen[title]}'s already")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @cached_property
    def yes_words(self) -> frozenset[str]:
        return frozenset(map(key, self.yes))

    @cached_property
    def no_words(self) -> frozenset[str]:
        return frozenset(map(key, self.no))

    @cached_property
    def blank_words(self) -> frozenset[str]:
        return frozenset(map(key, self.blank))

    @cached_property
    def unknown_words(self) -> frozenset[str]:
        return frozenset(map(key, self.unknown))

    def unit_words(self, family: str) -> dict[str, float]:
        return {key(word): factor for word, factor in self.units.get(family, {}).items()}


def load_mapping(file: Path | None = None) -> Mapping:
    """The mapping of `file`, or the one that comes with the product. Raises `InputError` with every fault."""
    name = str(file) if file else "mapping.yaml"
    try:
        text = file.read_text("utf-8") if file else (files("inventory.importers") / "mapping.yaml").read_text("utf-8")
        return Mapping.model_validate(parsed(text))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read: {error}") from error
    except NotYamlError as error:
        raise InputError(f"{name}:{error.line}: not YAML: {error}") from error
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, detail['loc']))}: {re.sub('^value error, ', '', said(detail).split(': ', 1)[-1])}" for detail in error.errors()]
        raise InputError(f"{name}: {len(lines)} fault{'s' if len(lines) > 1 else ''}; nothing was done\n" + "\n".join(lines)) from error

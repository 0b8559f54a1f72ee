"""The JSON Schema says of every table what the loader demands."""

from __future__ import annotations

import json

import pytest

from inventory.errors import InputError
from inventory.schema import schema
from inventory.tables import TABLES, columns, required


@pytest.mark.parametrize("name", list(TABLES))
def test_a_schema_has_the_columns_of_its_table(name: str) -> None:
    made = schema(name)
    assert list(made["properties"]) == list(columns(TABLES[name].row))
    assert set(made["required"]) == required(TABLES[name].row)
    assert made["additionalProperties"] is False
    assert "$ref" not in json.dumps(made)
    assert all(values["title"] for values in made["properties"].values())


def test_a_column_says_its_type_its_values_and_what_it_names() -> None:
    rooms, systems = schema("rooms")["properties"], schema("systems")["properties"]
    assert rooms["pue"] == {"title": "PUE", "minimum": 1, "type": "number"}
    assert rooms["status"]["enum"][0] == "surveyed"
    assert rooms["unit"]["x-references"] == ["units"]
    assert rooms["unit"]["title"] == "管理单位"
    assert systems["platforms"]["x-list"] is True
    assert systems["rto_minutes"]["description"] == "recovery time objective / 恢复时间目标"


def test_all_tables_together() -> None:
    made = schema()
    assert list(made["properties"]) == list(TABLES)
    assert "egresses" not in made["required"]
    assert made["properties"]["rooms"]["items"]["title"] == "机房"
    with pytest.raises(InputError, match="no table machines"):
        schema("machines")

"""The reference in docs/ is what the model says now, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory import titles
from inventory.find import NAMES
from inventory.reference import FILES, POLICIES, estate_reference
from inventory.tables import TABLES, columns

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_reference_is_current(lang: str) -> None:
    assert (FOLDER / FILES[lang]).read_text("utf-8") == estate_reference(lang) + "\n", "run `python -m inventory.reference`"


def test_every_law_and_standard_that_is_cited_is_in_the_list_of_sources() -> None:
    cited = re.compile(r"〔20\d\d〕\d+号|国务院令第\d+号|密码管理局令第\d+号|GB(?:/T)? \d+(?:-\d{4})?|SP 800-\d+")
    root = Path(__file__).parents[2]
    listed = (root / "docs" / "explanation" / "sources.md").read_text("utf-8")
    found = {name for folder in ("inventory", "migration") for file in (root / folder).rglob("*.py") for name in cited.findall(file.read_text("utf-8"))}
    assert len(found) > 15
    assert {name for name in found if name not in listed} == {"GB/T 2260"}  # the codes themselves, not a duty


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


# Names that are the same in Chinese.
KEPT = {("rooms", "pue"), ("lans", "vpn")}


def test_every_table_and_column_has_a_chinese_title() -> None:
    assert set(titles.TABLES) == set(TABLES)
    for table in TABLES.values():
        names = [titles.title(table.name, column) for column in columns(table.row)]
        bare = {column for column, name in zip(columns(table.row), names, strict=True) if not chinese(name)}
        assert bare <= {column for kept, column in KEPT if kept == table.name}
        assert len(set(names)) == len(names), f"{table.name}: two columns of one title"


def test_every_title_is_of_a_column() -> None:
    known = {(table.name, column) for table in TABLES.values() for column in columns(table.row)}
    assert {key for key in titles.COLUMNS if isinstance(key, tuple)} <= known
    assert {key for key in titles.COLUMNS if isinstance(key, str)} <= {column for _, column in known}


def test_every_note_is_there_in_both_languages() -> None:
    described = {(table.name, name) for table in TABLES.values() for name, field in table.row.model_fields.items() if field.description}
    assert set(titles.NOTES) == described
    assert all(map(chinese, titles.NOTES.values()))


def test_every_column_has_a_heading_in_both_languages() -> None:
    for table in NAMES:
        file = "network.yaml" if table == "extranet" else f"{table}.yaml"
        row = TABLES[table].row if table in TABLES else POLICIES[file][1][0]
        for column in columns(row) if table in TABLES else row.model_fields:
            assert chinese(titles.heading(table, column, "zh")) or column in ("pue", "vpn")
            assert "_" not in titles.heading(table, column, "en")
    assert titles.heading("links", "bandwidth_mbps", "en") == "Bandwidth (Mbit/s)"
    assert titles.heading("systems", "mlps_level", "en") == "MLPS level"


def test_every_key_of_a_policy_file_has_a_chinese_title() -> None:
    classes = {cls.__name__: set(cls.model_fields) for _, group in POLICIES.values() for cls in group}
    assert {name: set(keys) for name, (_, keys) in titles.POLICIES.items()} == classes

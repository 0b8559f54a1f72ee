"""YAML texts: what plain words mean, where things stand, and what is refused with its line, wherever a file of the estate or beside it is read."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.access import load_access
from inventory.checks.baseline import read_baseline
from inventory.errors import InputError
from inventory.importers.collect import decisions
from inventory.importers.mapping import load_mapping
from inventory.load import load_estate
from inventory.load.yamlfile import Map, NotYamlError, Seq, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("True", True),
        ("false", False),
        ("010", 10),
        ("-7", -7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0x", "0x"),
        ("1_000", "1_000"),
        ("1.5e3", 1500.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ("~", None),
        ("", None),
        ("null", None),
        ("=", "="),
        ("'430000'", "430000"),
        ("２０", "２０"),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-1-31", "2026-1-31"),
        ("2026-01-31T10:00:00", datetime(2026, 1, 31, 10)),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    found = read_yaml(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_key_and_item_knows_its_line() -> None:
    value = read_yaml("# first\nclouds:\n- id: one\n  pools: [a,\n    b]\n\n- id: two\n")
    assert isinstance(value, Map)
    assert isinstance(value["clouds"], Seq)
    assert value.lines == {"clouds": 2}
    assert value["clouds"].lines == [3, 7]
    assert value["clouds"][0].lines == {"id": 3, "pools": 4}
    assert value["clouds"][0]["pools"].lines == [4, 5]


def test_merged_keys_give_way_to_a_mappings_own() -> None:
    value = read_yaml("small: &small {cores: 4, disk: 10}\nlarge:\n  <<: *small\n  cores: 32\n")
    assert value["large"] == {"cores": 32, "disk": 10}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: [c d: }", 2, "did not find"),
        ("a: 1\nb:\n\t- c", 3, "cannot start any token"),
        ("a: 1\nb: 2\na: 3", 3, "the key a stands here twice"),
        ("a:\n  ? [b]\n  : c", 2, "a key must be a plain value"),
        ("a:\n  b: 2026-02-30", 2, "2026-02-30 is no date: day is out of range"),
        ("a: 1\nb: !thing c", 2, "!thing"),
        ("a: 1\nb: &b\n  - *b", 2, "recursive"),
        ("a: *b", 1, "undefined alias"),
        ("a: 1\n---\nb: 2", 2, "expected a single document"),
        ("a: \x07", 0, "control characters"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(NotYamlError, match=said) as caught:
        read_yaml(text)
    assert caught.value.line == line
    assert caught.value.of("x.yaml").startswith(f"x.yaml:{line}: not YAML: " if line else "x.yaml: not YAML: ")


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2026-01-01 99:00:00",
        "9" * 5000,
        "!!int x",
        "!!float x",
        "!!float ''",
        "!!bool x",
        "!!timestamp x",
        "!!seq x",
        "!!map x",
        "[1",
        "{a: 1, a: 2}",
        "*nowhere",
    ],
)
def test_a_value_that_denies_itself_is_a_fault_with_its_line(value: str) -> None:
    with pytest.raises(NotYamlError) as caught:
        read_yaml(f"a:\n  - b: {value}\n")
    assert caught.value.line in (2, 3)  # an open bracket is missed on the next line
    assert 0 < len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text", ["[" * 900 + "]" * 900, "a:\n  " + "[" * 200_000, "{a: " * 5000, "- " * 30_000, "\n".join(" " * depth + "a:" for depth in range(2000))]
)
def test_a_text_that_is_nested_too_deeply_is_a_fault(text: str) -> None:
    with pytest.raises(NotYamlError, match="nested too deeply"):
        read_yaml(text)


def test_every_reader_says_where(tmp_path: Path, small: Path) -> None:
    (small / ".xiangyun").mkdir(exist_ok=True)
    readers: dict[Path, Callable[[Path], object]] = {
        small / "scopes.yaml": lambda file: load_estate(file.parent),
        small / ".xiangyun" / "access.yaml": lambda file: load_access(file.parent),
        tmp_path / "baseline.yaml": read_baseline,
        tmp_path / "mapping.yaml": load_mapping,
        tmp_path / "decisions.yaml": lambda file: decisions([], file),
    }
    for file, read in readers.items():
        file.write_text("a:\n  - b: 2026-02-30\n", "utf-8")
        with pytest.raises(InputError, match=rf"{file.name}:2.*2026-02-30"):
            read(file)

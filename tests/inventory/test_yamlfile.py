"""YAML texts: what plain words mean, where things stand, and what is refused with its line."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest

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
        ("a:\n  b: 2026-02-30", 2, "2026-02-30: day is out of range"),
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

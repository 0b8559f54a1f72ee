"""YAML that is none, or whose values deny themselves, is a fault with its line, wherever a file of the estate or beside it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.access import load_access
from inventory.checks.baseline import read_baseline
from inventory.errors import InputError
from inventory.importers.collect import decisions
from inventory.importers.mapping import load_mapping
from inventory.load import load_estate
from inventory.load.yamltext import NotYamlError, parsed

BAD = ("2026-02-30", "2026-01-01 99:00:00", "9" * 5000, "!!int x", "!!float x", "!!bool x", "[1", "{a: 1, a: 2}", "*nowhere")


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("places", [True, False])
def test_a_fault_has_its_line(value: str, places: bool) -> None:
    with pytest.raises(NotYamlError) as caught:
        parsed(f"a:\n  - b: {value}\n", places=places)
    assert caught.value.line in (2, 3)  # an open bracket is missed on the next line
    assert 0 < len(str(caught.value)) < 200


def test_a_text_that_is_nested_too_deeply_is_a_fault() -> None:
    with pytest.raises(NotYamlError, match="deep"):
        parsed("[" * 5000 + "]" * 5000)


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

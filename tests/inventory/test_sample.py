"""The committed sample rows are what the generator makes, and adding a county moves no other row."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory import sample
from tests.conftest import copied
from tests.lab.pilot import HUNAN

ESTATES = Path(__file__).parents[2] / "estates"


@pytest.mark.parametrize("name", ["hunan", "ningxia"])
def test_committed_files_are_the_generators(name: str) -> None:
    folder = ESTATES / name
    for name, text in sample.generate(folder).items():
        assert (folder / name).read_text("utf-8") == text, f"{name}: run `inventory.sample.write` on the estate"


def test_a_new_county_renumbers_nobody(tmp_path: Path) -> None:
    folder = copied(HUNAN, tmp_path / "hunan")
    before = sample.generate(folder)
    with (folder / "regions.csv").open("a", encoding="utf-8") as out:
        out.write("430299,新县,Newtown County,county,430200,,gbt2260\n")
    with (folder / "units.csv").open("a", encoding="utf-8") as out:
        out.write("unit:430299-0001,新县人民政府,county,430299,unit:430200-0001,plan\n")
    after = sample.generate(folder)
    assert any("newtown-pe-1" in line for line in after["devices.csv"].splitlines())
    for name, text in before.items():
        assert set(text.splitlines()) <= set(after[name].splitlines()), name

"""The generated reference of vendors."""

from __future__ import annotations

from pathlib import Path

from netconf.reference import reference

FILE = Path(__file__).parents[2] / "docs" / "reference" / "vendors.md"


def test_the_table_of_vendors_is_current() -> None:
    assert FILE.read_text("utf-8") == reference(), "run `python -m netconf.reference`"


def test_every_vendor_and_feature_is_in_it() -> None:
    text = reference()
    assert "| slices | ✓ | – | – |" in text
    assert "| nat64 | – | – | – | ✓ | ✓ | – | – | – |" in text
    assert "`opcode compress ::{function:hex} end-dt6 next` | inferred |  |  |" in text
    assert "`isis ipv6 cost {cost:int}` | manual |" in text

"""Ids are found, with who refers to them."""

from __future__ import annotations

import pytest

from inventory.errors import InputError
from inventory.find import NAMES, find, referrers, rows
from inventory.model import Estate


def test_everything_that_was_read_is_found(hunan: Estate) -> None:
    listed = {key for name in NAMES if name != "reviews" for key in rows(hunan, name)}
    sections = {key for key in hunan.origins if key.startswith("extranet:") and key.count(":") == 1}  # of network.yaml: lists, but for those of one thing
    sections |= {key for key in hunan.origins if key.startswith("plan:")}
    assert listed == {key for key in hunan.origins if not key.startswith("review:")} - sections | {"extranet:management", "extranet:protection"}
    assert list(rows(hunan, "reviews")) == ["review over 0", "review over 5000000"]


def test_find_and_referrers(hunan: Estate) -> None:
    table, row = find(hunan, "room:430224-0001")
    assert (table, row.model_dump()["unit"]) == ("rooms", "unit:430224-0002")
    assert ("system:430224-0001", "room") in set(referrers(hunan, "room:430224-0001"))
    assert ("topic:430000-0028", "units") in set(referrers(hunan, "unit:430000-0038"))
    assert ("unit:430224-0001", "region") in set(referrers(hunan, "region:430224"))


def test_unknown_names(hunan: Estate) -> None:
    with pytest.raises(InputError, match="system:none"):
        find(hunan, "system:none")
    with pytest.raises(InputError, match="no table nonsense"):
        rows(hunan, "nonsense")

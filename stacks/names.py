"""Names in clouds that follow from the estate's stable ids."""

from __future__ import annotations


def slug(stable_id: str) -> str:
    """`cloud:hn-province` → `hn-province`."""
    return stable_id.partition(":")[2]

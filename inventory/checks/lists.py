"""Telling of many things at once, and grouping them, so that a rule says a place's trouble in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
SHOWN = 5


def some(ids: Sequence[str]) -> tuple[str, str]:
    """Chinese and English: the first ids, and how many more there are."""
    more = len(ids) - SHOWN
    return "、".join(ids[:SHOWN]) + (f" 等 {len(ids)} 个" if more > 0 else ""), ", ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Things by key, both in the order in which they came."""
    groups: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return dict(groups)

"""Which resources a run may touch: --target and --exclude, by URN, name or TYPE::NAME; `*` stands for anything within a part, `**` for anything."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Targets:
    """Named resources, or everything but the excluded ones. With `dependents`, whatever needs them goes along."""

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = (), dependents: bool = False) -> None:
        self._include = list(include)
        self._exclude = list(exclude)
        self._dependents = dependents
        self._patterns = [_pattern(text) for text in self._include or self._exclude]
        self._reached: set[str] = set()
        self.limited = bool(self._patterns)
        self.excluding = bool(self._exclude) and not self._include

    def wants(self, urn: str, needs: Iterable[str] = ()) -> bool:
        """Whether this resource may be touched; ask in the order of dependencies."""
        if not self.limited:
            return True
        named = any(pattern.fullmatch(urn) for pattern in self._patterns) or (self._dependents and not self._reached.isdisjoint(needs))
        if named:
            self._reached.add(urn)
        return named is not self.excluding

    def unknown(self, urns: Iterable[str]) -> list[str]:
        """Targets that name none of these."""
        known = list(urns)
        return [text for text in self._include if not any(_pattern(text).fullmatch(urn) for urn in known)]


def _pattern(text: str) -> re.Pattern[str]:
    if not text.startswith(("urn:", "**")):
        text = f"**{text}" if "::" in text else f"**::{text}"
    parts = (re.escape(part).replace(r"\*", "[^:]*") for part in text.split("**"))
    return re.compile(".*".join(parts))

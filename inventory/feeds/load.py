"""What the plugins of other tools read: an estate, narrowed to a scope, and its logins where there are any."""

from __future__ import annotations

from pathlib import Path

from inventory.access import FILE, Access, load_access
from inventory.load import load_estate
from inventory.model import Estate
from inventory.scope import scoped


def loaded(folder: Path, scope: str | None) -> tuple[Estate, Access]:
    """Raises what loading raises; an estate without access.yaml has no logins, which is no fault here."""
    state = folder.resolve() / ".xiangyun"
    return scoped(load_estate(folder), scope), load_access(state) if (state / FILE).exists() else Access()

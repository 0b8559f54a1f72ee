"""INV-020: a scope names what exists."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Scopes(Check):
    id, severity = "INV-020", Severity.ERROR
    title = Text(zh="范围中的对象不存在", en="A scope names something that does not exist")
    reason = Text(
        zh="范围决定命令作用于哪些对象，写错会漏掉或误操作。",
        en="A scope decides what a command touches.",
    )
    advice = Text(
        zh="改正 scopes.yaml 中的标识。",
        en="Correct the id in scopes.yaml.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for name, scope in estate.scopes.items():
            for column in ("devices", "rooms", "clouds", "systems", "regions"):
                for member in getattr(scope, column):
                    if member not in getattr(estate, column):
                        yield self.finding(
                            estate, f"scope:{name}", column, zh=f"范围 {name} 中的 {member} 不存在", en=f"{member} of the scope {name} is not in {column}"
                        )

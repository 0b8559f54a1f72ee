"""A preview for people, in Chinese or English, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.importers.changes import Preview
from inventory.importers.problems import Problem
from inventory.titles import TABLES, heading

_WORDS = {
    "zh": {"added": "新增", "changed": "变更", "vanished": "工作簿中已没有（不删除）", "error": "错误", "warning": "警告", "note": "说明"},
    "en": {
        "added": "added",
        "changed": "changed",
        "vanished": "no longer in the workbook (not removed)",
        "error": "error",
        "warning": "warning",
        "note": "note",
    },
}


def lines(preview: Preview, lang: str) -> Iterator[str]:
    words = _WORDS[lang]
    for problem in preview.problems:
        yield problem_line(problem, lang)
    for entry in preview.added:
        yield f"+ {words['added']} {entry.id}  {entry.values.get('name') or ' '.join([*entry.values.values()][:3])}  ({entry.place})"
    for entry in preview.changed:
        yield f"~ {words['changed']} {entry.id}  ({entry.place})"
        yield from (f"    {heading(entry.table, name, lang)}: {old or '–'} → {new or '–'}" for name, (old, new) in entry.changes.items())
    for _, row, name in preview.vanished:
        yield f"? {words['vanished']} {row}  {name}"
    for account in preview.accounts:
        skipped = len(account.skipped)
        if lang == "zh":
            yield (
                f"{account.place} → {TABLES[account.table][0]}：{account.rows} 行 = 接收 {account.taken} + 无变化 {account.unchanged} + 拒收 {account.refused}"
                f" + 略过 {skipped} + 空行 {account.empty}"
            )
        else:
            yield (
                f"{account.place} → {account.table}: {account.rows} rows = {account.taken} taken + {account.unchanged} unchanged + {account.refused} refused"
                f" + {skipped} left out + {account.empty} empty"
            )
    counts = (len(preview.added), len(preview.changed), len(preview.vanished), len(preview.errors))
    if lang == "zh":
        yield "新增 {}，变更 {}，不再出现 {}，错误 {}".format(*counts)
    else:
        yield "{} added, {} changed, {} no longer there, {} errors".format(*counts)


def problem_line(problem: Problem, lang: str) -> str:
    return f"{problem.place}: {_WORDS[lang][problem.severity]}: {problem.said(lang)}"


def as_data(preview: Preview) -> dict[str, Any]:
    return {
        "workbooks": preview.digests,
        "added": [{"table": entry.table, "id": entry.id, "place": str(entry.place), "values": entry.values} for entry in preview.added],
        "changed": [
            {
                "table": entry.table,
                "id": entry.id,
                "place": str(entry.place),
                "columns": {name: {"old": old, "new": new} for name, (old, new) in entry.changes.items()},
            }
            for entry in preview.changed
        ],
        "vanished": [{"table": table, "id": row, "name": name} for table, row, name in preview.vanished],
        "problems": [problem_data(problem) for problem in preview.problems],
        "sheets": [
            {
                "place": str(account.place),
                "table": account.table,
                "rows": account.rows,
                "taken": account.taken,
                "unchanged": account.unchanged,
                "refused": account.refused,
                "skipped": [{"row": row + 1, "why": why} for row, why in account.skipped],
                "empty": account.empty,
            }
            for account in preview.accounts
        ],
    }


def problem_data(problem: Problem) -> dict[str, Any]:
    return {
        "place": str(problem.place),
        "workbook": problem.place.workbook,
        "sheet": problem.place.sheet,
        "cell": problem.place.cell,
        "severity": str(problem.severity),
        "code": problem.code,
        "zh": problem.zh,
        "en": problem.en,
        "candidates": list(problem.candidates),
    }

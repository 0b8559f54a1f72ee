"""Tables of the record: what the checks found, by rule, and what the ledger says was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.checks import Finding
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.notes import Change, changed
from inventory.reports.tables.maker import Columns, Maker


def findings(c: Context, found: list[Finding]) -> Table:
    add: Maker[Finding] = Maker(c, "findings", "g_record")
    add("where", lambda f: f.place, "mono", 34)
    add("severity", lambda f: c.said("severity", f.severity), width=10, filter=True)
    add("rule", lambda f: f.rule, width=10, filter=True)
    add("subject", lambda f: f.subject, "mono", 26)
    add("subject_name", lambda f: c.names.get(f.subject, ""), width=30)
    add("finding", lambda f: c.told(f.zh, f.en), width=70)
    return add.table(found)


def rules(c: Context, tables: Tables, titles: Mapping[str, tuple[str, str]]) -> Table:
    """The rules that found something; `titles` are theirs, in Chinese and English."""
    k = Columns(c)
    found = tables["findings"]
    seen = sorted({(str(rule), str(severity)) for rule, severity in zip(found.values("rule"), found.values("severity"), strict=True)})
    rows = [(rule, c.told(*titles.get(rule, ("", ""))), severity) for rule, severity in seen]
    columns = (
        k.own("rule", width=10),
        k.own("rule_title", width=44),
        k.own("severity", width=10, filter=True),
        k.of("finding_count", Source("findings", match=(("rule", "rule"), ("severity", "severity")))),
    )
    return computed(tables, "rules", c.words["rules"], columns, rows, group="g_record")


def changes(c: Context, entries: list[Mapping[str, Any]]) -> Table:
    """The ledger's entries in words, oldest first."""
    add: Maker[Change] = Maker(c, "changes", "g_record", c.words["changes_note"])
    add("seq", lambda e: e.seq, "code", 8)
    add("time", lambda e: e.time, width=20)
    add("who", lambda e: e.who, filter=True)
    add("what", lambda e: e.what, width=22, filter=True)
    add("on", lambda e: e.on, width=34)
    add("from", lambda e: e.was, width=16)
    add("to", lambda e: e.is_now, width=16)
    add("note", lambda e: e.note, width=60)
    add("before", lambda e: e.before, "digest", 20)
    add("after", lambda e: e.after, "digest", 20)
    add("code", lambda e: e.code, "mono", 18)
    add("on_id", lambda e: e.on_id, "mono", 28)
    return add.table(changed(c, entries))

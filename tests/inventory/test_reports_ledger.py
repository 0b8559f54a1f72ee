"""What the ledger says, in words; and the day of a report."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inventory.errors import InputError
from inventory.load import load_estate
from inventory.model import Estate
from inventory.reports import Facts, build
from inventory.reports.context import Context
from inventory.reports.day import check_day
from inventory.reports.notes import until
from inventory.reports.tables import record
from inventory.reports.words import words

SYSTEM, ROOM, ASSET = "system:430224-0001", "room:430224-0001", "asset:430224-0001"
DAY = date(2026, 10, 2)
ROOT = Path(__file__).parents[2]


def entry(what: str, on: str, note: str = "", before: str | None = None, after: str | None = None, time: str = "2026-10-01T16:30:00.000Z") -> dict[str, Any]:
    return {"seq": 1, "time": time, "who": "ops", "what": what, "on": on, "note": note, "before": before, "after": after}


def told(estate: Estate, *entries: dict[str, Any], lang: str = "zh", day: date = DAY) -> list[dict[str, Any]]:
    facts = Facts(as_of=day, changes=entries)
    table = record.changes(Context(estate, facts, words(lang), lang), until(facts.changes, day))
    return [dict(zip((column.key for column in table.columns), row, strict=True)) for row in table.rows]


def test_times_are_chinas(hunan: Estate) -> None:
    assert told(hunan, entry("net.push", "scope:all"))[0]["time"] == "2026-10-02 00:30:00"
    assert told(hunan, entry("net.push", "scope:all"), day=date(2026, 10, 1)) == []


def test_a_report_has_the_entries_up_to_its_day(small: Path) -> None:
    changes = [entry("net.push", "scope:all"), entry("net.push", "scope:all", time="2026-10-02T16:00:00.000Z")]
    assert len(build(load_estate(small), Facts(as_of=DAY, changes=changes), found=()).table("changes").rows) == 1


def test_a_move_says_its_states_and_what_was_measured(hunan: Estate) -> None:
    facts = {"state": "done", "downtime_s": 16.46, "rows": 122222, "lost": 0, "acknowledged": 2851, "disposition": "rehost", "digests": {"a": "b"}}
    rows = told(hunan, entry("migrate.state", SYSTEM, '{"state": "cut-over"}'), entry("migrate.state", SYSTEM, json.dumps(facts)))
    assert [(row["what"], row["from"], row["to"]) for row in rows] == [("系统迁移进展", "", "已切换"), ("系统迁移进展", "已切换", "已完成")]
    assert rows[1]["on"] == "茶陵县就业信息登记系统"
    assert rows[1]["note"] == "停机秒数: 16.46; 迁移行数: 122,222; 丢失写入: 0; 已确认写入: 2,851; 处置方式: 原样迁移"


@pytest.mark.parametrize(
    ("what", "on", "note", "zh", "en"),
    [
        ("net.push", "scope:all", "t1: device:hn-core-1, device:hn-core-2", "2 台设备变更：hn-core-1, hn-core-2", "devices changed (2): hn-core-1, hn-core-2"),
        ("room.network", ROOM, "push t1: device:hn-core-1", "1 台设备变更：hn-core-1", "devices changed (1): hn-core-1"),
        ("cloud.up", "cloud:hn-province", "create 61, update 2", "新建 61, 更新 2", "create 61, update 2"),
        ("migrate.approve", SYSTEM, f"{SYSTEM}#2", "第 2 次迁移", "move 2"),
        (
            "estate.edit",
            SYSTEM,
            "{'room': None, 'cloud': 'cloud:hn-province'}; push t1: device:hn-core-1",
            "机房: 无; 政务云: 省政务云; 1 台设备变更：hn-core-1",
            "Room: nowhere; Cloud: 省政务云; devices changed (1): hn-core-1",
        ),
        (
            "media.sanitised",
            ASSET,
            "serial: W1, method: purge, by: 张三",
            "序列号: W1; 方法: 净化（purge）; 执行人: 张三",
            "serial number: W1; method: purge; by: 张三",
        ),
        (
            "inventory.decide",
            SYSTEM,
            "merge into system:430000-0004 by ops: 重复",
            "合并，并入 省政务数据共享平台；决定人：ops；理由：重复",
            "merge into 省政务数据共享平台, by ops: 重复",
        ),
        (
            "intake.review",
            "project:2026-0001",
            '{"role": "finance", "verdict": "refuse", "signature": "x"}',
            "角色: finance; 意见: 不同意",
            "role: finance; verdict: refuse",
        ),
        ("later.thing", "z:1", "as it was", "as it was", "as it was"),
    ],
)
def test_notes_are_words(hunan: Estate, what: str, on: str, note: str, zh: str, en: str) -> None:
    assert told(hunan, entry(what, on, note))[0]["note"] == zh
    assert told(hunan, entry(what, on, note), lang="en")[0]["note"] == en


@pytest.mark.parametrize("note", ["{broken", "{'a': x}; push", "", "7", "[1]", "push", "no colon"])
@pytest.mark.parametrize(
    "what", ["estate.edit", "migrate.state", "net.push", "media.sanitised", "inventory.decide", "cloud.up", "intake.review", "room.closed"]
)
def test_a_note_of_another_form_is_shown_as_it_is(hunan: Estate, what: str, note: str) -> None:
    assert note.strip("7") in told(hunan, entry(what, SYSTEM, note))[0]["note"] or what == "media.sanitised"


def test_rooms_go_from_step_to_step(hunan: Estate) -> None:
    rows = told(hunan, entry("room.sanitised", ROOM), entry("room.disposed", ROOM, before="ab" * 32, after="cd" * 32))
    assert (rows[1]["from"], rows[1]["to"], rows[1]["before"], rows[1]["after"]) == ("介质已清除", "资产已处置", "ab" * 32, "cd" * 32)


def test_every_code_that_the_product_records_has_its_words() -> None:
    pattern = re.compile(r"""(?:record\(\s*(?:what=)?|WHAT = |work\.apply\([^"]*)"([a-z]+\.[a-z.]+)\"""")
    codes = {
        code
        for folder in ("inventory", "migration", "netconf", "stacks", "cli")
        for file in (ROOT / folder).rglob("*.py")
        for code in pattern.findall(file.read_text())
    }
    assert len(codes) > 8
    assert sorted(code for code in codes - {"report.write"} if f"what:{code}" not in words("zh")) == []


def test_a_day_before_what_the_rows_say_is_refused(hunan: Estate) -> None:
    now = date(2026, 12, 1)
    check_day(hunan, [], DAY, now)
    with pytest.raises(InputError, match=r"systems.csv:\d+:last_used is 2026-"):
        check_day(hunan, [], date(2026, 1, 1), now)
    with pytest.raises(InputError, match="future"):
        check_day(hunan, [], date(2026, 12, 2), now)
    edited = [entry("asset.disposed", ASSET, before="a", after="b", time="2026-11-01T00:00:00.000Z"), entry("net.push", "scope:all", after="b")]
    check_day(hunan, edited, date(2026, 11, 1), now)
    with pytest.raises(InputError, match=r"asset.disposed on asset:430224-0001, 2026-11-01"):
        check_day(hunan, edited, DAY, now)

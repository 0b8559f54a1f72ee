"""Closing a room: what is left is named; media records are read whole or not at all; the certificate says what is true."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from inventory.errors import InputError
from inventory.model import Estate
from migration.certificate import write_certificate
from migration.rooms import MediaRecord, read_media, remaining

ROOM = "room:430224-0001"


def test_what_is_left_is_named(hunan: Estate) -> None:
    left = remaining(hunan, ROOM)
    assert "system:430224-0001 茶陵县就业信息登记系统 stands in it" in left
    assert sum("its move is not finished" in line for line in left) == 3
    empty = hunan.model_copy(update={"systems": {}, "components": {}})
    assert remaining(empty, ROOM) == []


def test_all_faults_of_a_media_record_are_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "media.csv"
    file.write_text("serial,method,tool,verification,by\nA,melt,x,y,z\nB,clear,,y,z\n")
    with pytest.raises(InputError) as refused:
        read_media(file)
    assert f"{file}:2:method: melt is none of clear, purge, destroy" in str(refused.value)
    assert f"{file}:3:tool: empty" in str(refused.value)
    file.write_text("serial,method\n")
    with pytest.raises(InputError, match="missing columns: tool, verification, by"):
        read_media(file)


@pytest.mark.parametrize(("lang", "words"), [("zh", "机房关停证书"), ("en", "Certificate of a closed machine room")])
def test_the_certificate_is_the_same_for_the_same_facts(hunan: Estate, tmp_path: Path, lang: str, words: str) -> None:
    estate = hunan
    room = estate.rooms[ROOM]
    facts = {
        "room": room,
        "region": estate.regions["430224"],
        "unit": estate.units[room.unit],
        "assets": [a for a in estate.assets.values() if a.room == ROOM],
        "media": [MediaRecord("<A&B>", "clear", "t", "v", "b")],
        "systems": [],
        "entries": [],
    }
    first = write_certificate(facts, tmp_path / "1", "2026-11-01", lang)
    assert first == write_certificate(facts, tmp_path / "2", "2026-11-01", lang)
    html = (tmp_path / "1" / "room-430224-0001.html").read_text("utf-8")
    assert hashlib.sha256(html.encode()).hexdigest() == first["room-430224-0001.html"]
    assert words in html
    assert f"{sum(asset.book_value_cny for asset in estate.assets.values() if asset.room == ROOM):,.2f}" in html
    assert "&lt;A&amp;B&gt;" in html

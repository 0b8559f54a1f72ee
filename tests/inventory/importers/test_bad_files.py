"""Files that are refused, each with its own reason, before a parser sees them."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from inventory.importers.book import read_book
from inventory.importers.guard import LIMITS, RefusedError, unpacked
from tests.inventory.importers.workbooks import simple

CONTENT_TYPES = "[Content_Types].xml"


def good(folder: Path) -> bytes:
    return simple(folder / "good.xlsx", {"系统清单": [["系统名称", "所属单位"], ["甲", "乙"]]}).read_bytes()


def rezipped(content: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The same archive with parts changed and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part.filename)))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def in_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    return rezipped(content, lambda name, data: data.replace(old, new) if name == "xl/worksheets/sheet1.xml" else data)


def lying(content: bytes) -> bytes:
    """An archive whose directory declares a sheet smaller than it is."""
    at = content.rindex(b"PK\x01\x02", 0, content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02")))
    return content[: at + 24] + struct.pack("<I", 40) + content[at + 28 :]


def renamed_stream(name: str) -> bytes:
    """An old Office container whose only stream has another name: what the container is, is told by names."""
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "x")
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    at = content.index("Workbook".encode("utf-16-le"))
    return content[:at] + name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + content[at + 66 :]


def locked_zip(content: bytes) -> bytes:
    at = content.index(b"PK\x01\x02")
    return content[: at + 8] + b"\x01" + content[at + 9 :]


def locked_xls() -> bytes:
    """A FILEPASS record (0x2F) after the first one."""
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "x")
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    at = content.index(b"\x42\x00\x02\x00", 512)  # CODEPAGE, of two bytes: made FILEPASS
    return content[:at] + b"\x2f\x00" + content[at + 2 :]


BAD: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "empty file": ("a.xlsx", lambda folder: b"", "file-empty"),
    "text named xlsx": ("a.xlsx", lambda folder: "系统名称,所属单位\n".encode(), "file-kind"),
    "html named xls": ("a.xls", lambda folder: b"<html><table><tr><td>1</td></tr></table></html>", "file-html"),
    "pdf named xlsx": ("a.xlsx", lambda folder: b"%PDF-1.7 ...", "file-kind"),
    "picture named csv": ("a.csv", lambda folder: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file-encoding"),
    "zip cut short": ("a.xlsx", lambda folder: good(folder)[:-200], "file-damaged"),
    "zip damaged inside": ("a.xlsx", lambda folder: good(folder).replace(b"PK\x01\x02", b"PK\x01\x03", 1), "file-damaged"),
    "zip that is no workbook": (
        "a.xlsx",
        lambda folder: rezipped(good(folder), lambda name, data: data).replace(b"xl/workbook.xml", b"xl/workbock.xml"),
        "file-kind",
    ),
    "xlsb": ("a.xlsx", lambda folder: rezipped(good(folder), lambda name, data: data, {"xl/workbook.bin": b""}), "file-kind"),
    "zip that lies": ("a.xlsx", lambda folder: lying(good(folder)), "zip-lies"),
    "zip bomb": ("a.xlsx", lambda folder: rezipped(good(folder), lambda name, data: data, {"xl/media/a.bin": bytes(80 << 20)}), "zip-bomb"),
    "doubled part": (
        "a.xlsx",
        lambda folder: rezipped(good(folder), lambda name, data: data).replace(b"docProps/core.xml", b"xl/workbook.xml\0\0"),
        "zip-doubled",
    ),
    "entities": ("a.xlsx", lambda folder: in_sheet(good(folder), b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"), "xml-entities"),
    "broken xml": ("a.xlsx", lambda folder: in_sheet(good(folder), b"</sheetData>", b""), "file-damaged"),
    "far row": (
        "a.xlsx",
        lambda folder: in_sheet(good(folder), b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
        "sheet-size",
    ),
    "16,384 columns": (
        "a.xlsx",
        lambda folder: in_sheet(good(folder), b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'),
        "sheet-size",
    ),
    "too wide a csv": ("a.csv", lambda folder: b"," * 500, "sheet-size"),
    "csv with nul": ("a.csv", lambda folder: b"a,b\n1,\0\n", "file-kind"),
    "csv with an open quote": ("a.csv", lambda folder: b'a,b\n"1,2\n', "file-damaged"),
    "workbook without cells": ("a.xlsx", lambda folder: simple(folder / "e.xlsx", {"系统清单": []}).read_bytes(), "book-empty"),
    "xls cut short": ("a.xls", lambda folder: locked_xls()[:700], "file-damaged"),
    "xls with a password": ("a.et", lambda folder: locked_xls(), "file-locked"),
    "xlsx with a password": ("a.xlsx", lambda folder: renamed_stream("EncryptedPackage"), "file-locked"),
    "old office file, no workbook": ("a.xls", lambda folder: renamed_stream("WordDocument"), "file-kind"),
    "zip with a password": ("a.xlsx", lambda folder: locked_zip(good(folder)), "file-locked"),
}


@pytest.mark.parametrize("name", BAD)
def test_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    file, make, code = BAD[name]
    (tmp_path / file).write_bytes(make(tmp_path))
    with pytest.raises(RefusedError) as caught:
        read_book(tmp_path / file)
    assert caught.value.code == code, caught.value
    assert caught.value.zh != caught.value.en


def test_what_is_no_file_is_not_even_opened(tmp_path: Path) -> None:
    """A pipe would be waited for, a device read without an end."""
    os.mkfifo(tmp_path / "a.csv")
    for file in (tmp_path / "a.csv", Path("/dev/zero")):
        with pytest.raises(RefusedError) as caught:
            read_book(file)
        assert caught.value.code == "file-kind"


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with file.open("wb") as out:
        out.truncate(200 << 20)
    with pytest.raises(RefusedError) as caught:
        read_book(file)
    assert caught.value.code == "file-size"
    assert "200 MB" in caught.value.en


def test_a_part_that_unpacks_to_more_than_all_limits_is_stopped_on_the_way(tmp_path: Path) -> None:
    """The directory says 40 bytes; what follows would be a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    content = good(tmp_path)
    out = rezipped(content, lambda name, data: data, {"xl/media/image1.png": b"x" * 40})
    at = out.index(b"xl/media/image1.png")
    start = at + len(b"xl/media/image1.png")
    header = out.rindex(b"PK\x03\x04", 0, at)
    packed = struct.unpack_from("<I", out, header + 18)[0]
    grown = out[:start] + bomb + out[start + packed :]
    (tmp_path / "a.xlsx").write_bytes(grown)
    with pytest.raises(RefusedError):
        read_book(tmp_path / "a.xlsx")


def test_no_more_than_declared_is_ever_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(64 << 20))
    [part] = zipfile.ZipFile(out).infolist()
    part.file_size = 40
    chunks: list[bytes] = []
    with pytest.raises(RefusedError):
        chunks.extend(unpacked(out.getvalue(), part))
    assert sum(map(len, chunks)) <= 40


def test_a_million_formatted_but_empty_rows_are_no_matter(tmp_path: Path) -> None:
    content = good(tmp_path)
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="XFD%d" s="1"/></row>' % (n, n, n) for n in range(3, 1_048_577, 53))
    (tmp_path / "a.xlsx").write_bytes(in_sheet(content, b"</sheetData>", rows + b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'))
    assert read_book(tmp_path / "a.xlsx").sheets[0].rows == [["系统名称", "所属单位"], ["甲", "乙"]]


def test_limits_hold_for_rows_columns_and_the_rectangle(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("a")
        sheet.write(0, 0, 1)
        sheet.write(99, 60, 1)
    read_book(file)
    for limits in (replace(LIMITS, rows=99), replace(LIMITS, columns=60), replace(LIMITS, cells=6_000)):
        with pytest.raises(RefusedError):
            read_book(file, limits=limits)


@pytest.mark.parametrize("seed", range(40))
def test_any_damage_is_refused_or_read_and_never_crashes(tmp_path: Path, seed: int) -> None:
    import random

    book = xlwt.Workbook()
    sheet = book.add_sheet("系统清单")
    for column in range(20):
        sheet.write(0, column, f"标题{column}")
        sheet.write(1, column, xlwt.Formula("SUM(A1:B2)"))
    out = io.BytesIO()
    book.save(out)
    chance = random.Random(seed)
    for name, content in (("a.xls", out.getvalue()), ("a.xlsx", good(tmp_path))):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 8, 64))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / name).write_bytes(damaged)
        with suppress(RefusedError):
            read_book(tmp_path / name)

"""The records of an .xls or .et workbook that the fast reader does not tell of: formulas, error cells, hidden rows, passwords.

Source: [MS-CFB] for the container, [MS-XLS] 2.3 (records) and 2.5.198 (formula tokens) for the stream.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.importers.facts import BookFacts, SheetFacts, calls_out
from inventory.importers.guard import RefusedError, locked

_END = 0xFFFFFFFA  # sector numbers from here on are marks
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_CALLING = {359: "HYPERLINK", 150: "CALL", 267: "REGISTER.ID", 379: "RTD", 110: "EXEC"}
# Bytes after a token of the formula language; tokens with a class (0x20 and up) by their base.
_SIZES = {1: 4, 2: 4, 0x18: 5, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x23: 4, 0x24: 4, 0x25: 8, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2}
_SIZES |= {0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, 0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10} | dict.fromkeys(range(3, 0x17), 0)


@dataclass(slots=True)
class _Links:
    """What formulas may name: names of the workbook, and for each sheet reference whether it lies outside."""

    books: list[bool] = field(default_factory=list)  # outside?
    sheets: list[int] = field(default_factory=list)  # index of the book
    names: list[str] = field(default_factory=list)

    def outside(self, reference: int) -> bool:
        if reference >= len(self.sheets):
            return True
        book = self.sheets[reference]
        return book >= len(self.books) or self.books[book]


def facts_of(content: bytes) -> BookFacts:
    """Facts of an .xls or .et workbook. Raises `RefusedError` for a damaged or locked one."""
    try:
        streams = _streams(content)
        if "EncryptedPackage" in streams:
            raise locked()
        book = streams.get("Workbook") or streams.get("Book")
        if book is None:
            raise RefusedError("file-kind", "内容是旧版 Office 文件，但不是工作簿", "an old Office file, but no workbook")
        facts = _book(book)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise RefusedError("file-damaged", "文件已损坏或不完整", "damaged or cut short") from error
    facts.macros = any(name.startswith(("_VBA_PROJECT", "VBA")) for name in streams)
    if facts.macros:
        facts.lost.append(("宏", "macros"))
    facts.lost.append(("原 .xls/.et 格式的样式（副本为 .xlsx，只含值）", "the formatting of .xls and .et (the copy is .xlsx, values only)"))
    return facts


def _streams(content: bytes) -> dict[str, bytes]:
    """Streams by name; small ones lie in the root's own stream."""
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    first, cutoff, mini_first, _, difat_first, difats = struct.unpack_from("<I4xIIIII", content, 48)
    if shift not in (9, 12):
        raise RefusedError("file-damaged", "文件已损坏", "damaged: no such sector size")
    size = 1 << shift
    most = len(content) // size + 1

    def sector(number: int) -> bytes:
        data = content[(number + 1) * size : (number + 2) * size]
        if not data:
            raise IndexError(number)
        return data.ljust(size, b"\0")

    tables = list(struct.unpack_from("<109I", content, 76))
    at = difat_first
    for _ in range(min(difats, most)):
        *more, at = struct.unpack(f"<{size // 4}I", sector(at))
        tables += more
    fat = [entry for table in tables if table < _END for entry in struct.unpack(f"<{size // 4}I", sector(table))]

    def chain(start: int) -> bytes:
        parts, at = [], start
        while at < _END:
            parts.append(sector(at))
            at = fat[at]
            if len(parts) > most:
                raise IndexError("a chain that ends nowhere")
        return b"".join(parts)

    directory = chain(first)
    found: dict[str, bytes] = {}
    mini, mini_fat = b"", b""
    for place in range(0, len(directory), 128):
        entry = directory[place : place + 128]
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, stream_size = struct.unpack_from("<II", entry, 116)
        name = entry[: max(length - 2, 0)].decode("utf-16-le")
        if kind == 5:
            mini, mini_fat = chain(start) if start < _END else b"", chain(mini_first) if mini_first < _END else b""
        elif kind == 2 and stream_size >= cutoff:
            found[name] = chain(start)[:stream_size]
        elif kind == 2:
            found[name] = _small(mini, mini_fat, 1 << mini_shift, start)[:stream_size]
        elif kind == 1:
            found.setdefault(name, b"")
    return found


def _small(mini: bytes, fat: bytes, size: int, at: int) -> bytes:
    out = b""
    while at < _END and len(out) <= len(mini):
        out += mini[at * size : (at + 1) * size]
        at = struct.unpack_from("<I", fat, at * 4)[0]
    return out


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _book(stream: bytes) -> BookFacts:
    facts, links = BookFacts(), _Links()
    places: list[tuple[str, int]] = []
    for kind, data in _records(stream):
        if kind == 0x0A:  # the end of the globals
            break
        if kind == 0x2F:
            raise locked()
        if kind == 0x22:
            facts.epoch_1904 = data[:1] == b"\1"
        elif kind == 0x85:
            places.append((_text(data[8:], data[6], data[7]), struct.unpack_from("<I", data)[0]))
        elif kind == 0x1AE:
            links.books.append(struct.unpack_from("<H", data, 2)[0] not in (0x0401, 0x3A01))
        elif kind == 0x17:
            links.sheets += [struct.unpack_from("<H", data, 2 + 6 * number)[0] for number in range(struct.unpack_from("<H", data)[0])]
        elif kind == 0x18:
            links.names.append(_text(data[15:], data[3], data[14]))
    if not places:
        raise RefusedError("file-old", "Excel 95 或更早的格式，或文件不完整：请另存为 .xlsx", "an Excel 95 or older format, or cut short: save it as .xlsx")
    for name, offset in places:
        facts.sheets[name] = _sheet(stream, offset, links)
    return facts


def _text(data: bytes, count: int, flags: int) -> str:
    return data[: count * 2].decode("utf-16-le") if flags & 1 else data[:count].decode("latin-1")


def _sheet(stream: bytes, offset: int, links: _Links) -> SheetFacts:
    facts = SheetFacts()
    at = (0, 0)
    for kind, data in _records(stream, offset):
        if kind == 0x0A:
            break
        if kind == 0x208 and struct.unpack_from("<H", data, 12)[0] & 0x20:
            facts.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == 0x7D and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            facts.hidden_columns.update(range(first, last + 1))
        elif kind == 0x205 and data[7]:
            facts.errors[struct.unpack_from("<HH", data)] = _ERRORS.get(data[6], "#N/A")
        elif kind == 0x06:
            at = struct.unpack_from("<HH", data)
            facts.formulas[at] = True
            if data[12:14] == b"\xff\xff" and data[6] == 2:
                facts.errors[at] = _ERRORS.get(data[8], "#N/A")
            length = struct.unpack_from("<H", data, 20)[0]
            if calling := _calling(data[22 : 22 + length], links):
                facts.calling[at] = calling
        elif kind == 0x4BC and (calling := _calling(data[10:], links)):
            facts.calling[at] = calling
    return facts


def _calling(tokens: bytes, links: _Links) -> str:
    """What a formula calls outside its workbook; nothing if it does not."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        base = token & 0x1F | 0x20 if token >= 0x20 else token
        at += 1
        if base == 0x17:
            at += 2 + tokens[at] * (2 if tokens[at + 1] & 1 else 1)
            continue
        if base == 0x19:
            at += 3 + (2 * (struct.unpack_from("<H", tokens, at + 1)[0] + 1) if tokens[at] & 4 else 0)
            continue
        if base not in _SIZES:
            return f"token {token:#04x}"
        if base in (0x39, 0x3A, 0x3B, 0x3C, 0x3D) and links.outside(struct.unpack_from("<H", tokens, at)[0]):
            return "external reference"
        if base in (0x21, 0x22):
            function = struct.unpack_from("<H", tokens, at + (base == 0x22))[0] & 0x7FFF
            if function in _CALLING:
                return _CALLING[function]
        if base == 0x23:
            index = struct.unpack_from("<H", tokens, at)[0] - 1
            name = links.names[index] if index < len(links.names) else ""
            if calls_out(f"{name.removeprefix('_xlfn.')}("):
                return name
        at += _SIZES[base]
    return ""

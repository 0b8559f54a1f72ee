"""What a file really is, and what is refused before a parser sees it: archives that swell, lie or are locked."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"  # also WPS .et: the same container and records
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. `ratio` (unpacked to packed) holds for parts above `ratio_from`; 100,000 rows of 20 columns are 11 MB packed, 84 MB unpacked."""

    file: int = 64 << 20
    unpacked: int = 768 << 20
    ratio: int = 250
    ratio_from: int = 32 << 20
    parts: int = 5_000
    rows: int = 300_000
    columns: int = 400
    cells: int = 12_000_000  # of the rectangle around all values, which is what is held in memory


LIMITS = Limits()


class RefusedError(Exception):
    """A file that is not read, in Chinese and English."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def content_of(file: Path, limits: Limits = LIMITS) -> bytes:
    """The file's bytes, if there are no more than the limit."""
    try:
        told = file.stat()
        if not S_ISREG(told.st_mode):  # a pipe or a device has no end
            raise RefusedError("file-kind", "不是普通文件", "not a regular file")
        size = told.st_size
        if size > limits.file:
            raise RefusedError(
                "file-size",
                f"文件 {size >> 20} MB，超过上限 {limits.file >> 20} MB：请按单位拆分",
                f"{size >> 20} MB, more than the limit of {limits.file >> 20} MB: split it by unit",
            )
        return file.read_bytes()
    except OSError as error:
        raise RefusedError("file-read", f"不能读取：{error.strerror}", f"cannot be read: {error.strerror}") from error


def kind_of(content: bytes, suffix: str) -> Kind:
    """By content, not by name. Raises `RefusedError` for what is none of the three."""
    if not content.strip(b"\0 \r\n\t"):
        raise RefusedError("file-empty", "文件是空的", "the file is empty")
    if content.startswith(b"PK\x03\x04"):
        return Kind.XLSX
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.XLS
    if content.startswith((b"\x09\x08", b"\x09\x04")):
        raise RefusedError("file-old", "Excel 4 或更早的格式：请另存为 .xlsx", "an Excel 4 or older format: save it as .xlsx")
    head = content[:1024].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise RefusedError(
            "file-html", "内容是网页或 XML，不是表格：请用表格软件打开后另存为 .xlsx", "the content is HTML or XML: open it and save it as .xlsx"
        )
    if content.startswith(b"%PDF"):
        raise RefusedError("file-kind", "内容是 PDF", "the content is PDF")
    if suffix not in (".csv", ".txt"):
        raise RefusedError(
            "file-kind",
            "内容不是工作簿（扩展名不符，或文件已损坏）：请另存为 .xlsx",
            "the content is no workbook (a wrong extension, or the file is damaged): save it as .xlsx",
        )
    return Kind.CSV


def opened(content: bytes, limits: Limits = LIMITS) -> ZipFile:
    """A workbook's archive, its directory checked; `unpacked` gives the parts."""
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise RefusedError("file-damaged", "文件已损坏或不完整（压缩包打不开）", "damaged or cut short: the archive does not open") from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(names) != len(parts):
        raise RefusedError("zip-doubled", "压缩包内有重名部件：拒绝读取", "two parts of the archive have one name: refused")
    if "xl/workbook.bin" in names:
        raise RefusedError("file-kind", "是 .xlsb 格式：请另存为 .xlsx", "an .xlsb workbook: save it as .xlsx")
    if "xl/workbook.xml" not in names:
        raise RefusedError("file-kind", "压缩包里没有工作簿：请另存为 .xlsx", "the archive holds no Excel workbook: save it as .xlsx")
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked or sum(part.compress_size for part in parts) > len(content):
        raise _bomb(limits)
    for part in parts:
        if part.flag_bits & 1:
            raise locked()
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise RefusedError("file-kind", "压缩方式不受支持：请另存为 .xlsx", "an unknown way of compression: save it as .xlsx")
        if part.file_size > limits.ratio_from and part.file_size > limits.ratio * max(part.compress_size, 1):
            raise _bomb(limits)
    return archive


def unpacked(content: bytes, part: ZipInfo) -> Iterator[bytes]:
    """A part in chunks, no more than its directory entry declares: a longer or shorter one is refused, whatever other readers make of it."""
    name_length, extra_length = struct.unpack_from("<HH", content, part.header_offset + 26) if part.header_offset + 30 <= len(content) else (0, 0)
    start = part.header_offset + 30 + name_length + extra_length
    packed = memoryview(content)[start : start + part.compress_size]
    left = part.file_size
    if part.compress_type == ZIP_STORED:
        if len(packed) != left:
            raise _lies(part)
        yield bytes(packed)
        return
    stream = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), 1 << 17):
            data = stream.decompress(packed[at : at + (1 << 17)], left + 1)
            left -= len(data)
            if left < 0 or stream.unconsumed_tail:
                raise _lies(part)
            yield data
    except zlib.error as error:
        raise RefusedError("file-damaged", f"文件已损坏（{part.filename}）", f"damaged: {part.filename} does not unpack") from error
    if left or not stream.eof:
        raise _lies(part)


def locked() -> RefusedError:
    return RefusedError("file-locked", "文件有密码或已加密：请取消密码后重发", "protected by a password or encrypted: remove the password and send it again")


def _bomb(limits: Limits) -> RefusedError:
    return RefusedError(
        "zip-bomb",
        f"解压后过大（上限 {limits.unpacked >> 20} MB，压缩比 {limits.ratio}）：拒绝读取",
        f"unpacks to too much (the limits are {limits.unpacked >> 20} MB and a ratio of {limits.ratio}): refused",
    )


def _lies(part: ZipInfo) -> RefusedError:
    return RefusedError(
        "zip-lies", f"压缩包声明的大小与实际不符（{part.filename}）：拒绝读取", f"the archive is not of the size that it declares ({part.filename}): refused"
    )

"""Reading one UTF-8 file of an estate."""

from __future__ import annotations

from pathlib import Path

from inventory.load.faults import Fault


def read_text(file: Path, draft: str | None = None) -> str | Fault:
    """The file's text without a byte order mark, or what is wrong with it; `draft` is taken in the file's place."""
    try:
        raw = file.read_bytes() if draft is None else draft.encode()
    except FileNotFoundError:
        return Fault(file.name, 0, "", "the file is missing")
    except OSError as error:
        return Fault(file.name, 0, "", f"cannot be read: {error.strerror}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Fault(file.name, line, "", f"not UTF-8{_looks_like_gbk(raw)}: save it as UTF-8")
    if "\x00" in text:
        return Fault(file.name, text.count("\n", 0, text.index("\x00")) + 1, "", "a NUL character: this is not a text file")
    return text


def _looks_like_gbk(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (it looks like GBK)"

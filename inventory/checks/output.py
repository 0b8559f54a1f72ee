"""Writing results: one file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from inventory.errors import InputError, XiangyunError


def write_whole(file: Path, text: str, *, replace: bool = True) -> None:
    """Write `text` to `file` in UTF-8. Raises `InputError` when it is there and must not be replaced, and `XiangyunError` when it cannot be written."""
    try:
        if not replace and file.exists():
            raise InputError(f"{file} is there already: give another name, or remove it first")
        if file.is_dir():
            raise InputError(f"{file} is a folder: give a file's name")
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                os.fchmod(out.fileno(), 0o644)
                out.write(text)
            Path(temporary).replace(file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise XiangyunError(f"{file} cannot be written: {error.strerror}") from error

"""A report's files, written at once or not at all."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from inventory.errors import XiangyunError
from inventory.reports import html, json, xlsx
from inventory.reports.model import Report


def write(report: Report, folder: Path) -> dict[str, str]:
    """Write inventory.html, inventory.xlsx and inventory.json into `folder`; returns their SHA-256 digests by name."""
    contents = {
        "inventory.html": html.render(report).encode(),
        "inventory.xlsx": xlsx.render(report),
        "inventory.json": json.render(report).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            with os.fdopen(handle, "wb") as out:
                os.fchmod(out.fileno(), 0o644)
                out.write(content)
            Path(temporary).replace(folder / name)
    except OSError as error:
        raise XiangyunError(f"{folder}: the report cannot be written: {error.strerror}") from error
    return {name: sha256(content).hexdigest() for name, content in contents.items()}

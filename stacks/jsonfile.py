"""Reading a JSON file that a user names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inventory.errors import InputError


def read_object(file: Path, what: str) -> dict[str, Any]:
    """The JSON object in a file. Raises InputError, which says that the file is not `what` ("a saved plan"), for anything else."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{file} is not {what}: it is not JSON ({error})") from error
    if not isinstance(found, dict):
        raise InputError(f"{file} is not {what}: it is no JSON object")
    return found

"""What the machines of each role carry besides Debian: files that their first boot installs."""

from __future__ import annotations

from pathlib import Path

from lab.spec import MachineSpec

HERE = Path(__file__).parent
FOLDERS = {"room-system": "system", "hall": "client"}


def role_files(machine: MachineSpec) -> dict[str, str]:
    """Files for /run/boot by name; `first.sh` is run there at the first boot, with `role.env` beside it."""
    folder = FOLDERS.get(machine.role)
    if folder is None:
        return {}
    files = {file.name: file.read_text() for file in sorted((HERE / folder).iterdir()) if file.is_file()}
    return {**files, "role.env": f"SERVICE='{' '.join(machine.service)}'\nUSES='{' '.join(machine.uses)}'\n"}

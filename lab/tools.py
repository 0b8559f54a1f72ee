"""Programs of the machine that the lab needs, and their Debian packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable

from inventory.errors import XiangyunError

Say = Callable[[str], None]


def needed() -> dict[str, str]:
    """Program → Debian package. Only others than root need uidmap's programs."""
    programs = {"mmdebstrap": "mmdebstrap", "ip": "iproute2", "nsenter": "util-linux", "unshare": "util-linux", "setpriv": "util-linux", "bash": "bash"}
    return programs if os.getuid() == 0 else {**programs, "newuidmap": "uidmap", "newgidmap": "uidmap"}


def missing() -> list[str]:
    """Packages whose programs are not there."""
    return sorted({package for program, package in needed().items() if not shutil.which(program)})


def may_install() -> bool:
    """Whether this user may install packages without being asked for anything."""
    if not shutil.which("apt-get"):
        return False
    return os.getuid() == 0 or (shutil.which("sudo") is not None and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0)


def ensure(say: Say) -> None:
    """Install what is missing, after saying so, where this user may. Raises XiangyunError with the command to run where not."""
    if not (packages := missing()):
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    words = f"apt-get install {' '.join(packages)}"
    if not may_install():
        raise XiangyunError(f"the lab needs {', '.join(packages)}: run `sudo {words}`, then try again")
    if os.getuid() != 0:
        command = ["sudo", "-n", *command]
    say(f"installing Debian packages that the lab needs: {words}")
    if _quiet(command):
        _quiet([*command[: command.index("apt-get") + 1], "update", "-q"])  # a machine whose package lists were never fetched, or are old
        if error := _quiet(command):
            raise XiangyunError(f"`{words}` failed: {error}")


def _quiet(command: list[str]) -> str:
    """The last line of what went wrong; empty if nothing did."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=env, check=False)
    return "" if done.returncode == 0 else ((done.stderr or done.stdout).strip().splitlines() or ["no reason given"])[-1]

"""The cloud's Python environment: OpenStack from requirements/lab-cloud.txt, apart from the product's own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from inventory.errors import XiangyunError
from lab import cache
from lab.session import CODE

LOCK = CODE / "requirements" / "lab-cloud.txt"
Say = Callable[[str], None]


def digest() -> str:
    return hashlib.sha256(f"{sys.version}\n{sys.base_prefix}\n{LOCK.read_text()}".encode()).hexdigest()[:12]


def folder() -> Path:
    return cache.folder() / "cloud" / f"venv-{digest()}"


def python() -> str:
    """The environment's interpreter. Its other programs name the folder in which they were built: start them through this one."""
    return str(folder() / "bin" / "python")


def ensure(say: Say = print) -> Path:
    """The environment's folder; installed first if it is not there."""
    return cache.built(folder(), lambda temporary: _install(temporary, say), say)


def _install(place: Path, say: Say) -> None:
    # -I: what PYTHONPATH shows elsewhere must not count as installed
    say("cloud: installing OpenStack from requirements/lab-cloud.txt")
    log = place.parent / "venv.log"
    pip = [str(place / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)]
    with log.open("wb") as out:
        for command in ([sys.executable, "-m", "venv", str(place)], pip):
            if subprocess.run([*cache.WITH_ALL, *command], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False).returncode:
                last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
                raise XiangyunError(f"the lab cloud's environment could not be installed: {''.join(last)}; {log}")

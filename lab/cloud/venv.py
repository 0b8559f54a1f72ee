"""The environment that the cloud's services run in: OpenStack from the user's own PyPI mirror, by the hash-locked list; cached by that list's digest."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from inventory.errors import XiangyunError

LOCK = Path(__file__).parents[2] / "requirements" / "lab-cloud.txt"


def cache() -> Path:
    """Where everything that several labs share is kept."""
    return Path(os.environ.get("XIANGYUN_CACHE") or Path.home() / ".cache" / "xiangyun")


def ensure(say: Callable[[str], None]) -> Path:
    """The environment's folder, built if it is missing. Two builders wait for each other; a build that was cut off is begun afresh."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = cache() / f"cloud-{digest}"
    if (folder / "complete").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"cloud-{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            say("cloud: installing OpenStack into an environment of its own (about a minute)")
            shutil.rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(folder)])
            # No build of the list needs isolation; --no-deps: the lock is complete, and checking it again costs a quarter of the time
            _run([str(folder / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r", str(LOCK)])
            (folder / "complete").touch()
    return folder


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise XiangyunError(f"the lab cloud's environment could not be made: {words[-1] if words else 'no message'}; does pip reach your PyPI mirror?")

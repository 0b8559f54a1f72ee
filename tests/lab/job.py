"""Commands on the estate of a running lab, as a user runs them: in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from inventory.access import load_access
from netconf.ssh import Shell, connect

XIANGYUN = str(Path(sys.executable).parent / "xiangyun")


class Job:
    """An estate whose lab is up."""

    def __init__(self, estate: Path) -> None:
        self.estate = estate

    def command(self, *words: str) -> list[str]:
        return [XIANGYUN, *words, "--estate", str(self.estate)]

    def run(self, *words: str, expect: int = 0) -> str:
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == expect, f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout + done.stderr

    def device(self, name: str) -> Shell:
        access = load_access(self.estate / ".xiangyun")
        return connect(name, access.device(f"device:{name}"), access)


def wait(true: Callable[[], bool], limit_s: float, message: str) -> None:
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end, message
        time.sleep(0.3)

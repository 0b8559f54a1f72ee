"""Several clouds of the province on one machine, each its own: a lab of clouds without an extranet, in a copy of the estate."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from inventory.load import load_estate
from lab import up as lab
from lab.spec import from_estate
from tests.lab.pilot import HUNAN

SCOPE = "some-clouds"


@contextmanager
def clouds_of(folder: Path, ids: Iterable[str]) -> Iterator[Path]:
    """A copy of the estate, and a lab with these clouds of it, which are its scope `some-clouds`; taken down at the end."""
    estate = Path(shutil.copytree(HUNAN, folder / "hunan", ignore=shutil.ignore_patterns(".xiangyun")))
    with (estate / "scopes.yaml").open("a", encoding="utf-8") as scopes:
        scopes.write(f"  {SCOPE}: {{clouds: [{', '.join(ids)}]}}\n")
    try:
        lab.up(estate, from_estate(load_estate(estate), SCOPE), lab.PARTS, print)
        yield estate
    finally:
        lab.down(estate)


def command(estate: Path, *words: str) -> list[str]:
    """A command on the scope, as a user would give it."""
    return [str(Path(sys.executable).with_name("xiangyun")), *words, "--scope", SCOPE, "--estate", str(estate)]


def run(estate: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(estate, *words), capture_output=True, text=True, check=False)


def kill(estate: Path, cloud: str) -> None:
    """SIGKILL to all processes of a cloud."""
    for process in lab.status(estate)["processes"]:
        if process["name"].startswith(f"{cloud}/"):
            os.kill(process["pid"], signal.SIGKILL)


def pss_mib(pids: Iterable[int]) -> float:
    """Memory of processes in MiB; what they share counts once."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has ended since
            continue
        found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024

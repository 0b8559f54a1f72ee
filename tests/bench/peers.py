"""Environments of the peers that we are measured beside, each of its own under build/."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

from tests.bench.registry import ROOT


def peer_python(requirement: str) -> Path | None:
    """The interpreter of an environment with `name==version`, made on first use; None, with a warning, where it cannot be installed."""
    folder = ROOT / "build" / "peers" / requirement.replace("==", "-")
    python, ready = folder / "bin" / "python", folder / ".complete"
    if ready.exists():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    done = subprocess.run([str(python), "-m", "pip", "install", "-q", requirement], capture_output=True, text=True, check=False)
    if done.returncode:
        warnings.warn(f"{requirement} cannot be installed, so the figure has no peer: {done.stderr.strip()[-300:]}", stacklevel=1)
        return None
    ready.touch()
    return python

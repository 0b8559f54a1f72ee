"""The Debian mirror: the one that this machine's own apt uses."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from inventory.errors import XiangyunError

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITES = {"bullseye", "bookworm", "trixie", "forky", "sid", "oldoldstable", "oldstable", "stable", "testing", "unstable"}
APT_HELPER = "/usr/lib/apt/apt-helper"


def address() -> str:
    """The mirror's URL: XIANGYUN_DEBIAN_MIRROR, or the first of the machine's apt configuration that has a Debian suite."""
    if chosen := os.environ.get("XIANGYUN_DEBIAN_MIRROR"):
        return chosen
    # without ReleaseInfo, apt answers from its configuration, also where its lists were never fetched
    command = ["apt-get", "indextargets", "-o", "APT::Get::IndexTargets::ReleaseInfo=false", "--format", "$(RELEASE) $(SITE)", "Created-By: Packages"]
    try:
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise XiangyunError("apt-get does not say which mirror this machine uses: set XIANGYUN_DEBIAN_MIRROR to a Debian mirror") from error
    sites = [site for suite, _, site in (line.partition(" ") for line in out.splitlines()) if suite in SUITES]
    if not sites:
        raise XiangyunError("this machine's apt uses no Debian mirror: set XIANGYUN_DEBIAN_MIRROR to one that has the suites bookworm and forky")
    return sites[0]


def source(suite: str) -> str:
    """The line for apt's source list."""
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    return f"deb {signed}{address()} {suite} main"


def has(suite: str, limit_s: float = 8) -> bool:
    """Whether the mirror serves a suite, asked by apt's own means (proxies, certificates); False also when it is silent for `limit_s`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [APT_HELPER, "-o", f"Acquire::http::Timeout={limit_s}", "-o", "Acquire::Retries=0", "download-file"]
        try:
            done = subprocess.run([*command, f"{address()}/dists/{suite}/InRelease", f"{folder}/x"], capture_output=True, timeout=limit_s, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0

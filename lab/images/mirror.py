"""The Debian mirror: the one that this machine's own apt uses."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from inventory.errors import XiangyunError

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def address() -> str:
    """The mirror's URL: XIANGYUN_DEBIAN_MIRROR, or the first Debian archive of the machine's apt configuration that is not the security archive."""
    if chosen := os.environ.get("XIANGYUN_DEBIAN_MIRROR"):
        return chosen
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(SITE)", "Created-By: Packages"]
    try:
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise XiangyunError("apt-get does not say which mirror this machine uses: set XIANGYUN_DEBIAN_MIRROR to a Debian mirror") from error
    sites = [site for origin, _, site in (line.partition(" ") for line in out.splitlines()) if origin == "Debian" and "security" not in site]
    if not sites:
        raise XiangyunError("this machine's apt uses no Debian mirror (or `apt-get update` never ran): set XIANGYUN_DEBIAN_MIRROR to one")
    return sites[0]


def source(suite: str) -> str:
    """The line for apt's source list."""
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    return f"deb {signed}{address()} {suite} main"

"""Builds an image with mmdebstrap in the lab's own user namespace: no privilege, no device nodes, owners as in a real system."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import XiangyunError
from lab import cache
from lab.images import mirror
from lab.namespaces import give, id_base

HERE = Path(__file__).parent
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Image:
    """A Debian suite, packages, and a script run once inside."""

    name: str
    suite: str
    packages: tuple[str, ...]

    @property
    def script(self) -> Path:
        return HERE / f"{self.name}.sh"

    @property
    def digest(self) -> str:
        parts = (self.name, self.suite, platform.machine(), *self.packages, self.script.read_text())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


IMAGES = {
    image.name: image
    for image in (
        # FRR 10.7: the first whose SRv6 End.X, and BGP over SRv6, work on Linux (measured); older suites have older ones.
        Image(
            "router",
            "forky",
            ("frr", "frr-pythontools", "openssh-server", "iproute2", "iputils-ping", "procps", "tcpdump", "nftables", "sudo", "less"),
        ),
        Image(
            "machine",
            "bookworm",
            (
                *("postgresql", "nginx-light", "openssh-server", "rsync", "sudo", "python3", "python3-psycopg2", "iproute2", "iputils-ping", "procps"),
                *("curl", "tcpdump", "nftables", "ca-certificates", "less", "bind9"),
            ),
        ),
    )
}


def folder(name: str) -> Path:
    """Where the image is, or will be. The id range is in the name, since it is in the owners of the files."""
    image = IMAGES[name]
    return cache.folder() / "images" / f"{name}-{image.suite}-{image.digest}-{id_base()}"


def ensure(name: str, say: Say = print) -> Path:
    """The image's folder; built first if it is not there. Two builders at once: the second waits and finds it."""
    image, place = IMAGES[name], folder(name)
    return cache.built(place, lambda temporary: _build(image, temporary, say), say)


def _build(image: Image, place: Path, say: Say) -> None:
    say(f"image {image.name}: building from Debian {image.suite}")
    give(place)
    log = place.parent / f"{image.name}.log"
    command = [
        *cache.WITH_PARENT,
        *(sys.executable, "-m", "lab.enter", "--see", str(place), "--see", str(HERE), "--"),
        *("mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", f"--include={','.join(image.packages)}"),
        "--aptopt=APT::Install-Recommends false",
        "--aptopt=Acquire::Check-Valid-Until false",  # the Release file of a suite under way may be older than it promises
        "--aptopt=Acquire::Retries 3",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=force-unsafe-io",
        f"--customize-hook=copy-in {image.script} /tmp",
        f'--customize-hook=chroot "$1" sh -e /tmp/{image.script.name} && rm "$1/tmp/{image.script.name}"',
        *(image.suite, str(place / "root"), mirror.source(image.suite)),
    ]
    with log.open("wb") as out:
        env = {**os.environ, "HOME": "/"}  # apt and dpkg look for files of the user's
        result = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env, check=False)
    if result.returncode:
        words = [line for line in log.read_text("utf-8", "replace").splitlines() if line.startswith("E:")] or ["see its log"]
        raise XiangyunError(f"image {image.name} could not be built: {words[0]}; {log}; `xiangyun doctor` checks the mirror")

"""What is costly to build and equal for every estate: kept under one folder, by the digest of its recipe."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.namespaces import remove_tree

WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")
"""Begins the command line of a child that dies with the thread that started it."""
WITH_ALL = (*WITH_PARENT, "unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child", "--")
"""The same, for a child that starts others: they end with it, since they are in its pid namespace. SIGKILL is what ends it."""


def folder() -> Path:
    """XIANGYUN_CACHE, or ~/.cache/xiangyun."""
    return Path(os.environ.get("XIANGYUN_CACHE") or Path.home() / ".cache" / "xiangyun").resolve()


@contextmanager
def locked(file: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that ends with this process, however that ends. `waiting` is called if somebody else holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def built(place: Path, build: Callable[[Path], None], say: Callable[[str], None]) -> Path:
    """`place`, filled by `build` in a temporary folder beside it and renamed when complete: it is there whole, or not at all."""
    if place.exists():
        return place
    with locked(place.parent / f".{place.name}.lock", lambda: say(f"{place.name} is being built by another command: waiting for it")):
        if place.exists():
            return place
        for left in place.parent.glob(f".{place.name}.*.tmp"):  # by a builder that was killed
            remove_tree(left)
        temporary = place.parent / f".{place.name}.{os.getpid()}.tmp"
        temporary.mkdir()
        build(temporary)
        temporary.rename(place)
    return place

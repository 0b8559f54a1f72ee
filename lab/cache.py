"""What is costly to build and equal for every estate: kept under one folder, by the digest of its recipe."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.namespaces import remove_tree


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
        temporary = place.parent / f".{place.name}.tmp"
        remove_tree(temporary)  # of a builder that was killed
        temporary.mkdir()
        build(temporary)
        temporary.rename(place)
    return place

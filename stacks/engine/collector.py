"""The garbage collector during a run: the SDK keeps thousands of live tasks and futures, and going through them again and again took two fifths of the time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 250_000  # objects made before a look (Python's default is 700)
_lock = threading.Lock()
_runs = 0
_before = gc.get_threshold()


@contextmanager
def seldom() -> Iterator[None]:
    """Collect seldom while any run is going on; as it was before afterwards."""
    global _runs, _before  # the collector is one for the whole process
    with _lock:
        if _runs == 0:
            _before = gc.get_threshold()
            if _before[0]:  # 0: somebody switched it off
                gc.set_threshold(max(_before[0], _YOUNG), *_before[1:])
        _runs += 1
    try:
        yield
    finally:
        with _lock:
            _runs -= 1
            if _runs == 0:
                gc.set_threshold(*_before)

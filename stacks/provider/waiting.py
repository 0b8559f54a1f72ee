"""Waiting for what the cloud does after it has answered: one place, so that every type waits alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any

from openstack import exceptions as api

from stacks.provider.base import NotReadyError, Remote
from stacks.provider.cloud import retry

POLL_S = 0.5


def settled(
    look: Callable[[], Any], remote: Callable[[Any], Remote], steady: Collection[str], limit_s: float, failed: Callable[[Any], str], status: str = "status"
) -> Remote:
    """The object once its status is one of `steady`. What is made and does not get there is not lost: NotReadyError with what `failed` says of it.

    `failed` answers "" while it may still come right.
    """
    limit = time.monotonic() + limit_s
    while True:
        found = retry(look)
        if getattr(found, status) in steady:
            return remote(found)
        if said := failed(found):
            raise NotReadyError(remote(found), said)
        if time.monotonic() > limit:
            raise NotReadyError(remote(found), f"it is {getattr(found, status)} after {limit_s:.0f} s ({found.id})")
        time.sleep(POLL_S)


def gone(look: Callable[[], Any], what: str, limit_s: float, statuses: Collection[str] = ()) -> None:
    """Return once it is not found any more, or is in one of `statuses`. Raises TimeoutError."""
    limit = time.monotonic() + limit_s
    while time.monotonic() < limit:
        try:
            if getattr(retry(look), "status", "") in statuses:
                return
        except api.NotFoundException:
            return
        time.sleep(POLL_S)
    raise TimeoutError(f"{what} is still there {limit_s:.0f} s after its deletion")

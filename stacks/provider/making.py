"""Making objects so that none is made twice: what an earlier create left behind is found by its marker, and so is one whose answer was lost."""

from __future__ import annotations

import time
from collections.abc import Container, Sequence

from stacks.provider.base import Inputs, NotReadyError, Remote, Resource, Wanted
from stacks.provider.cloud import FIRST_WAIT_S, Cloud, lost, retry

PATIENCE_S = 1.5  # at least, with what a request whose answer was lost may be making still


class Maker:
    """Creates in one cloud. `owned` are ids that the state knows: a create must not adopt them."""

    def __init__(self, cloud: Cloud, owned: Container[str]) -> None:
        self._cloud = cloud
        self._owned = owned

    def one(self, kind: Resource, want: Inputs, marker: str) -> Remote:
        """Create it, unless an earlier create of the same thing left one whose answer was lost."""
        if taken := self._taken_over(kind, want, marker):
            return taken
        for again in (True, False):
            started = time.monotonic()
            try:
                remote = retry(lambda: kind.create(self._cloud, want, marker), once=True)
                break
            except NotReadyError as error:
                self._cloud.note(kind, error.remote)
                raise
            except Exception as error:
                if not lost(error) or not again:
                    raise
                self._look(kind, {marker}, max(PATIENCE_S, time.monotonic() - started))
                if taken := self._taken_over(kind, want, marker):
                    return taken
        self._cloud.note(kind, remote)
        return remote

    def many(self, kind: Resource, wanted: Sequence[Wanted]) -> dict[str, Remote]:
        """Create them in one request; the objects by marker. What is missing is to be made alone.

        That is all of them when the request was refused: of a list with one bad member the API says which one only in words.
        """
        if len(wanted) < 2:
            return {}
        fresh = {item.marker: item for item in wanted if self._left_behind(kind, item.marker) is None}
        if len(fresh) < 2:
            return {}
        made: dict[str, Remote] = {}
        started = time.monotonic()
        try:
            made = {remote.marker: remote for remote in retry(lambda: kind.create_many(self._cloud, list(fresh.values())), once=True)}
        except Exception as error:
            if not lost(error):
                return {}
        for remote in made.values():
            self._cloud.note(kind, remote)
        if made.keys() >= fresh.keys():
            return made
        return {**made, **self._look(kind, fresh.keys() - made.keys(), max(PATIENCE_S, time.monotonic() - started))}

    def _look(self, kind: Resource, markers: set[str], patience_s: float) -> dict[str, Remote]:
        """What there is of these, once all are there or they had time to appear.

        A gateway gives up while the service works on, and what Neutron makes of a list is seen all at once: it has as long again.
        """
        wait_s, waited_s = FIRST_WAIT_S, 0.0
        while True:
            self._cloud.forget(kind)
            found = {marker: remote for marker in markers if (remote := self._left_behind(kind, marker)) is not None}
            if found.keys() == markers or waited_s >= patience_s:
                return found
            time.sleep(wait_s)
            waited_s += wait_s
            wait_s *= 2

    def _taken_over(self, kind: Resource, want: Inputs, marker: str) -> Remote | None:
        """What an earlier create left behind, brought to what is wanted: its later calls may not have been made. One whose secret nobody saw is deleted."""
        found = self._left_behind(kind, marker)
        if found is None:
            return None
        if kind.shown_once:
            kind.delete(self._cloud, found)
            return None
        if kind.names <= kind.replace_on:
            return found
        have = kind.get(self._cloud, found.id, want) or found
        remote = retry(lambda: kind.update(self._cloud, have, want), conflicts=True)
        self._cloud.note(kind, remote)
        return remote

    def _left_behind(self, kind: Resource, marker: str) -> Remote | None:
        known = tuple(self._cloud.index(kind).values()) if marker else ()
        return next((remote for remote in known if remote.marker == marker and remote.id not in self._owned), None)

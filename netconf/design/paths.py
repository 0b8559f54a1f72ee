"""SRv6-TE policies: which routers have one towards which, and over which segments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from inventory.errors import InputError
from inventory.model import Device, Estate
from inventory.policy import Colour
from netconf.model.network import TeTarget
from netconf.sids import end_sid

Place = tuple[Device, str, tuple[str, ...]]  # the router, its loopback, its locators by algorithm


def te_targets(estate: Estate, places: Mapping[str, Place], without: Mapping[str, frozenset[str]]) -> dict[str, list[TeTarget]]:
    """By head end. A segment is the End SID of a router.

    A router that is exempt from `te` heads no policy; one that is exempt from `flex_algos` has no locator of a Flex-Algo, and is in no path of one.
    """
    algorithms = {f.name: index for index, f in enumerate(estate.network.flex_algos, 1)}
    found: dict[str, list[TeTarget]] = defaultdict(list)
    for colour in estate.network.colours:
        if colour.flex_algo and colour.flex_algo not in algorithms:
            raise InputError(f"network.yaml: colour {colour.name} asks for the Flex-Algo {colour.flex_algo}, which flex_algos does not define")
        index = algorithms[colour.flex_algo] if colour.flex_algo else 0
        there = {key: place for key, place in places.items() if not index or "flex_algos" not in without[key]}
        tails = [place for place in there.values() if place[0].role in colour.tail]
        crossed = {*colour.via, *colour.backup_via}
        common = [(tail[0].id, _target(colour, tail, None, there, index)) for tail in tails]  # of every head that is not crossed itself
        for key, (head, _, _) in there.items():
            if head.role not in colour.head or "te" in without[key]:
                continue
            if key in crossed:
                found[key] += [_target(colour, tail, key, there, index) for tail in tails if tail[0].id != key]
            else:
                found[key] += [target for tail, target in common if tail != key]
    return found


def _target(colour: Colour, tail: Place, head: str | None, places: Mapping[str, Place], index: int) -> TeTarget:
    end = end_sid(tail[2][index])

    def over(via: tuple[str, ...]) -> tuple[str, ...]:
        """Routers that are not there to be crossed, outside the scope or exempt, are left out."""
        return (*(end_sid(places[device][2][index]) for device in via if device in places and device not in (head, tail[0].id)), end)

    paths = dict.fromkeys(over(via) for via in (colour.via, colour.backup_via) if via) or {(end,): None}
    return TeTarget(colour.name, colour.number, tail[0].id, tail[0].name, tail[1], tuple(paths))

"""Stable allocation: what was given stays given; what is missing gets the first free place of its region's block.

Node numbers are the 16 node bits of an F3216 locator (RFC 9800, NEXT-C-SID): the high byte is the city's GB/T 2260 number
(0 for the province), so that a city's locators are one /40; a city that outgrows it is given further blocks of 256 from
`FURTHER_BLOCKS`. Local SID functions start at 0xE000, which caps the high byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv6Network

from inventory.errors import InputError
from inventory.model import Allocation, Device, Estate, Source
from netconf.sids import LOCAL_FUNCTIONS
from netconf.text import network_text

FURTHER_BLOCKS = range(0x64, LOCAL_FUNCTIONS >> 8)  # GB/T 2260 numbers cities 01 to 99, so these are nobody's
PROVINCIAL = frozenset({"core", "cloud-gateway", "hpc-gateway", "egress-firewall"})


class Allocator:
    """Answers with the recorded value, or gives a new one and remembers it in `new`."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.given: dict[tuple[str, str], str] = {}
        self.owners: dict[tuple[str, str], str] = {}
        self.new: list[Allocation] = []
        self._free: dict[tuple[str, object], Iterator[str]] = {}
        for row in estate.allocations:
            taken = self.owners.setdefault((row.kind, row.value), row.owner)
            if taken != row.owner:
                raise InputError(f"allocations.csv: {row.kind} {row.value} is given to both {taken} and {row.owner}")
            self.given[row.kind, row.owner] = row.value

    def get(self, kind: str, owner: str, pool: object, candidates: Callable[[], Iterator[str]]) -> str:
        """The value of `owner`; a new one is the first candidate of the pool that nobody has."""
        value = self.given.get((kind, owner)) or self._first_free(kind, owner, pool, candidates)
        if value is None:
            raise InputError(f"plan.yaml: no free {kind} is left for {owner}: the block is too small")
        return value

    def _first_free(self, kind: str, owner: str, pool: object, candidates: Callable[[], Iterator[str]]) -> str | None:
        """Values are never given back, so each pool is walked once."""
        key = (kind, pool)
        if key not in self._free:
            self._free[key] = candidates()
        for value in self._free[key]:
            if (kind, value) not in self.owners:
                self.given[kind, owner] = value
                self.owners[kind, value] = owner
                self.new.append(Allocation.model_validate({"kind": kind, "owner": owner, "value": value, "source": Source.SAMPLE}))
                return value
        return None

    def locator(self, device: Device) -> str:
        """A /48 for a router out of the blocks of its city (or of the province)."""
        region = self.estate.sites[device.site].region
        city = 0 if device.role in PROVINCIAL else int(region[2:4])
        if city << 8 >= LOCAL_FUNCTIONS:
            raise InputError(f"{device.id}: region {region} has no node numbers below {LOCAL_FUNCTIONS:#x}")
        return self.given.get(("locator", device.id)) or self._new_locator(device.id, city)

    def _new_locator(self, owner: str, city: int) -> str:
        base = int(self.estate.plan.locators.network_address)

        def numbers(block: int) -> Callable[[], Iterator[str]]:
            return lambda: (network_text(base | n << 80, 48) for n in range((block << 8) + 1, (block << 8) + 256))

        blocks = [city]
        for count in range(1, len(FURTHER_BLOCKS) + 2):
            value = self._first_free("locator", owner, blocks[-1], numbers(blocks[-1]))
            if value:
                return value
            name = f"region:{self.estate.province[:2]}{city:02d}00-{count}"
            blocks.append(int(self.get("node-block", name, None, lambda: (f"{n:#04x}" for n in FURTHER_BLOCKS)), 16))
        raise InputError(f"plan.yaml: no free locator is left for {owner}: the block is too small")

    def subnet(self, kind: str, owner: str, block: IPv6Network, length: int) -> str:
        """A subnet of `block`; the first one stays free, so that no address ends in zero (subnet-router anycast)."""
        step = 1 << (128 - length)
        base = int(block.network_address)
        count = 1 << min(length - block.prefixlen, 20)
        return self.get(kind, owner, kind, lambda: (network_text(base + n * step, length) for n in range(1, count)))

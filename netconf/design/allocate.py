"""Stable allocation: what was given stays given; what is missing gets the first free place of its region's block.

Node numbers are the 16 node bits of an F3216 locator (RFC 9800, NEXT-C-SID): the high byte is the city's GB/T 2260 number
(0 for the province), so that a city's locators are one /40; local SID functions start at 0xE000, which caps the high byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Network

from inventory.errors import InputError
from inventory.model import Allocation, Device, Estate, Source

LOCAL_FUNCTIONS = 0xE000  # first node number that F3216 leaves to local functions


class Allocator:
    """Answers with the recorded value, or gives a new one and remembers it in `new`."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.given: dict[tuple[str, str], str] = {}
        self.owners: dict[tuple[str, str], str] = {}
        self.new: list[Allocation] = []
        for row in estate.allocations:
            taken = self.owners.setdefault((row.kind, row.value), row.owner)
            if taken != row.owner:
                raise InputError(f"allocations.csv: {row.kind} {row.value} is given to both {taken} and {row.owner}")
            self.given[row.kind, row.owner] = row.value

    def get(self, kind: str, owner: str, candidates: Iterable[str]) -> str:
        """The value of `owner`; a new one is the first candidate that nobody has."""
        if value := self.given.get((kind, owner)):
            return value
        for value in candidates:
            if (kind, value) not in self.owners:
                self.given[kind, owner] = value
                self.owners[kind, value] = owner
                self.new.append(Allocation.model_validate({"kind": kind, "owner": owner, "value": value, "source": Source.SAMPLE}))
                return value
        raise InputError(f"plan.yaml: no free {kind} is left for {owner}: the block is too small")

    def locator(self, device: Device) -> IPv6Network:
        """A /48 for a router out of the block of its city (or of the province)."""
        block = self.estate.plan.locators
        region = self.estate.sites[device.site].region
        city = 0 if device.role in {"core", "cloud-gateway", "hpc-gateway"} else int(region[2:4])
        first = city << 8
        if first >= LOCAL_FUNCTIONS:
            raise InputError(f"{device.id}: region {region} has no node numbers below {LOCAL_FUNCTIONS:#x}")
        base = int(block.network_address)
        return IPv6Network(self.get("locator", device.id, (f"{IPv6Network((base | n << 80, 48))}" for n in range(first + 1, first + 256))))

    def subnet(self, kind: str, owner: str, block: IPv6Network, length: int) -> IPv6Network:
        """A subnet of `block`; the first one stays free, so that no address ends in zero (subnet-router anycast)."""
        step = 1 << (128 - length)
        base = int(block.network_address)
        count = 1 << min(length - block.prefixlen, 20)
        return IPv6Network(self.get(kind, owner, (f"{IPv6Network((base + n * step, length))}" for n in range(1, count))))

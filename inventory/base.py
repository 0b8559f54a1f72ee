"""What all parts of the estate's model are made of."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=96)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
DeviceRole = Literal["core", "cloud-gateway", "hpc-gateway", "city-edge", "county-edge", "access", "egress-firewall"]

LOCATOR_BLOCK_BITS = 32


def _f3216(block: IPv6Network) -> IPv6Network:
    if block.prefixlen != LOCATOR_BLOCK_BITS:
        raise ValueError("a block of SRv6 locators is a /32 (F3216: 32 bits of block, 16 of node, 16 of function)")
    return block


LocatorBlock = Annotated[IPv6Network, AfterValidator(_f3216)]  # RFC 9800, section 4.1

OUTSIDE_BACKBONE = frozenset({"access", "egress-firewall"})  # roles that stand at the backbone and are no part of it: no IS-IS, no SRv6, no BGP


class Policy(BaseModel):
    """An object of the YAML files."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

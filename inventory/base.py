"""What all parts of the estate's model are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z]+:[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=96)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
DeviceRole = Literal["core", "cloud-gateway", "hpc-gateway", "city-edge", "county-edge", "access", "egress-firewall"]

OUTSIDE_BACKBONE = frozenset({"access", "egress-firewall"})  # roles that stand at the backbone and are no part of it: no IS-IS, no SRv6, no BGP


class Policy(BaseModel):
    """An object of the YAML files."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

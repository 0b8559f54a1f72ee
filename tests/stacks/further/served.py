"""What a cloud holds of some types."""

from __future__ import annotations

from collections.abc import Mapping

from stacks.provider.base import Resource
from stacks.provider.cloud import Cloud
from tests.lab.pilot import Pilot


def there(pilot: Pilot, kinds: Mapping[str, Resource]) -> dict[str, set[str]]:
    """Ids by type, asked anew."""
    cloud = Cloud("province", pilot.state)
    return {token: set(cloud.index(kind)) for token, kind in kinds.items()}

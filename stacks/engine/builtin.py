"""The engine's own package, `pulumi`: stack references."""

from __future__ import annotations

from collections.abc import Callable

from pulumi.provider.experimental import provider as sdk

from stacks.engine.values import Secret, Values, to_properties


class Builtin(sdk.Provider):
    """Reads other stacks' outputs through `read_stack`, which raises when there is no such stack."""

    def __init__(self, read_stack: Callable[[str], Values]) -> None:
        self._read_stack = read_stack

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        outputs = self._read_stack(request.resource_id)
        secret = sorted(key for key, value in outputs.items() if isinstance(value, Secret))
        properties: Values = {"name": request.resource_id, "outputs": outputs, "secretOutputNames": secret}
        return sdk.ReadResponse(request.resource_id, to_properties(properties))

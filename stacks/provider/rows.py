"""Many objects in one request without openstacksdk's objects: making those costs more than the request (1 to 2 ms each, by the thousand)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from openstack.exceptions import raise_from_response
from openstack.resource import Resource as SdkResource

MEMBER_S = 1.0  # of each object made, added to what an answer may take: Neutron makes three a second on two busy cores


class Row:
    """One object of an answer, read by the names of openstacksdk's class as that is; what the API left out is None."""

    __slots__ = ("_names", "_raw")

    def __init__(self, sdk: type[SdkResource], raw: Mapping[str, Any]) -> None:
        self._names, self._raw = wire_names(sdk), raw

    def __getattr__(self, name: str) -> Any:
        try:
            return self._raw.get(self._names[name])
        except KeyError:
            raise AttributeError(name) from None


def rows(sdk: type[SdkResource], proxy: Any, **query: Any) -> Iterator[Row]:
    """What `sdk.list` of that service gives (it follows the pages)."""
    return _plain(sdk).list(proxy, **query)  # type: ignore[return-value]


def create(sdk: type[SdkResource], proxy: Any, bodies: Iterable[Mapping[str, Any]]) -> list[Row]:
    """All of these in one request; `bodies` by the names of openstacksdk's class, as its own `create_…` takes them."""
    names = wire_names(sdk)
    members = [{names[name]: value for name, value in body.items()} for body in bodies]
    limit_s = proxy.session.timeout
    more = {"timeout": limit_s + MEMBER_S * len(members)} if limit_s else {}
    answer = proxy.post(sdk.base_path, json={sdk.resources_key: members}, **more)
    raise_from_response(answer)
    return [Row(sdk, raw) for raw in answer.json()[sdk.resources_key]]


@cache
def wire_names(sdk: type[SdkResource]) -> dict[str, str]:
    """The API's names of the fields by openstacksdk's."""
    return {ours: theirs for theirs, ours in sdk._body_mapping().items()}


@cache
def _plain(sdk: type[SdkResource]) -> type[SdkResource]:
    """The class, giving rows in place of its objects."""

    def existing(cls: Any, /, connection: Any = None, microversion: str | None = None, **raw: Any) -> Row:
        return Row(sdk, raw)

    return type(f"{sdk.__name__}Row", (sdk,), {"existing": classmethod(existing)})

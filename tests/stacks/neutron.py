"""A Neutron at the wire: networks, security groups and their rules are listed and made, one or many in a request, behind the real provider."""

from __future__ import annotations

import json
from io import BytesIO
from itertools import count
from typing import Any

import requests
from keystoneauth1 import session, token_endpoint
from openstack.connection import Connection
from requests.adapters import BaseAdapter

URL = "http://neutron.test"


class Neutron(BaseAdapter):
    """`refused` is a name that no list and no request may carry; `losses` counts answers to come that get lost after their request was carried out,
    `unseen` how many objects of those are missing in as many lists as `blind` says. `posts` are the names, or protocols' ports, of each create, `patience` for
    how many seconds its answer is waited for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, list[dict[str, Any]]] = {"networks": [], "security_groups": []}
        self.rules: list[dict[str, Any]] = []
        self.posts: list[list[Any]] = []
        self.patience: list[float] = []
        self.refused = ""
        self.losses = self.unseen = self.blind = 0
        self._numbers = count(1)

    def connect(self, *_: Any) -> Connection:
        wire = requests.Session()
        wire.mount(URL, self)
        auth = token_endpoint.Token(f"{URL}/v2.0", "token")
        return Connection(session=session.Session(auth, session=wire, timeout=60), network_endpoint_override=f"{URL}/v2.0")

    def close(self) -> None: ...

    def send(self, request: requests.PreparedRequest, *_: Any, timeout: Any = None, **__: Any) -> requests.Response:
        collection = str(request.path_url).partition("?")[0].rsplit("/", 1)[-1].replace("-", "_")
        if request.method == "POST":
            self.patience.append(timeout)
            return self._create(request, collection)
        if collection in self.objects:
            return _answer(request, 200, {collection: self._seen(collection)})
        return _answer(request, 200, {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [{"rel": "self", "href": f"{URL}/v2.0/"}]}]})

    def _seen(self, collection: str) -> list[dict[str, Any]]:
        found = self.objects[collection]
        if self.blind and found:
            self.blind -= 1
            return found[: len(found) - self.unseen]
        return [{**one, "security_group_rules": [rule for rule in self.rules if rule["security_group_id"] == one["id"]]} for one in found]

    def _create(self, request: requests.PreparedRequest, collection: str) -> requests.Response:
        body = json.loads(request.body)  # type: ignore[arg-type]
        many = collection in body
        wanted = body[collection] if many else list(body.values())
        self.posts.append([one.get("name", one.get("port_range_min")) for one in wanted])
        if any(one.get("name") == self.refused for one in wanted):
            return _answer(request, 400, {"NeutronError": {"type": "Bad", "message": f"{self.refused} is not allowed", "detail": ""}})
        if len({one.get("security_group_id") for one in wanted}) > 1:
            return _answer(request, 400, {"NeutronError": {"type": "SecurityGroupNotSingleGroupRules", "message": "several groups", "detail": ""}})
        made = [{**one, "id": f"{collection}-{next(self._numbers)}"} for one in wanted]
        (self.rules if collection == "security_group_rules" else self.objects[collection]).extend(made)
        if self.losses:
            self.losses -= 1
            raise requests.ConnectionError("the connection was reset")
        return _answer(request, 201, {collection: made} if many else {collection[:-1]: made[0]})


def _answer(request: requests.PreparedRequest, status: int, body: Any) -> requests.Response:
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, str(request.url)
    response.headers["Content-Type"] = "application/json"
    response.raw = BytesIO(json.dumps(body).encode())
    return response

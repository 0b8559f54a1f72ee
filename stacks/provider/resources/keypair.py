"""A public key that Nova gives to new servers. It belongs to the user who runs this."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class Keypair(Resource):
    """The name is the id, and it is unique: one of our name with our key is the one that an unanswered create made."""

    token, service = "xiangyun:compute:Keypair", "compute"
    required = frozenset({"name", "publicKey"})
    replace_on = frozenset({"name", "publicKey"})
    unique = True
    delete_first = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.compute.keypairs():
            inputs = {"name": found.name, "publicKey": (found.public_key or "").strip()}
            yield Remote(found.name, inputs, {}, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.compute.create_keypair(name=want["name"], public_key=want["publicKey"])
        return Remote(made.name, want, {}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.compute.delete_keypair(have.id)

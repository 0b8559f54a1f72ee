"""A Barbican container: secrets that belong together, such as a certificate with its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class SecretContainer(Resource):
    """In the project of the run. `secrets`: the `ref` of each by its name there; a certificate's are certificate, private_key, intermediates.

    A container cannot be changed, only replaced. The API has no description: its name carries the marker. `kind`: generic, rsa or certificate.
    """

    token, service = "xiangyun:keymanager:SecretContainer", "key-manager"
    required = frozenset({"name", "secrets"})
    optional: ClassVar[Mapping[str, Any]] = {"kind": "generic"}
    added = ("ref",)
    replace_on = frozenset({"name", "secrets", "kind"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.key_manager.containers():
            name, marker = unmarked(found.name)
            secrets = {one["name"]: one["secret_ref"] for one in found.secret_refs or []}
            yield Remote(found.container_id, {"name": name, "kind": found.type, "secrets": secrets}, {"ref": found.container_ref}, marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        refs = [{"name": name, "secret_ref": ref} for name, ref in sorted(want["secrets"].items())]
        made = cloud.sdk.key_manager.create_container(name=marked(want["name"], marker), type=want["kind"], secret_refs=refs)
        return Remote(made.container_id, want, {"ref": made.container_ref}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.key_manager.delete_container(have.id)

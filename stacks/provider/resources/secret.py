"""A Barbican secret: a key, a password, a certificate that the cloud keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class Secret(Resource):
    """In the project of the run. A secret cannot be changed, only replaced. The API has no description: its name carries the marker.

    `kind`: opaque, passphrase, symmetric, private, public or certificate. What it holds is never read back.
    """

    token, service = "xiangyun:keymanager:Secret", "key-manager"
    required = frozenset({"name", "payload"})
    optional: ClassVar[Mapping[str, Any]] = {"kind": "opaque", "contentType": "text/plain", "expires": ""}
    added = ("ref",)
    replace_on = frozenset({"name", "payload", *optional})
    unreadable, secret = frozenset({"payload", "contentType"}), frozenset({"payload"})

    def marker(self, urn: str, want: Inputs) -> str:
        """Of everything but what is secret: a digest of that would tell who guesses it."""
        return super().marker(urn, {**want, "payload": ""})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for found in cloud.sdk.key_manager.secrets():
            name, marker = unmarked(found.name)
            inputs = {"name": name, "kind": found.secret_type, "expires": (found.expires_at or "").partition(".")[0]}
            yield Remote(found.secret_id, inputs, {"ref": found.secret_ref}, marker)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.key_manager.create_secret(
            name=marked(want["name"], marker),
            payload=want["payload"],
            payload_content_type=want["contentType"],
            secret_type=want["kind"],
            **({"expires_at": want["expires"]} if want["expires"] else {}),
        )
        return Remote(made.secret_id, want, {"ref": made.secret_ref}, marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.key_manager.delete_secret(have.id)

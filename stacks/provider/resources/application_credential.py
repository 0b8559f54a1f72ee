"""A Keystone application credential: how a program logs in with some of its user's roles, and without the user's password."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, marked, unmarked
from stacks.provider.cloud import Cloud


class ApplicationCredential(Resource):
    """Of the user who runs this, in the project of their token; names are unique to the user. Keystone shows `secret` once.

    `expires`: UTC, `2027-01-31T00:00:00`; empty: never.
    """

    token, service = "xiangyun:identity:ApplicationCredential", "identity"
    required = frozenset({"name", "roles"})
    optional: ClassVar[Mapping[str, Any]] = {"expires": "", "unrestricted": False, "description": ""}
    added, secret = ("project", "secret"), frozenset({"secret"})
    replace_on = frozenset({"name", "roles", *optional})
    unordered = frozenset({"roles"})
    delete_first, shown_once = True, True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.identity.application_credentials(cloud.user_id))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = cloud.sdk.identity.create_application_credential(
            cloud.user_id,
            want["name"],
            roles=[{"name": name} for name in want["roles"]],
            description=marked(want["description"], marker),
            unrestricted=want["unrestricted"],
            **({"expires_at": want["expires"]} if want["expires"] else {}),
        )
        known = _remote(made)
        return Remote(known.id, known.inputs, {**known.outputs, "secret": made.secret}, known.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.identity.delete_application_credential(cloud.user_id, have.id)


def _remote(found: Any) -> Remote:
    description, marker = unmarked(found.description)
    inputs = {
        "name": found.name,
        "roles": [role["name"] for role in found.roles or []],
        "expires": (found.expires_at or "").partition(".")[0],
        "unrestricted": bool(found.unrestricted),
        "description": description,
    }
    return Remote(found.id, inputs, {"project": found.project_id}, marker)

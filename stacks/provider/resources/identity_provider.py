"""A provider of identities that Keystone trusts: the province's single sign-on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.mapped import Mapped


class IdentityProvider(Mapped):
    """`name` is its id in the API, so it is unique. `remoteIds` are the issuers that it answers for; its users live in `domain`."""

    token, service, noun = "xiangyun:identity:IdentityProvider", "identity", "identity_provider"
    required = frozenset({"name"})
    optional: ClassVar[Mapping[str, Any]] = {"remoteIds": [], "domain": "", "enabled": True, "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "id", "remoteIds": "remote_ids", "domain": "domain_id", "enabled": "is_enabled"}
    chosen = frozenset({"domain"})
    replace_on = frozenset({"name", "domain"})
    unordered = frozenset({"remoteIds"})
    delete_first = True

"""A way in: an identity provider, a protocol (openid, saml2, mapped) and the mapping for it."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class FederationProtocol(Resource):
    """The id is PROVIDER/PROTOCOL, which is unique, so it needs no marker."""

    token, service = "xiangyun:identity:FederationProtocol", "identity"
    required = frozenset({"provider", "protocol", "mapping"})
    replace_on = frozenset({"provider", "protocol"})
    unique = True
    delete_first = True

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for provider in cloud.sdk.identity.identity_providers():
            for found in cloud.sdk.identity.federation_protocols(provider.id):
                inputs = {"provider": provider.id, "protocol": found.id, "mapping": found.mapping_id}
                yield Remote(f"{provider.id}/{found.id}", inputs, {}, self.marker("", inputs))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        cloud.sdk.identity.create_federation_protocol(want["provider"], id=want["protocol"], mapping_id=want["mapping"])
        return Remote(f"{want['provider']}/{want['protocol']}", want, {}, marker)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        cloud.sdk.identity.update_federation_protocol(want["provider"], want["protocol"], mapping_id=want["mapping"])
        return Remote(have.id, want, {}, have.marker)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        provider, protocol = have.id.split("/")
        cloud.sdk.identity.delete_federation_protocol(provider, protocol)

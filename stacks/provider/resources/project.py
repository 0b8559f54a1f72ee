"""A Keystone project: one unit's share of a cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from openstack.identity.v3.project import Project as SdkProject

from stacks.provider.base import Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped


class Project(Mapped):
    """Names are unique within a domain."""

    token, service, noun = "xiangyun:identity:Project", "identity", "project"
    sdk = SdkProject
    required, optional = frozenset({"name", "domain"}), {"description": "", "enabled": True}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "domain": "domain_id", "enabled": "is_enabled"}
    replace_on = frozenset({"domain"})

    def delete(self, cloud: Cloud, have: Remote) -> None:
        """Neutron would keep the `default` security group that it made for the project, and nobody could see whose it was.

        The group goes first: a run that is killed in between finds the project again, and so the other half.
        """
        for group in cloud.sdk.network.security_groups(project_id=have.id, name="default"):
            cloud.sdk.network.delete_security_group(group.id)
        super().delete(cloud, have)

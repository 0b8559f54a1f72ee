"""A Manila share network: the network of Neutron's that servers for shares are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from openstack.shared_file_system.v2.share_network import ShareNetwork as SdkShareNetwork

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud, project_of
from stacks.provider.rows import rows
from stacks.provider.shares import Shared


class ShareNetwork(Shared):
    """For shares of a type with `dhss`. Made in `project`, empty: the run's own."""

    token, noun, what = "xiangyun:sharedfilesystem:ShareNetwork", "share_network", "share network"
    required = frozenset({"name", "network", "subnet"})
    optional: ClassVar[Mapping[str, Any]] = {"project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name"}
    replace_on = frozenset({"network", "subnet", "project"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, found) for found in rows(SdkShareNetwork, self.calls(cloud), base_path="/share-networks/detail", all_projects=True))

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        where = {"neutron_net_id": want["network"], "neutron_subnet_id": want["subnet"]}
        made = self.calls_of(cloud, want["project"]).create_share_network(**self.new(cloud, want, marker), **where)
        return self.remote(cloud, made)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        super().delete(cloud, have)
        self.gone(cloud, have.id, lambda: self.calls(cloud).get_share_network(have.id))

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        """One with several subnets, which others made, is known by its first."""
        known = super().remote(cloud, found)
        first: Inputs = next(iter(found.share_network_subnets or ()), {})
        inputs = {
            **known.inputs,
            "network": first.get("neutron_net_id") or "",
            "subnet": first.get("neutron_subnet_id") or "",
            "project": project_of(cloud, found),
        }
        return Remote(known.id, inputs, {}, known.marker)

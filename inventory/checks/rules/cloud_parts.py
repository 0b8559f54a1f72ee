"""INV-021: a cloud's flavors name its pools, and names within it are given once."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class CloudParts(Check):
    id, severity = "INV-021", Severity.ERROR
    title = Text(zh="云内名称重复或资源池不存在", en="A flavor names no pool of its cloud, or a name is given twice")
    reason = Text(
        zh="规格必须落在已有资源池，名称重复会使编排结果不确定。",
        en="A flavor must land on a pool, and doubled names make the declared cloud ambiguous.",
    )
    advice = Text(
        zh="在 clouds.yaml 中补资源池或改正名称。",
        en="Add the pool, or correct the names, in clouds.yaml.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        hosts: dict[str, str] = {}
        for cloud in estate.clouds.values():
            pools = {pool.id for pool in cloud.pools}
            for index, flavor in enumerate(cloud.flavors):
                if flavor.pool not in pools:
                    yield self.finding(
                        estate, cloud.id, f"flavors[{index}].pool", zh=f"云中没有资源池 {flavor.pool}", en=f"the cloud has no pool {flavor.pool}"
                    )
            named = {
                "pools": [pool.id for pool in cloud.pools],
                "flavors": [flavor.name for flavor in cloud.flavors],
                "images": [image.name for image in cloud.images],
            }
            for kind, names in named.items():
                for name in sorted({name for name in names if names.count(name) > 1}):
                    yield self.finding(estate, cloud.id, kind, zh=f"{name} 出现多次", en=f"{name} stands more than once")
            for host in (name for pool in cloud.pools for group in pool.hosts for name in group.names):
                if host in hosts:
                    yield self.finding(
                        estate, cloud.id, "pools", zh=f"主机名 {host} 已用于 {hosts[host]}", en=f"the host name {host} is used in {hosts[host]} already"
                    )
                hosts.setdefault(host, cloud.id)

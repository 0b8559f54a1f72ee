"""Where a new system stands: on a cloud, by default its unit's own."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model import Cloud, Estate, Project
from inventory.places import region_of, upwards

OVERCOMMIT = 4  # virtual processors promised for one of a host; as INV-037 counts


@dataclass(frozen=True, slots=True)
class Free:
    """What a cloud's pools of one architecture still have, quotas taken off."""

    vcpus: int
    memory_gib: int
    disk_gib: int


def place(estate: Estate, project: Project) -> Cloud | None:
    """The cloud that the application names; else one that its unit is a tenant of; else that of its region, or of the one above; HPC centres never."""
    if project.cloud:
        return estate.clouds.get(project.cloud)
    general = [cloud for cloud in estate.clouds.values() if cloud.kind in ("province", "city")]
    for cloud in general:
        if any(tenant.unit == project.unit for tenant in cloud.tenants):
            return cloud
    for region in upwards(estate, region_of(estate, project.unit)):
        for cloud in general:
            if cloud.region == region:
                return cloud
    return None


def free(cloud: Cloud, arch: str, *, xinchuang: bool = False) -> Free | None:
    """None when no pool of the cloud has such hosts. Quotas are of the whole cloud, and are taken off the pools by their share of its processors."""
    hosts = [host for pool in cloud.pools for host in pool.hosts if host.arch == arch and (pool.xinchuang or not xinchuang)]
    if not hosts:
        return None
    every = sum(host.vcpus * host.count for pool in cloud.pools for host in pool.hosts)
    mine = sum(host.vcpus * host.count for host in hosts)
    cores = sum(tenant.quota.cores for tenant in cloud.tenants) * mine // every
    memory = sum(tenant.quota.memory_mib for tenant in cloud.tenants) * mine // every
    return Free(
        max(0, OVERCOMMIT * mine - cores),
        max(0, (sum(host.memory_mib * host.count for host in hosts) - memory) // 1024),
        sum(host.disk_gib * host.count for host in hosts),
    )

"""A unit's share of a cloud: its project and quotas."""

from __future__ import annotations

import pulumi

from inventory import model
from stacks.components.resources import ComputeQuota, Domain, NetworkQuota, Project, RoleAssignment
from stacks.names import slug


class Tenant(pulumi.ComponentResource):
    """The project is named after the unit's stable id; whoever applies the stack becomes its member, since Nova makes servers for members only."""

    def __init__(self, unit: model.Unit, quota: model.Quota, domain: Domain, opts: pulumi.ResourceOptions | None = None) -> None:
        name = slug(unit.id)
        super().__init__("xiangyun:government:Tenant", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.project = Project(name, child, name=name, domain=domain.id, description=unit.name)
        self.membership = RoleAssignment(name, child, project=self.project.id, role="member")
        ComputeQuota(name, child, project=self.project.id, cores=quota.cores, memoryMib=quota.memory_mib, instances=quota.instances)
        NetworkQuota(name, child, project=self.project.id, networks=quota.networks, ports=quota.ports)
        self.register_outputs({"project": self.project.id})

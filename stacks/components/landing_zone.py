"""The place in a cloud that is prepared for a system before it moves there."""

from __future__ import annotations

import pulumi

from inventory import model
from stacks.components.attached_network import AttachedNetwork
from stacks.components.resources import NetworkAccess, Port, SecurityGroup, SecurityGroupRule
from stacks.components.tenant import Tenant
from stacks.names import slug


class TenantLandingZone(pulumi.ComponentResource):
    """Access to the LAN, a security group that opens the landing's TCP ports and ICMPv6, and a port with the fixed address, from which the system's
    service address may come too."""

    def __init__(
        self, system: model.System, landing: model.Landing, tenant: Tenant, attached: AttachedNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        name = slug(system.id)
        super().__init__("xiangyun:government:TenantLandingZone", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        project = tenant.project.id
        access = NetworkAccess(name, child, network=attached.network.id, project=project)
        group = SecurityGroup(name, child, name=name, project=project, description=system.name)
        rules = [SecurityGroupRule(f"{name}-icmp", child, group=group.id, protocol="ipv6-icmp")]
        rules += [SecurityGroupRule(f"{name}-tcp-{port}", child, group=group.id, protocol="tcp", portMin=port, portMax=port) for port in landing.ports]
        service = [f"{system.service_address}/128"] if system.service_address else []
        self.port = Port(
            name,
            pulumi.ResourceOptions(parent=self, depends_on=[access, *rules]),
            name=name,
            network=attached.network.id,
            subnet=attached.subnet.id,
            address=str(landing.address),
            project=project,
            securityGroups=[group.id],
            allowed=service,
            description=system.name,
        )
        self.register_outputs({"port": self.port.id})

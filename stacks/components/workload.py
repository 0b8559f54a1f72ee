"""A system's server in its landing zone."""

from __future__ import annotations

import pulumi

from inventory import model
from stacks.components.landing_zone import TenantLandingZone
from stacks.components.resources import Flavor, Image, Keypair, Server
from stacks.components.tenant import Tenant
from stacks.names import slug


class Workload(pulumi.ComponentResource):
    def __init__(
        self,
        system: model.System,
        tenant: Tenant,
        zone: TenantLandingZone,
        flavor: Flavor,
        image: Image,
        key: Keypair,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        name = slug(system.id)
        super().__init__("xiangyun:government:Workload", name, {}, opts)
        self.server = Server(
            name,
            pulumi.ResourceOptions(parent=self, depends_on=[tenant.membership]),
            name=f"sys-{name}",
            project=tenant.project.id,
            flavor=flavor.id,
            image=image.id,
            ports=[zone.port.id],
            key=key.id,
            metadata={"system": system.id},
        )
        self.register_outputs({"server": self.server.id})

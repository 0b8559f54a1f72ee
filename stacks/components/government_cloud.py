"""A whole government cloud: who is in it, what it runs on, what it offers, and the places prepared for systems."""

from __future__ import annotations

from typing import Any

import pulumi

from inventory import model
from inventory.errors import InputError
from stacks.components.attached_network import AttachedNetwork
from stacks.components.landing_zone import TenantLandingZone
from stacks.components.pool import Pool
from stacks.components.resources import Domain, Image, Keypair, Trait
from stacks.components.tenant import Tenant
from stacks.components.workload import Workload
from stacks.names import slug

PHYSICAL_NETWORK = "extranet"


class GovernmentCloud(pulumi.ComponentResource):
    """Everything of one entry of clouds.yaml. `public_key` is what administrators log in to servers with; it is needed only where a system lands."""

    def __init__(self, estate: model.Estate, cloud: model.Cloud, public_key: str | None, opts: pulumi.ResourceOptions | None = None) -> None:
        name = slug(cloud.id)
        super().__init__("xiangyun:government:GovernmentCloud", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        domain = Domain(name, child, name=name, description=cloud.name)
        tenants = {tenant.unit: Tenant(estate.units[tenant.unit], tenant.quota, domain, child) for tenant in cloud.tenants}
        words = sorted({trait for pool in cloud.pools for trait in pool.traits})
        traits = {word: Trait(word, child, name=word) for word in words}
        pools = {pool.id: Pool(pool, [flavor for flavor in cloud.flavors if flavor.pool == pool.id], traits, child) for pool in cloud.pools}
        flavors = {flavor_name: flavor for pool in pools.values() for flavor_name, flavor in pool.flavors.items()}
        images = {image.name: Image(image.name, child, name=image.name, arch=image.arch, os=image.os) for image in cloud.images}
        lans = list(dict.fromkeys(landing.lan for landing in cloud.landings))
        attached = {lan: AttachedNetwork(estate.lans[lan], _physical(number), child) for number, lan in enumerate(lans)}
        key = Keypair(name, child, name=f"{name}-ops", publicKey=public_key) if public_key else None
        self.landings: dict[str, Any] = {}
        for landing in cloud.landings:
            system = estate.systems[landing.system]
            if system.unit not in tenants:
                raise InputError(f"{cloud.id}: {system.id} lands there, and its unit {system.unit} is no tenant: add it under tenants in clouds.yaml")
            if key is None:
                raise InputError(f"{cloud.id}: no key for servers: access.yaml names none under `servers`")
            zone = TenantLandingZone(system, landing, tenants[system.unit], attached[landing.lan], child)
            workload = Workload(system, tenants[system.unit], zone, flavors[landing.flavor], images[landing.image], key, child)
            self.landings[system.id] = {
                "server": workload.server.id,
                "address": str(landing.address),
                "project": tenants[system.unit].project.id,
                "port": zone.port.id,
            }
        self.register_outputs({"domain": domain.id, "landings": self.landings})


def _physical(number: int) -> str:
    """The first attached LAN is the physical network `extranet`, further ones `extranet-2` and so on: the cloud's operator maps them."""
    base = pulumi.Config("xiangyun").get("physicalNetwork") or PHYSICAL_NETWORK
    return base if number == 0 else f"{base}-{number + 1}"

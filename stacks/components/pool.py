"""A pool: hosts of one kind, kept together by an aggregate and told apart by traits, and the flavors that land on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi

from inventory import model
from stacks.components.resources import Aggregate, Flavor, ProviderTraits, Trait
from stacks.names import slug


class Pool(pulumi.ComponentResource):
    """Kunpeng and Phytium are both aarch64, and LoongArch has no word in Nova: a pool's own traits are what keeps them apart. A flavor requires all
    of its pool's traits, and the aggregate demands them, so that nothing else lands on these hosts."""

    def __init__(self, pool: model.Pool, flavors: Iterable[model.Flavor], traits: Mapping[str, Trait], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("xiangyun:government:Pool", slug(pool.id), {}, opts)
        needed = [traits[name] for name in pool.traits]
        child = pulumi.ResourceOptions(parent=self, depends_on=needed)
        hosts = [name for group in pool.hosts for name in group.names]
        marked = [ProviderTraits(host, child, host=host, traits=list(pool.traits)) for host in hosts]
        required = {f"trait:{name}": "required" for name in pool.traits}
        self.aggregate = Aggregate(
            slug(pool.id), pulumi.ResourceOptions(parent=self, depends_on=marked), name=slug(pool.id), hosts=hosts, metadata={**required, "pool": pool.kind}
        )
        self.flavors = {
            flavor.name: Flavor(
                flavor.name,
                child,
                name=flavor.name,
                vcpus=flavor.vcpus,
                memoryMib=flavor.memory_mib,
                diskGib=flavor.disk_gib,
                extraSpecs=required,
                description=pool.name,
            )
            for flavor in flavors
        }
        self.register_outputs({"aggregate": self.aggregate.id, "hosts": hosts})

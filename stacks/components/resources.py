"""The provider's types as a program writes them: `Network("lan", name="…", mtu=1500)`. Inputs are checked by the provider, by the type's own table."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi

from stacks.provider.resources import TYPES


class CloudResource(pulumi.CustomResource):
    """One type, named by its token; what the cloud adds becomes outputs besides the inputs."""

    token: ClassVar[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, /, **inputs: Any) -> None:
        super().__init__(self.token, name, {**dict.fromkeys(TYPES[self.token].added), **inputs}, opts)


class Aggregate(CloudResource):
    token = "xiangyun:compute:Aggregate"


class ComputeQuota(CloudResource):
    token = "xiangyun:compute:ComputeQuota"


class Domain(CloudResource):
    token = "xiangyun:identity:Domain"


class Flavor(CloudResource):
    token = "xiangyun:compute:Flavor"


class Image(CloudResource):
    token = "xiangyun:image:Image"


class Keypair(CloudResource):
    token = "xiangyun:compute:Keypair"


class Network(CloudResource):
    token = "xiangyun:network:Network"


class NetworkAccess(CloudResource):
    token = "xiangyun:network:NetworkAccess"


class NetworkQuota(CloudResource):
    token = "xiangyun:network:NetworkQuota"


class Port(CloudResource):
    token = "xiangyun:network:Port"


class Project(CloudResource):
    token = "xiangyun:identity:Project"


class ProviderTraits(CloudResource):
    token = "xiangyun:placement:ProviderTraits"


class RoleAssignment(CloudResource):
    token = "xiangyun:identity:RoleAssignment"


class SecurityGroup(CloudResource):
    token = "xiangyun:network:SecurityGroup"


class SecurityGroupRule(CloudResource):
    token = "xiangyun:network:SecurityGroupRule"


class Server(CloudResource):
    token = "xiangyun:compute:Server"
    address: pulumi.Output[str]


class Subnet(CloudResource):
    token = "xiangyun:network:Subnet"


class Trait(CloudResource):
    token = "xiangyun:placement:Trait"

"""All types of the provider, by token."""

from stacks.provider.base import Resource
from stacks.provider.resources.aggregate import Aggregate
from stacks.provider.resources.compute_quota import ComputeQuota
from stacks.provider.resources.domain import Domain
from stacks.provider.resources.flavor import Flavor
from stacks.provider.resources.image import Image
from stacks.provider.resources.keypair import Keypair
from stacks.provider.resources.network import Network
from stacks.provider.resources.network_access import NetworkAccess
from stacks.provider.resources.network_quota import NetworkQuota
from stacks.provider.resources.port import Port
from stacks.provider.resources.project import Project
from stacks.provider.resources.provider_traits import ProviderTraits
from stacks.provider.resources.role_assignment import RoleAssignment
from stacks.provider.resources.security_group import SecurityGroup
from stacks.provider.resources.security_group_rule import SecurityGroupRule
from stacks.provider.resources.server import Server
from stacks.provider.resources.subnet import Subnet
from stacks.provider.resources.trait import Trait

_ALL: tuple[Resource, ...] = (
    Aggregate(),
    ComputeQuota(),
    Domain(),
    Flavor(),
    Image(),
    Keypair(),
    Network(),
    NetworkAccess(),
    NetworkQuota(),
    Port(),
    Project(),
    ProviderTraits(),
    RoleAssignment(),
    SecurityGroup(),
    SecurityGroupRule(),
    Server(),
    Subnet(),
    Trait(),
)
TYPES: dict[str, Resource] = {resource.token: resource for resource in _ALL}

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


class AddressScope(CloudResource):
    token = "xiangyun:network:AddressScope"


class Aggregate(CloudResource):
    token = "xiangyun:compute:Aggregate"


class Allocation(CloudResource):
    token = "xiangyun:baremetal:Allocation"


class ApplicationCredential(CloudResource):
    token = "xiangyun:identity:ApplicationCredential"


class ComputeQuota(CloudResource):
    token = "xiangyun:compute:ComputeQuota"


class DeployTemplate(CloudResource):
    token = "xiangyun:baremetal:DeployTemplate"


class Domain(CloudResource):
    token = "xiangyun:identity:Domain"


class FederationProtocol(CloudResource):
    token = "xiangyun:identity:FederationProtocol"


class Flavor(CloudResource):
    token = "xiangyun:compute:Flavor"


class FloatingAddress(CloudResource):
    token = "xiangyun:network:FloatingAddress"


class Group(CloudResource):
    token = "xiangyun:identity:Group"


class GroupMember(CloudResource):
    token = "xiangyun:identity:GroupMember"


class HealthMonitor(CloudResource):
    token = "xiangyun:loadbalancer:HealthMonitor"


class IdentityProvider(CloudResource):
    token = "xiangyun:identity:IdentityProvider"


class Image(CloudResource):
    token = "xiangyun:image:Image"


class Keypair(CloudResource):
    token = "xiangyun:compute:Keypair"


class L7Policy(CloudResource):
    token = "xiangyun:loadbalancer:L7Policy"


class L7Rule(CloudResource):
    token = "xiangyun:loadbalancer:L7Rule"


class Limit(CloudResource):
    token = "xiangyun:identity:Limit"


class Listener(CloudResource):
    token = "xiangyun:loadbalancer:Listener"


class LoadBalancer(CloudResource):
    token = "xiangyun:loadbalancer:LoadBalancer"


class Mapping(CloudResource):
    token = "xiangyun:identity:Mapping"


class Member(CloudResource):
    token = "xiangyun:loadbalancer:Member"


class Network(CloudResource):
    token = "xiangyun:network:Network"


class NetworkAccess(CloudResource):
    token = "xiangyun:network:NetworkAccess"


class NetworkQuota(CloudResource):
    token = "xiangyun:network:NetworkQuota"


class Node(CloudResource):
    token = "xiangyun:baremetal:Node"


class NodePort(CloudResource):
    token = "xiangyun:baremetal:Port"


class NodePortGroup(CloudResource):
    token = "xiangyun:baremetal:PortGroup"


class NodeProvision(CloudResource):
    token = "xiangyun:baremetal:NodeProvision"


class Pool(CloudResource):
    token = "xiangyun:loadbalancer:Pool"


class Port(CloudResource):
    token = "xiangyun:network:Port"


class Project(CloudResource):
    token = "xiangyun:identity:Project"


class ProviderInventories(CloudResource):
    token = "xiangyun:placement:ProviderInventories"


class ProviderTraits(CloudResource):
    token = "xiangyun:placement:ProviderTraits"


class QosPolicy(CloudResource):
    token = "xiangyun:network:QosPolicy"


class RbacPolicy(CloudResource):
    token = "xiangyun:network:RbacPolicy"


class RecordSet(CloudResource):
    token = "xiangyun:dns:RecordSet"


class Region(CloudResource):
    token = "xiangyun:identity:Region"


class RegisteredLimit(CloudResource):
    token = "xiangyun:identity:RegisteredLimit"


class ResourceClass(CloudResource):
    token = "xiangyun:placement:ResourceClass"


class Role(CloudResource):
    token = "xiangyun:identity:Role"


class RoleAssignment(CloudResource):
    token = "xiangyun:identity:RoleAssignment"


class Router(CloudResource):
    token = "xiangyun:network:Router"


class RouterInterface(CloudResource):
    token = "xiangyun:network:RouterInterface"


class RouterRoutes(CloudResource):
    token = "xiangyun:network:RouterRoutes"


class Secret(CloudResource):
    token = "xiangyun:keymanager:Secret"
    ref: pulumi.Output[str]


class SecretContainer(CloudResource):
    token = "xiangyun:keymanager:SecretContainer"


class SecurityGroup(CloudResource):
    token = "xiangyun:network:SecurityGroup"


class SecurityGroupRule(CloudResource):
    token = "xiangyun:network:SecurityGroupRule"


class Server(CloudResource):
    token = "xiangyun:compute:Server"
    address: pulumi.Output[str]


class ServerGroup(CloudResource):
    token = "xiangyun:compute:ServerGroup"


class Share(CloudResource):
    token = "xiangyun:sharedfilesystem:Share"
    exportLocations: pulumi.Output[list[str]]  # noqa: N815 - Pulumi's name


class ShareAccess(CloudResource):
    token = "xiangyun:sharedfilesystem:ShareAccess"


class ShareNetwork(CloudResource):
    token = "xiangyun:sharedfilesystem:ShareNetwork"


class ShareQuota(CloudResource):
    token = "xiangyun:sharedfilesystem:ShareQuota"


class ShareSnapshot(CloudResource):
    token = "xiangyun:sharedfilesystem:ShareSnapshot"


class ShareType(CloudResource):
    token = "xiangyun:sharedfilesystem:ShareType"


class Snapshot(CloudResource):
    token = "xiangyun:volume:Snapshot"


class Subnet(CloudResource):
    token = "xiangyun:network:Subnet"


class SubnetPool(CloudResource):
    token = "xiangyun:network:SubnetPool"


class Trait(CloudResource):
    token = "xiangyun:placement:Trait"


class Trunk(CloudResource):
    token = "xiangyun:network:Trunk"


class TsigKey(CloudResource):
    token = "xiangyun:dns:TsigKey"


class User(CloudResource):
    token = "xiangyun:identity:User"


class Volume(CloudResource):
    token = "xiangyun:volume:Volume"


class VolumeQuota(CloudResource):
    token = "xiangyun:volume:VolumeQuota"


class VolumeType(CloudResource):
    token = "xiangyun:volume:VolumeType"


class Zone(CloudResource):
    token = "xiangyun:dns:Zone"

"""Every type of the provider that the province's own stack does not use, on a real OpenStack: made, read back as it was asked for, changed, taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from stacks.components import resources as r
from stacks.engine import Stack
from stacks.provider.cloud import Cloud
from stacks.provider.provider import OpenStackProvider
from stacks.provider.resources import TYPES
from tests.lab.pilot import Pilot
from tests.stacks.memory import counts, records

pytestmark = pytest.mark.lab
HOST = "hn-x86-1"
OF_THE_PROVINCE = {  # which test_openstack.py makes
    *(f"xiangyun:compute:{name}" for name in ("Aggregate", "ComputeQuota", "Flavor", "Keypair", "Server")),
    *(f"xiangyun:network:{name}" for name in ("NetworkAccess", "NetworkQuota")),
    *(f"xiangyun:placement:{name}" for name in ("ProviderTraits", "Trait")),
    "xiangyun:image:Image",
}
NEEDS = pulumi.ResourceOptions


def identity(compute: str, changed: bool) -> tuple[r.Domain, r.Project]:
    """`compute`: the id of Nova in the catalog."""
    domain = r.Domain("domain", name="types")
    project = r.Project("project", name="types", domain=domain.id)
    user = r.User("user", name="clerk", domain=domain.id, password=pulumi.Output.secret("Secret-1"), email="clerk@example.org" if changed else "")
    group = r.Group("group", name="clerks", domain=domain.id, description="they read" if changed else "")
    r.GroupMember("member", group=group.id, user=user.id)
    role = r.Role("role", name="auditor", description="reads" if changed else "")
    r.RoleAssignment("of-group", NEEDS(depends_on=[role]), role="auditor", project=project.id, group=group.id)
    r.RoleAssignment("on-domain", NEEDS(depends_on=[role]), role="auditor", domain=domain.id, user=user.id)
    r.ApplicationCredential("credential", name="ci", roles=["member", "reader"] if changed else ["reader"])
    r.Region("region", name="north", description="changed" if changed else "")
    provider = r.IdentityProvider("provider", name="sso", remoteIds=["https://sso.example/"], domain=domain.id, enabled=not changed)
    rules = [{"local": [{"user": {"name": "{0}"}}], "remote": [{"type": "OIDC-sub"}]}]
    mapping = r.Mapping("mapping", name="sso", rules=rules)
    r.FederationProtocol("protocol", provider=provider.id, protocol="openid", mapping=mapping.id)
    registered = r.RegisteredLimit("registered", owner=compute, resource="servers", default=10)
    r.Limit("limit", NEEDS(depends_on=[registered]), owner=compute, resource="servers", limit=30 if changed else 0, project=project.id)
    return domain, project


def hosts(changed: bool) -> None:
    kind = r.ResourceClass("class", name="CUSTOM_XY_LICENCE")
    r.ProviderInventories("inventories", NEEDS(depends_on=[kind]), host=HOST, inventories={"CUSTOM_XY_LICENCE": {"total": 8 if changed else 4}})
    r.ServerGroup("servers", name="apart", policy="anti-affinity")


def networks(project: pulumi.Input[str], changed: bool) -> None:
    scope = r.AddressScope("scope", name="users", ipVersion=6)
    more = ["2001:db8:78::/48"] if changed else []
    pool = r.SubnetPool("pool", name="users", prefixes=["2001:db8:77::/48", *more], addressScope=scope.id, defaultLength=64)
    rules = [{"type": "dscp_marking", "dscp_mark": 26}, {"type": "bandwidth_limit", "max_kbps": 10_000 if changed else 5_000, "direction": "egress"}]
    gold = r.QosPolicy("gold", name="gold", rules=rules)
    shared = r.RbacPolicy("shared", objectType="qos_policy", object=gold.id, target=project)
    users = r.Network("users", NEEDS(depends_on=[shared]), name="users", project=project, qosPolicy=gold.id)
    outside = r.Network("outside", name="outside", external=True)
    their = r.Subnet("outside-4", name="outside-4", network=outside.id, cidr="203.0.113.0/24", gateway="203.0.113.1")
    r.Subnet("users-6", name="users-6", network=users.id, pool=pool.id, length=64)
    four = r.Subnet("users-4", name="users-4", network=users.id, cidr="10.9.0.0/24", gateway="10.9.0.1")
    router = r.Router("edge", NEEDS(depends_on=[their]), name="edge", externalNetwork=outside.id, project=project)
    foot = r.RouterInterface("foot", router=router.id, subnet=four.id)
    hop = "10.9.0.9" if changed else "10.9.0.8"
    r.RouterRoutes("routes", NEEDS(depends_on=[foot]), router=router.id, routes=[{"destination": "10.10.0.0/16", "nexthop": hop}])
    web = r.Port("web", name="web", network=users.id, subnet=four.id, address="10.9.0.20", project=project)
    r.FloatingAddress("floating", NEEDS(depends_on=[foot, router]), network=outside.id, port=web.id if changed else "", project=project)
    group = r.SecurityGroup("web-group", name="web", project=project)
    r.SecurityGroupRule("among", group=group.id, protocol="tcp", portMin=443, portMax=443, ethertype="IPv4", remoteGroup=group.id)
    vlan = r.Network("vlan", name="vlan", project=project)
    inside = r.Subnet("vlan-4", name="vlan-4", network=vlan.id, cidr="10.8.0.0/24")
    parent = r.Port("parent", name="parent", network=users.id, subnet=four.id, address="10.9.0.30", project=project)
    child = r.Port("child", name="child", network=vlan.id, subnet=inside.id, address="10.8.0.30", project=project)
    r.Trunk("trunk", name="trunk", port=parent.id, project=project, subports=[{"port": child.id, "segment": 20 if changed else 10}])


def storage(project: pulumi.Input[str], changed: bool) -> None:
    specs = {"volume_backend_name": "fake", **({"tier": "gold"} if changed else {})}
    r.VolumeType("ssd", name="ssd", extraSpecs=specs, public=False, access=[project], description="fast" if changed else "")
    kind = r.VolumeType("plain", name="plain")
    r.VolumeQuota("volumes", project=project, sizeGib=200 if changed else 100, volumes=5, snapshots=5)
    disk = r.Volume("disk", name="disk", sizeGib=2 if changed else 1, description="data" if changed else "")
    mine = r.RoleAssignment("mine", role="member", project=project)  # Cinder makes a volume only in the token's project
    r.Volume("theirs", NEEDS(depends_on=[kind, mine]), name="theirs", sizeGib=1, type="plain", project=project)
    r.Snapshot("before", name="before", volume=disk.id)
    key = r.Secret("key", name="disk-key", payload=pulumi.Output.secret("hidden-2" if changed else "hidden-1"), kind="passphrase")
    r.SecretContainer("keys", name="keys", secrets={"disk": key.ref})


def left(pilot: Pilot) -> dict[str, set[str]]:
    """What the cloud holds, by type."""
    cloud = Cloud("province", pilot.state)
    return {token: set(cloud.index(kind)) for token, kind in TYPES.items() if cloud.has(kind)}


def test_every_type_is_made_read_changed_and_taken_away(pilot: Pilot, tmp_path: Path) -> None:
    before = left(pilot)
    compute = next(service.id for service in Cloud("province", pilot.state).sdk.identity.services() if service.type == "compute")

    def stack(changed: bool) -> Stack:
        def program() -> None:
            _, project = identity(compute, changed)
            hosts(changed)
            networks(project.id, changed)
            storage(project.id, changed)

        return on_cloud(pilot, tmp_path, program)

    try:
        made = counts(stack(False).up())["create"]
        here = {record["type"] for record in records(stack(False)).values()}
        assert before.keys() - here == OF_THE_PROVINCE
        assert counts(stack(False).refresh()) == {"same": made}, "read back as it was asked for"
        assert counts(stack(False).up()) == {"same": made}
        changed = counts(stack(True).up())
        assert changed["replace"] == 3, "the credential, whose roles cannot change; the secret, and the container that names it"
        assert changed["update"] == 15
        assert counts(stack(True).refresh()) == {"same": made}
        secret = records(stack(True))["credential"]["outputs"]["secret"]
        assert secret["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    finally:
        stack(True).destroy()
    assert left(pilot) == before


def on_cloud(pilot: Pilot, folder: Path, program: Callable[[], Any]) -> Stack:
    return Stack("lab", "types", program, folder, {"xiangyun": lambda: OpenStackProvider(pilot.state)}, {"xiangyun:cloud": "province"}, passphrase="x")


def test_a_credential_whose_answer_was_lost_is_made_again(pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its secret was in that answer and nowhere else."""
    from keystoneauth1 import exceptions as auth

    kind = type(TYPES["xiangyun:identity:ApplicationCredential"])
    create, times = kind.create, []

    def lose(*arguments: Any) -> Any:
        remote = create(*arguments)
        times.append(remote.id)
        if len(times) == 1:
            raise auth.ConnectFailure("the connection was reset")
        return remote

    monkeypatch.setattr(kind, "create", lose)
    stack = on_cloud(pilot, tmp_path, lambda: r.ApplicationCredential("credential", name="lost", roles=["reader"]) and None)
    try:
        assert counts(stack.up()) == {"create": 2}
        assert [records(stack)["credential"]["id"]] == times[1:]
        assert times[0] not in left(pilot)["xiangyun:identity:ApplicationCredential"]
    finally:
        stack.destroy()

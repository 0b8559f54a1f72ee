"""Policies for every cloud of a province: `xiangyun cloud preview --policy-pack stacks/policies/province`, and the Pulumi CLI with the same option."""

from ipaddress import ip_network
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

RULE = "xiangyun:network:SecurityGroupRule"
SERVER = "xiangyun:compute:Server"


def closed_ports(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """Whoever may log in comes from a known network."""
    props: Any = args.props
    if args.resource_type != RULE or props.get("direction") == "egress" or props.get("protocol") not in ("", "any", "tcp", "6"):
        return
    low, high = int(props.get("portMin") or 0), int(props.get("portMax") or 0)
    remote = props.get("remotePrefix") or "::/0"
    hit = [int(port) for port in args.get_config()["ports"] if not high or low <= port <= high]
    if hit and ip_network(remote, strict=False).prefixlen == 0:
        report_violation(f"port {', '.join(map(str, hit))} is open to {remote}: give remotePrefix the network that may come in", args.urn)


def names_its_system(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """Whoever finds a server knows whose it is."""
    if args.resource_type == SERVER and not (args.props.get("metadata") or {}).get("system"):
        report_violation("metadata has no `system`: give it the system's id in the estate", args.urn)


def one_server_a_system(args: StackValidationArgs, report_violation: ReportViolation) -> None:
    """Two servers of one system in one cloud are a copy that nobody planned."""
    seen: dict[str, str] = {}
    for resource in args.resources:
        system = (resource.props.get("metadata") or {}).get("system") if resource.resource_type == SERVER else None
        if system and system in seen:
            report_violation(f"{system} has two servers: {seen[system]} and {resource.name}", resource.urn)
        elif system:
            seen[system] = resource.name


PolicyPack(
    name="xiangyun-province",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy(
            name="no-open-login",
            description="No login port is open to the whole world.",
            config_schema=PolicyConfigSchema({"ports": {"type": "array", "items": {"type": "integer"}, "default": [22, 3389]}}),
            validate=closed_ports,
        ),
        ResourceValidationPolicy(name="server-names-its-system", description="Every server carries its system's id.", validate=names_its_system),
        StackValidationPolicy(
            name="one-server-a-system",
            description="A system has one server in a cloud.",
            enforcement_level=EnforcementLevel.ADVISORY,
            validate=one_server_a_system,
        ),
    ],
)

"""A Neutron QoS policy with its rules: what a port may send, and how it is marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped

_KEPT = ("max_kbps", "max_burst_kbps", "min_kbps", "direction", "dscp_mark", "max_kpps", "min_kpps")


class QosPolicy(Mapped):
    """`rules`: mappings of `type` (bandwidth_limit, dscp_marking, minimum_bandwidth) and what the API names so: `max_kbps`, `direction`, `dscp_mark`, …"""

    token, service, noun = "xiangyun:network:QosPolicy", "network", "qos_policy"
    plural = "qos_policies"
    required, optional = frozenset({"name"}), {"rules": [], "shared": False, "project": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "shared": "is_shared", "project": "project_id"}
    chosen = frozenset({"project"})
    replace_on = frozenset({"project"})
    unordered = frozenset({"rules"})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        made = super().create(cloud, want, marker)
        return self._with_rules(cloud, made, want)

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        return self._with_rules(cloud, super().update(cloud, have, want), want)

    def _with_rules(self, cloud: Cloud, policy: Remote, want: Inputs) -> Remote:
        network = cloud.sdk.network
        left = list(want["rules"])
        for rule in network.get_qos_policy(policy.id).rules or []:
            if _said(rule) in left:
                left.remove(_said(rule))
            else:
                getattr(network, f"delete_qos_{rule['type']}_rule")(rule["id"], policy.id)
        for rule in left:
            getattr(network, f"create_qos_{rule['type']}_rule")(policy.id, **{name: value for name, value in rule.items() if name != "type"})
        return Remote(policy.id, {**policy.inputs, "rules": want["rules"]}, policy.outputs, policy.marker)

    def remote(self, cloud: Cloud, found: Any) -> Remote:
        known = super().remote(cloud, found)
        return Remote(known.id, {**known.inputs, "rules": [_said(rule) for rule in found.rules or []]}, known.outputs, known.marker)


def _said(rule: Inputs) -> Inputs:
    """A rule without what the API adds."""
    said = {name: rule[name] for name in _KEPT if rule.get(name) is not None and (name != "max_burst_kbps" or rule[name])}
    return {"type": rule["type"], **said}

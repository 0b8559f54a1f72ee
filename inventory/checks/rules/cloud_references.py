"""INV-022: a cloud's owner, region, gateway and tenants exist."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class CloudReferences(Check):
    id, severity = "INV-022", Severity.ERROR
    title = Text(zh="云的单位、地区或网关不存在", en="A cloud names a unit, region or gateway that does not exist")
    reason = Text(
        zh="云的主管单位、地区、网关与租户是计费、授权和组网的依据。",
        en="Owner, region, gateway and tenants decide who pays, who may act and how the cloud is attached.",
    )
    advice = Text(
        zh="在 clouds.yaml 中改正标识，或先登记所缺的单位、地区、设备。",
        en="Correct the id in clouds.yaml, or add the unit, region or device first.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for cloud in estate.clouds.values():
            named = [("owner", cloud.owner, estate.units.keys()), ("region", cloud.region, estate.regions.keys())]
            if cloud.gateway:
                named.append(("gateway", cloud.gateway, estate.devices.keys()))
            named += [(f"tenants[{index}].unit", tenant.unit, estate.units.keys()) for index, tenant in enumerate(cloud.tenants)]
            for column, value, known in named:
                if value not in known:
                    yield self.finding(estate, cloud.id, column, zh=f"{value} 不存在", en=f"{value} does not exist")
            units = [tenant.unit for tenant in cloud.tenants]
            for unit in sorted({unit for unit in units if units.count(unit) > 1}):
                yield self.finding(estate, cloud.id, "tenants", zh=f"{unit} 有多个租户", en=f"{unit} is a tenant more than once")

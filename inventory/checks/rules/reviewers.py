"""INV-038: the roles that review project applications exist and may review."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class Reviewers(Check):
    id, severity = "INV-038", Severity.ERROR
    title = Text(zh="评审角色不存在或无评审权限", en="A review names a role that does not exist or may not review")
    reason = Text(
        zh="项目联合评审须由规定角色逐一签署；角色缺失时申报永远无法办结。",
        en="An application is decided when every role has signed: one that does not exist never will.",
    )
    advice = Text(
        zh="在 roles.yaml 中登记该角色并授予 review，或改正 reviews.yaml。",
        en="Enrol the role with `review` in roles.yaml, or correct reviews.yaml.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        places = [origin for origin in estate.origins if origin.startswith("review:")]
        for subject, review in zip(places, estate.reviews, strict=False):
            for name in review.roles:
                role = estate.roles.get(name)
                if role is None:
                    yield self.finding(estate, subject, "roles", zh=f"角色 {name} 不在 roles.yaml 中", en=f"{name} is not in roles.yaml")
                elif "review" not in role.may:
                    yield self.finding(estate, subject, "roles", zh=f"角色 {name} 无 review 权限", en=f"{name} may not review")

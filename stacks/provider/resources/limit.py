"""A Keystone unified limit: what one project (or domain) may have instead of the registered default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from stacks.provider.mapped import Mapped


class Limit(Mapped):
    """`owner` is the id of the catalog's service. Either `project` or `domain` is given."""

    token, service, noun = "xiangyun:identity:Limit", "identity", "limit"
    required = frozenset({"owner", "resource", "limit"})
    optional: ClassVar[Mapping[str, Any]] = {"project": "", "domain": "", "region": "", "description": ""}
    fields: ClassVar[Mapping[str, str]] = {
        "owner": "service_id",
        "resource": "resource_name",
        "limit": "resource_limit",
        "project": "project_id",
        "domain": "domain_id",
        "region": "region_id",
    }
    chosen = frozenset({"project", "domain", "region"})
    replace_on = frozenset({"owner", "resource", "project", "domain", "region"})
    delete_first = True

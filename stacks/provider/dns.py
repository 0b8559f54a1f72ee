"""What the types of Designate share: whose zones a request sees."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped

PAGE = 1000  # of a list; Designate's own default is 20
LIMIT_S = 600  # Designate gives up after 10 × 15 s by its defaults, says ERROR, and goes on trying


class Dns(Mapped):
    """Every request is for the zones of all projects: without that header one of another project is not found."""

    service: ClassVar[str] = "dns"

    def calls(self, cloud: Cloud) -> Any:
        return _with(cloud, "X-Auth-All-Projects", "true")


def failed(found: Any) -> str:
    """What `settled` is to say of a zone or a record set; Designate itself gives no reason."""
    return f"Designate could not bring it to its name servers: {found.action} is {found.status} ({found.id})" if found.status == "ERROR" else ""


def as_of(cloud: Cloud, project_id: str) -> Any:
    """Calls on behalf of a project, which needs no role there: what is made is that project's."""
    return _with(cloud, "X-Auth-Sudo-Project-ID", project_id)


def _with(cloud: Cloud, header: str, value: str) -> Any:
    calls = copy(cloud.sdk.dns)
    calls.additional_headers = {**calls.additional_headers, header: value}
    return calls

"""A role of a user or a group on a project or a domain. Without either it is the user who runs this: Nova makes a server only for a member of its project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource, Wrong
from stacks.provider.cloud import Cloud


class RoleAssignment(Resource):
    """Setting it twice is no error, so it needs no marker. The id is PROJECT/USER/ROLE, all by id; with a domain or a group `domain:ID`, `group:ID`."""

    token, service = "xiangyun:identity:RoleAssignment", "identity"
    required = frozenset({"role"})
    optional: ClassVar[Mapping[str, Any]] = {"project": "", "domain": "", "user": "", "group": ""}
    replace_on = frozenset({"role", *optional})

    def check(self, given: Mapping[str, Any]) -> Wrong:
        wrong = super().check(given)
        if bool(given.get("project")) == bool(given.get("domain")):
            wrong.append(("project", "give either project or domain"))
        if given.get("user") and given.get("group"):
            wrong.append(("group", "give either user or group"))
        return wrong

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        identity = cloud.sdk.identity
        roles = {role.id: role.name for role in identity.roles()}
        for found in identity.role_assignments():
            scope, role = found.scope or {}, found.role
            scoped = next((kind for kind in ("project", "domain") if kind in scope), "")
            who = "user" if found.user else "group" if found.group else ""
            if not (scoped and who and role) or "OS-INHERIT:inherited_to" in scope:
                continue
            holder = (found.user or found.group)["id"]
            inputs = {
                "role": roles.get(role["id"], role["id"]),
                "project": "",
                "domain": "",
                "user": "",
                "group": "",
                scoped: scope[scoped]["id"],
                who: "" if holder == cloud.user_id else holder,
            }
            yield Remote(_id(scoped, scope[scoped]["id"], who, holder, role["id"]), inputs)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        scoped, who = "project" if want["project"] else "domain", "group" if want["group"] else "user"
        holder = want[who] or cloud.user_id
        role = cloud.sdk.identity.find_role(want["role"], ignore_missing=False)
        getattr(cloud.sdk.identity, f"assign_{scoped}_role_to_{who}")(want[scoped], holder, role)
        return Remote(_id(scoped, want[scoped], who, holder, role.id), want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        where, whom, role = have.id.split("/")
        scoped, who = "domain" if ":" in where else "project", "group" if ":" in whom else "user"
        call = getattr(cloud.sdk.identity, f"unassign_{scoped}_role_from_{who}")
        call(where.rpartition(":")[2], whom.rpartition(":")[2], role)


def _id(scoped: str, scope: str, who: str, holder: str, role: str) -> str:
    return f"{'domain:' if scoped == 'domain' else ''}{scope}/{'group:' if who == 'group' else ''}{holder}/{role}"

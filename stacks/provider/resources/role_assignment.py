"""A role of a user on a project. Without `user` it is the user who runs this: Nova makes a server only for a member of its project."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class RoleAssignment(Resource):
    """Setting it twice is no error, so it needs no marker. The id is PROJECT/USER/ROLE, all by id."""

    token, service = "xiangyun:identity:RoleAssignment", "identity"
    required, optional = frozenset({"project", "role"}), {"user": ""}
    replace_on = frozenset({"project", "role", "user"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        identity = cloud.sdk.identity
        roles = {role.id: role.name for role in identity.roles()}
        for found in identity.role_assignments():
            project, user, role = (found.scope or {}).get("project"), found.user, found.role
            if project and user and role:
                own = "" if user["id"] == cloud.user_id else user["id"]
                inputs = {"project": project["id"], "role": roles.get(role["id"], role["id"]), "user": own}
                yield Remote(f"{project['id']}/{user['id']}/{role['id']}", inputs)

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        identity = cloud.sdk.identity
        user = want["user"] or cloud.user_id
        role = identity.find_role(want["role"], ignore_missing=False)
        identity.assign_project_role_to_user(want["project"], user, role)
        return Remote(f"{want['project']}/{user}/{role.id}", want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        project, user, role = have.id.split("/")
        cloud.sdk.identity.unassign_project_role_from_user(project, user, role)

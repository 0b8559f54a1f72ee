"""A user in a group. A user of a federation gets into groups by its mapping instead."""

from __future__ import annotations

from collections.abc import Iterable

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud


class GroupMember(Resource):
    """Adding one twice is no error, so it needs no marker. The id is GROUP/USER."""

    token, service = "xiangyun:identity:GroupMember", "identity"
    required = frozenset({"group", "user"})
    replace_on = frozenset({"group", "user"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        for group in cloud.sdk.identity.groups():
            for user in cloud.sdk.identity.group_users(group.id):
                yield Remote(f"{group.id}/{user.id}", {"group": group.id, "user": user.id})

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        cloud.sdk.identity.add_user_to_group(want["user"], want["group"])
        return Remote(f"{want['group']}/{want['user']}", want)

    def delete(self, cloud: Cloud, have: Remote) -> None:
        group, user = have.id.split("/")
        cloud.sdk.identity.remove_user_from_group(user, group)

"""A Designate TSIG key: the shared secret with which servers of a zone, or of a pool, sign what they tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from stacks.provider.dns import Dns


class TsigKey(Dns):
    """`scope` is ZONE or POOL, `of` the id of that. Names are unique. `secret` in base64. Another secret is another key: openstacksdk changes none."""

    token, noun = "xiangyun:dns:TsigKey", "tsigkey"
    required, optional = frozenset({"name", "scope", "of", "secret"}), {"algorithm": "hmac-sha256"}
    fields: ClassVar[Mapping[str, str]] = {"name": "name", "scope": "scope", "of": "resource_id", "secret": "secret", "algorithm": "algorithm"}
    replace_on = frozenset(fields)
    secret = frozenset({"secret"})
    delete_first = unique = True

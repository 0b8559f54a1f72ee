"""What Ironic's types share: asked with a token for the system, found again by an id of ours, changed by JSON patch, mappings key by key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from openstack.resource import Resource as SdkResource

from stacks.provider.base import Inputs, Remote, Wrong
from stacks.provider.cloud import Cloud
from stacks.provider.mapped import Mapped
from stacks.provider.rows import wire_names

MASK = "******"  # what Ironic gives back in place of a password
_KEY = re.compile(r"[\w-]+")  # Ironic's schema of a JSON patch takes no other path


class Metal(Mapped):
    """Of the inputs in `mappings` only the keys that are named are ours: drivers and inspection write others beside them, and adoption takes none over."""

    service = "baremetal"
    own_id = True
    delete_first = True  # names and addresses are unique
    sdk: ClassVar[type[SdkResource]]
    mappings: ClassVar[frozenset[str]] = frozenset()

    def calls(self, cloud: Cloud) -> Any:
        return cloud.as_system().baremetal

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return (self.remote(cloud, item) for item in getattr(self.calls(cloud), self.plural or f"{self.noun}s")(details=True))

    def check(self, given: Mapping[str, Any]) -> Wrong:
        odd = [(name, key) for name in sorted(self.mappings) for key in _keys(given.get(name)) if not _KEY.fullmatch(key)]
        return super().check(given) + [(name, f"has the key {key!r}: Ironic changes keys of letters, digits, _ and - only") for name, key in odd]

    def new(self, cloud: Cloud, want: Inputs, marker: str) -> Inputs:
        return {name: value for name, value in super().new(cloud, want, marker).items() if value is not None}

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        self.change(cloud, have, want)
        return self.as_asked(self.remote(cloud, getattr(self.calls(cloud), f"get_{self.noun}")(have.id)), want)

    def change(self, cloud: Cloud, have: Remote, want: Inputs) -> None:
        self.send(cloud, have.id, self.patch(have, want))

    def send(self, cloud: Cloud, id_: str, patch: Sequence[Inputs], **more: Any) -> None:
        if patch:
            getattr(self.calls(cloud), f"patch_{self.noun}")(id_, patch, **more)

    def patch(self, have: Remote, want: Inputs) -> Sequence[Inputs]:
        """What makes one of the other; removals first. A value that is null Ironic does not take: it is removed."""
        names, changeable = wire_names(self.sdk), self.names - self.replace_on
        old, new = ({names[key]: value for key, value in self.body(inputs, "", changeable).items()} for inputs in (have.inputs, want))
        added: Inputs = {}
        removed: set[str] = set()
        for field in sorted({*old, *new}):
            before, after = old.get(field), new.get(field)
            if isinstance(before, dict) and isinstance(after, dict):
                removed |= {f"/{field}/{key}" for key in before.keys() - after.keys()}
                added |= {f"/{field}/{key}": value for key, value in after.items() if key not in before or before[key] != value}
            elif after is None and before is not None:
                removed.add(f"/{field}")
            elif before != after:
                added[f"/{field}"] = after
        return [*({"op": "remove", "path": path} for path in sorted(removed)), *({"op": "add", "path": path, "value": added[path]} for path in added)]

    def as_asked(self, remote: Remote, want: Inputs) -> Remote:
        known = super().as_asked(remote, want)
        ours = {name: {key: value for key, value in known.inputs[name].items() if key in want.get(name, {})} for name in self.mappings}
        return Remote(known.id, {**known.inputs, **ours}, known.outputs, known.marker)


def _keys(value: Any) -> Sequence[str]:
    """Of a mapping; one that is not known yet is a word."""
    return sorted(value) if isinstance(value, dict) else []

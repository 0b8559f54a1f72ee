"""A Glance image."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from stacks.provider.base import Inputs, Remote, Resource
from stacks.provider.cloud import Cloud

_MARKER = "xiangyun_marker"
PLACEHOLDER_KIB = 64


class Image(Resource):
    """`source` is a file, or empty: then a raw placeholder is uploaded whose bytes follow from the name (for clouds that boot no disk).

    `arch` becomes `hw_architecture`, by which the scheduler finds hosts; loongarch64 is a word that Nova does not know, so it is left out there and
    the flavor's traits alone decide.
    """

    token, service = "xiangyun:image:Image", "image"
    required = frozenset({"name", "arch"})
    optional: ClassVar[Mapping[str, Any]] = {"os": "", "source": "", "visibility": "public", "diskFormat": "raw"}
    added = ("checksum", "sizeBytes")
    replace_on = frozenset({"source", "diskFormat", "arch"})
    unreadable = frozenset({"source"})

    def list(self, cloud: Cloud) -> Iterable[Remote]:
        return map(_remote, cloud.sdk.image.images())

    def create(self, cloud: Cloud, want: Inputs, marker: str) -> Remote:
        image = cloud.sdk.image
        made = image.create_image(
            want["name"],
            disk_format=want["diskFormat"],
            container_format="bare",
            visibility=want["visibility"],
            allow_duplicates=True,
            **_properties(want, marker),
        )
        made.data = _content(want)
        made.upload(image)
        return _remote(image.get_image(made.id))

    def update(self, cloud: Cloud, have: Remote, want: Inputs) -> Remote:
        image = cloud.sdk.image
        found = image.update_image(have.id, name=want["name"], visibility=want["visibility"], **_properties(want, have.marker))
        if found.status == "queued":  # an upload that was interrupted
            found.data = _content(want)
            found.upload(image)
        return _remote(image.get_image(have.id))

    def delete(self, cloud: Cloud, have: Remote) -> None:
        cloud.sdk.image.delete_image(have.id)


def _properties(want: Inputs, marker: str) -> dict[str, str]:
    found = {"xiangyun_arch": want["arch"], "os_distro": want["os"], _MARKER: marker}
    if want["arch"] != "loongarch64":
        found["hw_architecture"] = want["arch"]
    return {name: value for name, value in found.items() if value}


def _content(want: Inputs) -> bytes:
    if want["source"]:
        return Path(want["source"]).read_bytes()
    block = hashlib.sha256(want["name"].encode()).digest()
    return block * (PLACEHOLDER_KIB * 1024 // len(block))


def _remote(found: Any) -> Remote:
    extra = found.properties or {}
    arch = extra.get("xiangyun_arch") or found.hw_architecture or found.architecture or ""
    os = found.os_distro or extra.get("os_distro") or ""
    inputs = {"name": found.name, "arch": arch, "os": os, "visibility": found.visibility, "diskFormat": found.disk_format}
    return Remote(found.id, inputs, {"checksum": found.checksum or "", "sizeBytes": found.size or 0}, extra.get(_MARKER, ""))

"""Property values: one internal form, and its translations to the SDK's wire form, to a provider's form and to state JSON.

Internal form: None, bool, float, str, list and dict as they are; `Secret`, `Reference` and `UNKNOWN` for what JSON has no word for.
Assets and archives stay signed dicts, with the hash of their content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import pulumi
from google.protobuf import struct_pb2
from pulumi.provider.experimental.property_value import Computed, PropertyValue, ResourceReference

Values: TypeAlias = dict[str, Any]

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the wire's "known later"


class Unknown:
    """A value that is known only after an operation; there is one, `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unknown>"

    def __deepcopy__(self, memo: Any) -> Unknown:
        return self  # it is compared by identity


UNKNOWN = Unknown()


class Secret:
    """A value that is never shown and never stored in clear."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(Secret)

    def __repr__(self) -> str:
        return "[secret]"


class Reference:
    """A reference to a resource: URN, and the id where it is a custom one (None: a component)."""

    __slots__ = ("id", "urn", "version")

    def __init__(self, urn: str, id_: Any = None, version: str = "") -> None:
        self.urn, self.id, self.version = urn, id_, version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and (self.urn, self.id) == (other.urn, other.id)

    def __hash__(self) -> int:
        return hash(self.urn)


# --- the SDK's wire form ---


def from_struct(struct: struct_pb2.Struct) -> Values:
    """A wire Struct as internal values; top-level nulls vanish, as the engine of the CLI drops them."""
    result = {}
    for key, value in struct.fields.items():
        decoded = from_wire(value)
        if decoded is not None:
            result[key] = decoded
    return result


def from_wire(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == UNKNOWN_ID else text
    if kind == "number_value":
        return value.number_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [from_wire(item) for item in value.list_value.values]
    if kind == "struct_value":
        fields = {key: from_wire(item) for key, item in value.struct_value.fields.items()}
        return _signed(fields) if SIGNATURE in fields else fields
    return None


def _signed(fields: Values) -> Any:
    """The meaning of a dict that carries a signature."""
    signature = fields[SIGNATURE]
    if signature == SECRET:
        return Secret(fields.get("value"))
    if signature == REFERENCE:
        return Reference(fields["urn"], fields.get("id"), fields.get("packageVersion") or "")
    if signature in (ASSET, ARCHIVE):
        return _hashed(fields)
    if signature == OUTPUT:
        value = fields.get("value", UNKNOWN)
        return Secret(value) if fields.get("secret") else value
    return fields


def _hashed(asset: Values) -> Values:
    """Add the digest of an asset's content, by which a changed file is seen."""
    digest = hashlib.sha256()
    if "text" in asset:
        digest.update(str(asset["text"]).encode())
    elif "path" in asset:
        root = Path(asset["path"])
        for file in [root] if root.is_file() else sorted(item for item in root.rglob("*") if item.is_file()):
            digest.update(str(file.relative_to(root)).encode())
            digest.update(file.read_bytes())
    else:
        digest.update(json.dumps(asset.get("uri") or asset.get("assets"), sort_keys=True, default=str).encode())
    return {**asset, "hash": digest.hexdigest()}


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    fields = struct.fields
    for key, value in values.items():
        _fill(fields[key], value)
    return struct


def _fill(target: struct_pb2.Value, value: Any) -> None:
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_ID
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        fields = target.struct_value.fields
        for key, item in value.items():
            _fill(fields[key], item)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for item in value:
            _fill(target.list_value.values.add(), item)
    elif isinstance(value, Secret):
        fields = target.struct_value.fields
        fields[SIGNATURE].string_value = SECRET
        _fill(fields["value"], value.value)
    elif isinstance(value, Reference):
        _fill(target, _reference(value))
    else:
        raise TypeError(f"a value of type {type(value).__name__} has no wire form")


def _reference(value: Reference) -> Values:
    fields: Values = {SIGNATURE: REFERENCE, "urn": value.urn, "packageVersion": value.version}
    return fields if value.id is None else {**fields, "id": value.id}


# --- a provider's form ---


def to_properties(values: Mapping[str, Any], secrets: bool = True) -> dict[str, PropertyValue]:
    """What a provider is given. Unknowns go as the wire's sentinel; without `secrets` they go as plain values."""
    return {key: _property(value, secrets) for key, value in values.items()}


@lru_cache(maxsize=16_384, typed=True)
def scalar(value: str | float | bool | None) -> PropertyValue:
    """That one value. It cannot be changed, and the same goes through a run many times: in inputs, outputs, the check of them, their difference."""
    return PropertyValue(value)


def _property(value: Any, secrets: bool) -> PropertyValue:
    if isinstance(value, (str, bool, float)) or value is None:
        return scalar(value)
    if value is UNKNOWN:
        return scalar(UNKNOWN_ID)
    if isinstance(value, int):
        return scalar(float(value))
    if isinstance(value, list):
        return PropertyValue([_property(item, secrets) for item in value])
    if isinstance(value, dict):
        return PropertyValue(_asset(value) if SIGNATURE in value else {key: _property(item, secrets) for key, item in value.items()})
    if isinstance(value, Secret):
        inner = _property(value.value, secrets)
        return inner.with_secret(True) if secrets else inner
    if isinstance(value, Reference):
        return PropertyValue(ResourceReference(value.urn, None if value.id is None else _property(value.id, secrets), value.version))
    raise TypeError(f"a value of type {type(value).__name__} cannot be given to a provider")


def _asset(value: Values) -> pulumi.Asset | pulumi.Archive:
    if value[SIGNATURE] == ASSET:
        if "text" in value:
            return pulumi.StringAsset(value["text"])
        return pulumi.FileAsset(value["path"]) if "path" in value else pulumi.RemoteAsset(value["uri"])
    if "assets" in value:
        return pulumi.AssetArchive({key: _asset(item) for key, item in value["assets"].items()})
    return pulumi.FileArchive(value["path"]) if "path" in value else pulumi.RemoteArchive(value["uri"])


def from_properties(properties: Mapping[str, PropertyValue] | None) -> Values:
    return {key: from_property(value) for key, value in (properties or {}).items()}


def from_property(prop: PropertyValue) -> Any:
    value: Any = prop.value
    if isinstance(value, str):
        value = UNKNOWN if value == UNKNOWN_ID else value
    elif isinstance(value, Computed):
        value = UNKNOWN
    elif isinstance(value, Mapping):
        value = {key: from_property(item) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        value = [from_property(item) for item in value]
    elif isinstance(value, ResourceReference):
        value = Reference(value.urn, None if value.resource_id is None else from_property(value.resource_id), value.package_version or "")
    elif isinstance(value, (pulumi.Asset, pulumi.Archive)):
        value = _hashed(_from_asset(value))
    elif isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return Secret(value) if prop.is_secret else value


def _from_asset(value: Any) -> Values:
    signature = ASSET if isinstance(value, pulumi.Asset) else ARCHIVE
    for name in ("path", "text", "uri"):
        if hasattr(value, name):
            return {SIGNATURE: signature, name: str(getattr(value, name))}
    return {SIGNATURE: signature, "assets": {key: _hashed(_from_asset(item)) for key, item in value.assets.items()}}


# --- state JSON ---


def to_json(value: Any, seal: Callable[[str], Values]) -> Any:
    """State JSON of a value; `seal` turns a secret's JSON text into what stands for it (plaintext or ciphertext)."""
    if isinstance(value, (str, bool)) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: to_json(item, seal) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item, seal) for item in value]
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, **seal(json.dumps(to_json(value.value, seal), ensure_ascii=False))}
    if isinstance(value, Reference):
        return to_json(_reference(value), seal)
    if value is UNKNOWN:
        return UNKNOWN_ID
    return value


def from_json(value: Any, unseal: Callable[[Values], str]) -> Any:
    """The value that state JSON stands for; `unseal` gives a secret's JSON text."""
    if isinstance(value, dict):
        signature = value.get(SIGNATURE)
        if signature == SECRET:
            return Secret(from_json(json.loads(unseal(value)), unseal))
        fields = {key: from_json(item, unseal) for key, item in value.items()}
        return Reference(fields["urn"], fields.get("id"), fields.get("packageVersion") or "") if signature == REFERENCE else fields
    if isinstance(value, list):
        return [from_json(item, unseal) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return UNKNOWN if value == UNKNOWN_ID else value


# --- questions about values ---


def unsecret(value: Any) -> Any:
    """The value with no secret marks in it, at any depth."""
    if isinstance(value, Secret):
        return unsecret(value.value)
    if isinstance(value, dict):
        return {key: unsecret(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unsecret(item) for item in value]
    return value


def has_secret(value: Any) -> bool:
    if isinstance(value, Secret):
        return True
    if isinstance(value, dict):
        return any(map(has_secret, value.values()))
    return isinstance(value, list) and any(map(has_secret, value))


def has_unknown(value: Any) -> bool:
    if value is UNKNOWN:
        return True
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Reference):
        return value.id is UNKNOWN
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    return isinstance(value, list) and any(map(has_unknown, value))


def plain(value: Any) -> Any:
    """What `pulumi stack output --json --show-secrets` shows: no secret marks, whole numbers as int."""
    return to_json(unsecret(value), lambda text: {"plaintext": text})

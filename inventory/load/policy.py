"""The YAML files of an estate to policy objects, with the line and key of every fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from inventory.load.faults import Fault
from inventory.load.messages import said
from inventory.load.text import read_text
from inventory.load.yamlfile import Map, NotYamlError, Seq, read_yaml
from inventory.model import AddressPlan, Cloud, Migration, Review, Role, Scope, Target, Vpn
from inventory.policy import NetworkPolicy, network_origin

P = TypeVar("P", bound=BaseModel)


@dataclass(slots=True)
class Policies:
    """What the YAML files held. `origins` gives each object's place; `duplicates` the places of ids and names met more than once."""

    clouds: dict[str, Cloud] = field(default_factory=dict)
    vpns: dict[str, Vpn] = field(default_factory=dict)
    migrations: dict[str, Migration] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    plan: AddressPlan | None = None
    network: NetworkPolicy = field(default_factory=NetworkPolicy)
    origins: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_policies(folder: Path) -> Policies:
    """Read clouds.yaml, vpns.yaml, migrations.yaml, roles.yaml (lists under a key of the file's name), scopes.yaml (by name) and plan.yaml.

    targets.yaml, reviews.yaml and network.yaml may be missing.
    """
    result = Policies()
    for cloud in _listed(result, folder, "clouds", Cloud):
        _keep(result, result.clouds, cloud[0].id, cloud[0].id, *cloud)
    for vpn in _listed(result, folder, "vpns", Vpn):
        _keep(result, result.vpns, vpn[0].id, vpn[0].id, *vpn)
    for migration in _listed(result, folder, "migrations", Migration):
        _keep(result, result.migrations, migration[0].system, f"migration of {migration[0].system}", *migration)
    for role in _listed(result, folder, "roles", Role):
        _keep(result, result.roles, role[0].name, f"role:{role[0].name}", *role)
    for target in _listed(result, folder, "targets", Target, optional=True):
        _keep(result, result.targets, target[0].id, f"target:{target[0].id}", *target)
    for review in _listed(result, folder, "reviews", Review, optional=True):
        _keep(result, result.reviews, review[1], f"review:{review[1]}", *review)
    for name, scope, place in _named(result, folder, "scopes", Scope):
        _keep(result, result.scopes, name, f"scope:{name}", scope, place)
    plan = _document(result, folder / "plan.yaml")
    if plan is not None:
        result.plan = _validated(result, "plan.yaml", AddressPlan, plan, 1, ())
        result.origins["plan"] = "plan.yaml:1"
        if isinstance(plan, Mapping):
            result.origins |= {f"plan:{key}": f"plan.yaml:{_line(plan, key, 1)}" for key in plan}
    if (folder / "network.yaml").exists() and (document := _document(result, folder / "network.yaml")) is not None:
        result.network = _validated(result, "network.yaml", NetworkPolicy, document, 1, ()) or NetworkPolicy()
        result.origins |= _network_origins(result.network, document)
    return result


def _network_origins(network: NetworkPolicy, document: Any) -> dict[str, str]:
    """Each section of network.yaml, and each named thing in it, by the name that its lines carry: `extranet:slices`, `extranet:slices:video`."""
    origins = {"extranet": "network.yaml:1"}
    for section in network.model_fields_set:
        origins[f"extranet:{section}"] = f"network.yaml:{_line(document, section, 1)}"
        rows = getattr(network, section)
        for index, row in enumerate(rows if isinstance(rows, tuple) else ()):
            origins[network_origin(section, row)] = f"network.yaml:{line_of(document, (section, index), 1)}"
    return origins


def _keep(result: Policies, into: dict[str, P], key: str, origin: str, value: P, place: str) -> None:
    """The first of several stays; the others are remembered as duplicates."""
    if key in into:
        result.duplicates[origin] = (*result.duplicates.get(origin, (result.origins[origin],)), place)
        return
    into[key] = value
    result.origins[origin] = place


def _document(result: Policies, file: Path) -> Any:
    """The file's content; None after a fault or for an empty file."""
    text = read_text(file)
    if isinstance(text, Fault):
        result.faults.append(text)
        return None
    try:
        return read_yaml(text)
    except NotYamlError as error:
        result.faults.append(Fault(file.name, error.line, "", f"not YAML: {error}"))
    return None


def _under_key(result: Policies, folder: Path, name: str, kind: type, expected: str) -> Any:
    """The value of key `name` in `<name>.yaml`, which must be a `kind`; an empty one when absent."""
    file = f"{name}.yaml"
    document = _document(result, folder / file)
    if document is None:
        return kind()
    if not isinstance(document, Mapping):
        result.faults.append(Fault(file, 1, "", f"expected a mapping with the key {name}"))
        return kind()
    result.faults += [Fault(file, _line(document, key, 1), str(key), f"unknown key; expected {name}") for key in document if key != name]
    value = document.get(name)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        result.faults.append(Fault(file, _line(document, name, 1), name, f"expected {expected}"))
        return kind()
    return value


def _listed(result: Policies, folder: Path, name: str, cls: type[P], *, optional: bool = False) -> Iterator[tuple[P, str]]:
    file = f"{name}.yaml"
    if optional and not (folder / file).exists():
        return
    rows: Sequence[Any] = _under_key(result, folder, name, list, "a list")
    for index, raw in enumerate(rows):
        line = _line(rows, index, 1)
        value = _validated(result, file, cls, raw, line, ())
        if value is not None:
            yield value, f"{file}:{line}"


def _named(result: Policies, folder: Path, name: str, cls: type[P]) -> Iterator[tuple[str, P, str]]:
    file = f"{name}.yaml"
    rows: Mapping[Any, Any] = _under_key(result, folder, name, dict, "a mapping of names")
    for key in rows:
        line = _line(rows, key, 1)
        value = _validated(result, file, cls, rows[key] if rows[key] is not None else {}, line, (key,))
        if value is not None:
            yield str(key), value, f"{file}:{line}"


def _validated(result: Policies, file: str, cls: type[P], raw: Any, line: int, path: tuple[object, ...]) -> P | None:
    try:
        return cls.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            at = line_of(raw, detail["loc"], line)
            result.faults.append(Fault(file, at, _path((*path, *detail["loc"])), said(detail)))
        return None


def line_of(raw: Any, loc: tuple[int | str, ...], line: int) -> int:
    """The line of the value at `loc` inside `raw`, or of the nearest thing around it."""
    for step in loc:
        line = _line(raw, step, line)
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _line(container: Any, key: Any, default: int) -> int:
    try:
        return int(container.lines[key]) if isinstance(container, Map | Seq) else default
    except (KeyError, IndexError, TypeError):
        return default


def _path(loc: tuple[object, ...]) -> str:
    """`landings[0].flavor` for ("landings", 0, "flavor")."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text

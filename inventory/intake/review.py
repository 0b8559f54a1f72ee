"""The joint review: each required role signs its verdict on the application as it stands; the verdicts are entries of the ledger."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from inventory.edit import append_rows, set_fields
from inventory.errors import InputError, XiangyunError
from inventory.intake.placing import place
from inventory.journal import Note
from inventory.model import Estate, Project
from inventory.places import region_of
from ledger import Ledger
from ledger.canonical import canonical
from ledger.keys import private, public

WHAT = "intake.review"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One role's signed word on an application."""

    role: str
    approve: bool
    note: str
    time: str
    seq: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a joint review stands. `state`: `waiting`, `approved` or `refused`."""

    verdicts: tuple[Verdict, ...]
    missing: tuple[str, ...]

    @property
    def state(self) -> str:
        if any(not verdict.approve for verdict in self.verdicts):
            return "refused"
        return "waiting" if self.missing else "approved"


def project_of(estate: Estate, wanted: str) -> Project:
    """Raises InputError for an unknown application."""
    if wanted not in estate.projects:
        raise InputError(f"no project {wanted} in this estate: `xiangyun inventory intake list` shows them")
    return estate.projects[wanted]


def digest(project: Project) -> str:
    """SHA-256 of the application without what its approval fills in: a verdict holds for the text that was read, and for no other."""
    filled_in = {"status", "system"} if project.kind == "new" else {"status"}
    return sha256(project.model_dump_json(exclude=filled_in).encode()).hexdigest()


def required(estate: Estate, project: Project) -> tuple[str, ...]:
    """Roles that must sign, by reviews.yaml and the application's cost. Raises InputError when the estate names none."""
    roles = {role: None for review in estate.reviews if project.cost_cny >= review.over_cny for role in review.roles}
    if not roles:
        raise InputError("reviews.yaml names no role that reviews such an application: add one, see docs/reference/estate.md")
    return tuple(roles)


def enrol(folder: Path, estate: Estate, role: str, key: Path) -> Path:
    """Make a key pair for `role`: the private half into `key` (owner only), the public one beside the estate. Nothing is overwritten.

    Raises InputError for a role that may not review or a key that is there, XiangyunError when one cannot be written; then neither is.
    """
    _role(estate, role)
    enrolled = _public_file(folder, role)
    if enrolled.exists() or key.exists():
        raise InputError(f"{enrolled if enrolled.exists() else key} is there already: nothing was made")
    made = Ed25519PrivateKey.generate()
    try:
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise XiangyunError(f"{key} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        enrolled.parent.mkdir(exist_ok=True)
        enrolled.write_bytes(made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    except OSError as error:
        key.unlink()
        raise XiangyunError(f"{enrolled} cannot be written: {error.strerror}") from error
    return enrolled


def sign(folder: Path, estate: Estate, ledger: Ledger, project: Project, role: str, key: Path, *, approve: bool, note: str) -> None:
    """Record `role`'s verdict. Raises InputError when the role may not, is not asked, is not enrolled, or the key is not its own."""
    _role(estate, role)
    if role not in required(estate, project):
        raise InputError(f"role {role} is not asked for {project.id}: {', '.join(required(estate, project))} are")
    if project.status in ("approved", "refused"):
        raise InputError(f"{project.id} is {project.status}: it is not reviewed again")
    if not note.strip() and not approve:
        raise InputError("a refusal says why: give --note")
    enrolled = _public_file(folder, role)
    if not enrolled.exists():
        raise InputError(f"role {role} has no enrolled key: `xiangyun inventory intake enrol {role} --key FILE`")
    if other := next((other for other in _sharing(folder, required(estate, project)).get(role, ()) if other != role), None):
        raise InputError(f"{role} and {other} are enrolled with one key, and a joint review wants as many hands as roles: enrol one anew")
    message = {"project": project.id, "digest": digest(project), "role": role, "verdict": "approve" if approve else "refuse", "note": note.strip()}
    if not key.is_file():
        raise InputError(f"{key}: there is no such key file")
    signature = private(key).sign(canonical(message))
    if not _holds(enrolled, message, signature):
        raise InputError(f"{key} is not the key that is enrolled for role {role}")
    ledger.record(WHAT, project.id, note=json.dumps({**message, "signature": base64.b64encode(signature).decode()}, ensure_ascii=False, sort_keys=True))


def standing(folder: Path, estate: Estate, ledger: Ledger, project: Project) -> Standing:
    """The last valid verdict of each required role on the application as it stands now; others, and those of roles that share a key, are passed over."""
    asked = required(estate, project)
    shared = _sharing(folder, asked)
    last: dict[str, Verdict] = {}
    for entry in ledger.entries():
        if entry.what != WHAT or entry.on != project.id:
            continue
        said = _read(entry.note)
        role = str(said.get("role", ""))
        message = {name: said.get(name) for name in ("project", "digest", "role", "verdict", "note")}
        if (
            role in asked
            and role not in shared
            and said.get("digest") == digest(project)
            and _holds(_public_file(folder, role), message, _bytes(said.get("signature")))
        ):
            last[role] = Verdict(role, said["verdict"] == "approve", str(said["note"]), entry.time, entry.seq)
    return Standing(tuple(last[role] for role in asked if role in last), tuple(role for role in asked if role not in last))


def decide(folder: Path, estate: Estate, ledger: Ledger, project: Project) -> Standing:
    """Carry out what the review says, once: the application's state, and for a new system a row that stands on a cloud. Waits while a role is missing."""
    found = standing(folder, estate, ledger, project)
    if found.state == "waiting" or project.status in ("approved", "refused"):
        return found
    values = {"status": found.state}
    if found.state == "approved" and project.kind == "new":
        values["system"] = _placed(folder, estate, project)
    set_fields(folder, "projects", project.id, values, Note("intake.decide", project.id, f"{found.state}: {_words(found.verdicts)}"))
    return found


def _words(verdicts: Iterable[Verdict]) -> str:
    return ", ".join(f"{verdict.role} {'approves' if verdict.approve else f'refuses ({verdict.note})'}" for verdict in verdicts)


def _placed(folder: Path, estate: Estate, project: Project) -> str:
    """The new system's id: its row is added, unless a decision that was cut off added it already."""
    known = next((system.id for system in estate.systems.values() if (system.name, system.unit) == (project.name, project.unit)), None)
    if known is None:
        region = region_of(estate, project.unit)
        numbers = [int(number) for key in estate.systems if (number := key.removeprefix(f"system:{region}-")).isdigit()]
        known = f"system:{region}-{max(numbers, default=0) + 1:04d}"
        append_rows(folder, "systems", [_system(estate, project, known)])
    return known


def _system(estate: Estate, project: Project, key: str) -> Mapping[str, object]:
    cloud = place(estate, project)
    if cloud is None:
        raise InputError(f"{project.id}: there is no cloud for {project.unit}: it cannot be approved")
    return {
        "id": key,
        "name": project.name,
        "unit": project.unit,
        "cloud": cloud.id,
        "zone": "public",
        "purpose": project.purpose,
        "mlps_level": project.mlps_level,
        "personal_data": project.personal_data,
        "xinchuang": project.xinchuang,
        "arch": project.arch,
        "users": project.users,
        "platforms": project.platforms,
        "status": "stopped",
        "source": "census",
    }


def _role(estate: Estate, role: str) -> None:
    if role not in estate.roles:
        raise InputError(f"there is no role {role}: roles.yaml has {', '.join(estate.roles)}")
    if "review" not in estate.roles[role].may:
        raise InputError(f"role {role} may not review: roles.yaml gives it {', '.join(estate.roles[role].may)}")


def _public_file(folder: Path, role: str) -> Path:
    return folder / "roles" / f"{role}.pem"


def _sharing(folder: Path, roles: Iterable[str]) -> dict[str, list[str]]:
    """Roles whose enrolled key another one of them has too, with all that have it."""
    holders: dict[bytes, list[str]] = {}
    for role in roles:
        file = _public_file(folder, role)
        if file.exists():
            holders.setdefault(public(file).public_bytes(Encoding.Raw, PublicFormat.Raw), []).append(role)
    return {role: together for together in holders.values() if len(together) > 1 for role in together}


def _holds(enrolled: Path, message: Mapping[str, object], signature: bytes) -> bool:
    if not enrolled.exists():
        return False
    try:
        public(enrolled).verify(signature, canonical(dict(message)))
    except InvalidSignature:
        return False
    return True


def _read(note: str) -> dict[str, object]:
    try:
        said = json.loads(note)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        return b""

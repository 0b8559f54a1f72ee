"""The ledger's Ed25519 key pair: made once, the private one readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key, load_pem_public_key

from ledger.errors import LedgerError, UnreadableError

PRIVATE, PUBLIC = "ledger.key", "ledger.pub"


def ensure(folder: Path) -> Ed25519PrivateKey:
    """The private key of `folder`, made with its public half if missing; of several processes that try at once one wins."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / PRIVATE
    if not file.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _appear(file, pem)
    key = private(file)
    if not (folder / PUBLIC).exists():
        _appear(folder / PUBLIC, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), mode=0o644)
    return key


def private(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise LedgerError(f"the ledger's key {file} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerError(f"{file} is not an Ed25519 key")
    return key


def public(file: Path) -> Ed25519PublicKey:
    """A public key from a PEM file; `UnreadableError` when it is none."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableError(f"{file} cannot be read as a public key (PEM): {getattr(error, 'strerror', None) or 'not a key'}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UnreadableError(f"{file} is not an Ed25519 public key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """Sixteen hex digits that name a public key."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _appear(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Make `file` with its whole content at once, unless it is there already."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            os.fchmod(out.fileno(), mode)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(temporary, file)
    finally:
        Path(temporary).unlink(missing_ok=True)

"""Signed checkpoints: the size and root of a ledger at one moment, as a C2SP tlog-checkpoint in a C2SP signed-note.

    xiangyun/0123456789abcdef          origin: whose ledger
    42                                 entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2   root, base64
    (empty line)
    — xiangyun/0123456789abcdef Az3grl…   signature line: em dash, name, base64 of key hash (4 bytes) and signature

Sources: c2sp.org/tlog-checkpoint, c2sp.org/signed-note (Ed25519 is signature type 1).
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.errors import UnreadableError
from ledger.keys import key_id

ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size` entries with the Merkle root `root`; `signature` is the raw Ed25519 signature of `body`."""

    origin: str
    size: int
    root: bytes
    signature: bytes = b""

    @property
    def body(self) -> bytes:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n".encode()

    def signed(self, key: Ed25519PrivateKey) -> Checkpoint:
        return Checkpoint(self.origin, self.size, self.root, key.sign(self.body))

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is `key`'s."""
        try:
            key.verify(self.signature, self.body)
        except InvalidSignature:
            return False
        return True

    def note(self, key: Ed25519PublicKey) -> str:
        """The text of the signed note."""
        return f"{self.body.decode()}\n— {self.origin} {b64encode(_note_key(self.origin, key) + self.signature).decode()}\n"


def origin_of(key: Ed25519PublicKey) -> str:
    """The name of the ledger that `key` signs."""
    return f"xiangyun/{key_id(key)}"


def _note_key(origin: str, key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return sha256(origin.encode() + b"\n" + ED25519 + raw).digest()[:4]


def read(file: Path) -> Checkpoint:
    """A checkpoint from its file; the signature is not yet checked. Raises `UnreadableError`."""
    try:
        text = file.read_text("utf-8")
        origin, size, root, empty, signature, end = text.split("\n")
        dash, name, encoded = signature.split(" ")
        if empty or end or dash != "—" or name != origin or str(int(size)) != size:
            raise ValueError(text)
        return Checkpoint(origin, int(size), b64decode(root, validate=True), b64decode(encoded, validate=True)[4:])
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, binascii.Error) as error:
        raise UnreadableError(f"{file} is not a checkpoint of a ledger") from error

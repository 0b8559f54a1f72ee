"""Secrets at rest, in the passphrase format of the Pulumi CLI: AES-256-GCM under a key that PBKDF2-SHA256 makes of the passphrase and a salt.

The salt string `v1:BASE64SALT:v1:NONCE:CIPHER` carries a sealed known word, by which a wrong passphrase is told from a right one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets as random
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stacks.engine.errors import StackError
from stacks.engine.values import Values

ROUNDS = 1_000_000  # what the CLI uses; changing it changes the format
_CHECK = "pulumi"
_keys: dict[tuple[str, bytes], bytes] = {}  # deriving takes a third of a second: once a process and salt


class Crypter:
    """Seals and unseals the secrets of one stack. The key is derived on first use."""

    def __init__(self, salt: str | None, passphrase_from: Path, passphrase: str | None = None) -> None:
        self._salt = salt
        self._file = passphrase_from
        self._given = passphrase
        self._cipher: AESGCM | None = None
        self._key = b""
        self._sealed: dict[str, str] = {}  # text → ciphertext, so that an unchanged secret is stored unchanged

    @property
    def salt(self) -> str:
        """The salt string, made on first use."""
        self._open()
        assert self._salt is not None
        return self._salt

    @property
    def salted(self) -> bool:
        return self._salt is not None

    def seal(self, text: str) -> Values:
        sealed = self._sealed.get(text)
        if sealed is None:
            sealed = self._sealed[text] = _encrypt(self._open(), text)
        return {"ciphertext": sealed}

    def unseal(self, secret: Values) -> str:
        if "plaintext" in secret:
            return str(secret["plaintext"])
        sealed = str(secret["ciphertext"])
        text = _decrypt(self._open(), sealed)
        self._sealed[text] = sealed
        return text

    def digest(self, text: str) -> str:
        """HMAC-SHA256 under the stack's key: tells whether two secrets are equal, and nothing to whoever has not the passphrase."""
        self._open()
        return hmac.new(self._key, b"digest\n" + text.encode(), hashlib.sha256).hexdigest()

    def _open(self) -> AESGCM:
        if self._cipher is None:
            passphrase = self._given if self._given is not None else _passphrase(self._file, make=self._salt is None)
            if self._salt is None:
                salt = os.urandom(8)
                self._key = _derive(passphrase, salt)
                self._cipher = AESGCM(self._key)
                self._salt = f"v1:{_b64(salt)}:{_encrypt(self._cipher, _CHECK)}"
            else:
                _, salt_text, check = self._salt.split(":", 2)
                self._key = _derive(passphrase, base64.b64decode(salt_text))
                self._cipher = AESGCM(self._key)
                if _decrypt(self._cipher, check) != _CHECK:
                    raise StackError("incorrect passphrase")
        return self._cipher


def from_environment() -> str | None:
    """XIANGYUN_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE, or what PULUMI_CONFIG_PASSPHRASE_FILE names."""
    for name in ("XIANGYUN_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE"):
        if name in os.environ:
            return os.environ[name]
    named = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    return Path(named).read_text().strip() if named else None


def _passphrase(file: Path, make: bool) -> str:
    """From the environment, else the key file beside the stacks' state (mode 600)."""
    given = from_environment()
    if given is not None:
        return given
    if file.exists():
        return file.read_text().strip()
    if not make:
        raise StackError(f"the stack has secrets and no passphrase: set XIANGYUN_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE), or put it into {file}")
    return new_passphrase(file)


def new_passphrase(file: Path) -> str:
    """Write a random passphrase (256 bits) that only its owner can read; the one that is there wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    word = random.token_urlsafe(32)
    with os.fdopen(handle, "w") as out:
        out.write(word)
    return word


def _derive(passphrase: str, salt: bytes) -> bytes:
    key = _keys.get((passphrase, salt))
    if key is None:
        key = _keys[passphrase, salt] = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ROUNDS, 32)
    return key


def _encrypt(cipher: AESGCM, text: str) -> str:
    nonce = os.urandom(12)
    return f"v1:{_b64(nonce)}:{_b64(cipher.encrypt(nonce, text.encode(), None))}"


def _decrypt(cipher: AESGCM, sealed: str) -> str:
    try:
        _, nonce, data = sealed.split(":")
        return cipher.decrypt(base64.b64decode(nonce), base64.b64decode(data), None).decode()
    except InvalidTag as error:
        raise StackError("incorrect passphrase") from error


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()

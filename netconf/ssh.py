"""SSH to devices and hosts, through a jump host where the login names one. Unknown host keys are refused."""

from __future__ import annotations

import logging
import shlex
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import paramiko

from inventory.access import Access, Login
from inventory.errors import XiangyunError

logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # what it would log is raised as well


class SshError(XiangyunError):
    """A host that cannot be reached, refuses the login, shows another key, or fails a command."""


class UnreachableError(SshError):
    """Nobody answers at the address; a host that answers and refuses raises another SshError."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@dataclass
class Shell:
    """An open session. `name` is what messages call the host."""

    name: str
    client: paramiko.SSHClient
    jumps: list[paramiko.SSHClient] = field(default_factory=list)

    def run(self, *command: str, stdin: str | None = None, timeout: float = 60, check: bool = True) -> Result:
        """Run one command; a single string goes to the login shell as it is, several are quoted words. SshError when it fails and `check`."""
        line = command[0] if len(command) == 1 else shlex.join(command)
        try:
            i, o, e = self.client.exec_command(line, timeout=timeout)
            if stdin is not None:
                i.write(stdin)
            i.channel.shutdown_write()
            result_out, result_err = o.read().decode("utf-8", "replace"), e.read().decode("utf-8", "replace")
            result = Result(o.channel.recv_exit_status(), result_out, result_err)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SshError(f"{self.name}: the session broke while running `{line[:60]}`: {error or type(error).__name__}") from error
        if check and result.status:
            words = " ".join((result.err or result.out).split())[-300:]
            raise SshError(f"{self.name}: `{line[:80]}` failed with status {result.status}: {words}")
        return result

    def watch(self, line: str, stop: threading.Event, limit_s: float) -> str:
        """Run a command that does not end by itself until `stop` or the limit; it ends by Ctrl-C on its terminal, and its output is returned."""
        try:
            transport = self.client.get_transport()
            assert transport
            with transport.open_session(timeout=15) as channel:
                channel.get_pty(width=511)
                channel.settimeout(0.2)
                channel.exec_command(line)
                out = bytearray()
                end = time.monotonic() + limit_s
                interrupted = False
                while True:
                    try:
                        if not (data := channel.recv(65536)):
                            return out.decode("utf-8", "replace").replace("\r\n", "\n")
                        out += data
                    except TimeoutError:
                        if interrupted and time.monotonic() > end + 10:
                            raise
                    if not interrupted and (stop.is_set() or time.monotonic() > end):
                        channel.send(b"\x03")
                        interrupted = True
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SshError(f"{self.name}: the session broke while watching with `{line[:60]}`: {error or type(error).__name__}") from error

    def put(self, path: str, text: str | bytes, mode: int = 0o600) -> None:
        """Write a file, whole or not at all."""
        data = text.encode() if isinstance(text, str) else text
        try:
            with self.client.open_sftp() as sftp:
                with sftp.file(f"{path}.part", "wb") as file:
                    file.set_pipelined(True)
                    file.write(data)
                sftp.chmod(f"{path}.part", mode)
                sftp.posix_rename(f"{path}.part", path)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise SshError(f"{self.name}: cannot write {path}: {error or type(error).__name__}") from error

    def alive(self) -> bool:
        transport = self.client.get_transport()
        return bool(transport and transport.is_active())

    def close(self) -> None:
        for client in (self.client, *reversed(self.jumps)):
            client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def connect(name: str, login: Login, access: Access, timeout: float = 15) -> Shell:
    """Open a session; raises SshError with one line that says what is wrong."""
    through = connect(login.jump, access.host(login.jump), access, timeout) if login.jump else None
    jumps = [*through.jumps, through.client] if through else []
    try:
        sock = None
        if through:
            transport = through.client.get_transport()
            assert transport
            sock = transport.open_channel("direct-tcpip", (login.host, login.port), ("::", 0), timeout=timeout)
        return Shell(name, _open(login, sock, timeout), jumps)
    except BaseException as error:
        for jump in jumps:
            jump.close()
        if isinstance(error, paramiko.BadHostKeyException):
            raise SshError(f"{name}: shows another host key than {login.known_hosts}: refused") from error
        if isinstance(error, paramiko.AuthenticationException):
            raise SshError(f"{name}: refuses the login of {login.user} at {login.host}:{login.port}") from error
        if isinstance(error, OSError | EOFError | paramiko.SSHException):
            raise UnreachableError(f"{name}: cannot be reached at {login.host}:{login.port}: {error or type(error).__name__}") from error
        raise


def _open(login: Login, sock: paramiko.Channel | None, timeout: float) -> paramiko.SSHClient:
    client = paramiko.SSHClient()
    if login.known_hosts:
        client.load_host_keys(str(login.path(login.known_hosts)))
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    secret = login.secret()
    try:
        client.connect(
            login.host,
            login.port,
            login.user,
            secret.get_secret_value() if secret else None,
            key_filename=str(login.path(login.key_file)) if login.key_file else None,
            timeout=timeout,
            banner_timeout=timeout,
            auth_timeout=timeout,
            look_for_keys=False,
            allow_agent=False,
            sock=sock,
        )
    except BaseException:
        client.close()
        raise
    transport = client.get_transport()
    if transport:
        transport.set_keepalive(15)
    return client

"""NAPALM driver for FRRouting over SSH: replace, merge, compare, timed commit, rollback.

A candidate is turned into ordered commands by netconf.tree and typed by `vtysh -f`; frr-reload.py, which also computes a delta, orders it by its own
rules, reports success with lines left over and failure where nothing is missing (measured on 10.7.1), so it is only the last resort of the timer.

A timed commit leaves on the device, in the login's home: `before.conf` (what ran), `undo.conf` (the commands back), `pending-TOKEN` (a folder: whoever
renames it first, the confirmation or the timer of that token, may act) and a detached timer. The timer needs nobody: it fires although the controller is dead.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import paramiko
from napalm.base.base import NetworkDriver
from napalm.base.exceptions import CommitError, ConnectionException, MergeConfigException, ReplaceConfigException

from inventory.access import Access, Login
from inventory.errors import XiangyunError
from netconf.ssh import Shell, SshError, connect
from netconf.tree.device import Change, Device
from netconf.tree.parse import Tree, parse
from netconf.tree.remediate import commands, remediate
from netconf.vendors.frr.grammar import FRR

WORK = ".xiangyun"
SHOW = "vtysh -c 'show running-config no-header'"
REVERT = f"""\
cd ~/{WORK} || exit 1
vtysh -f undo.conf
for try in 1 2 3; do
  {SHOW} | cmp -s - before.conf && break
  sudo -n /usr/lib/frr/frr-reload.py --reload --rundir /tmp --logfile /dev/null before.conf
done
"""
TIMER = f"sleep $1; cd ~/{WORK} && mv $2 reverted 2>/dev/null && sh revert.sh"
FAILED = re.compile(r"% (?!Configuration applied with notes)|Failure to communicate")  # with notes: "No changes found", which is no error


class FrrDriver(NetworkDriver):  # type: ignore[misc]
    """optional_args: port, key_file, known_hosts, and `shell`, an open netconf.ssh.Shell to use instead of a new connection."""

    def __init__(self, hostname: str, username: str, password: str, timeout: int = 60, optional_args: dict[str, Any] | None = None) -> None:
        self.hostname, self.username, self.password, self.timeout = hostname, username, password, timeout
        self.options = optional_args or {}
        self.shell: Shell | None = self.options.get("shell")
        self.candidate: Tree | None = None
        self.before: Tree | None = None

    def open(self) -> None:
        if self.shell is None:
            try:
                self.shell = self._connect()
            except SshError as error:
                raise ConnectionException(str(error)) from error
        self._run(f"mkdir -p ~/{WORK}")

    def _connect(self) -> Shell:
        if not self.password:
            files = {name: Path(self.options[name]) for name in ("key_file", "known_hosts") if self.options.get(name)}
            login = Login(host=self.hostname, port=self.options.get("port", 22), user=self.username, **files)
            return connect(self.hostname, login, Access(), self.timeout)
        client = paramiko.SSHClient()
        if known := self.options.get("known_hosts"):
            client.load_host_keys(str(known))
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        try:
            port = self.options.get("port", 22)
            client.connect(self.hostname, port, self.username, self.password, timeout=self.timeout, look_for_keys=False, allow_agent=False)
        except (OSError, paramiko.SSHException) as error:
            raise SshError(f"{self.hostname}: {error}") from error
        return Shell(self.hostname, client)

    def close(self) -> None:
        if self.shell:
            self.shell.close()
        self.shell = None

    @property
    def name(self) -> str:
        """What messages call the device."""
        return self.shell.name if self.shell else self.hostname

    def is_alive(self) -> dict[str, bool]:
        return {"is_alive": bool(self.shell and self.shell.alive())}

    def _run(self, line: str, check: bool = True) -> str:
        assert self.shell, "open() first"
        return self.shell.run(line, timeout=self.timeout, check=check).out

    # candidate

    def running(self) -> Tree:
        """The running configuration as a tree."""
        return parse(self._run(SHOW), FRR, f"{self.name} running")

    def load_replace_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        text = config if config is not None else Path(str(filename)).read_text("utf-8")
        try:
            self._check(text)
            self.before = self.running()
            self.candidate = parse(text, FRR, "candidate")
            self._changes()
        except XiangyunError as error:
            self.discard_config()
            raise ReplaceConfigException(str(error)) from error

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        text = config if config is not None else Path(str(filename)).read_text("utf-8")
        try:
            self._check(text)
            self.before = self.running()
            device = Device(self.before, FRR)
            for path in parse(text, FRR, "candidate").walk():
                _merge(device, path)
            self.candidate = device.tree
            self._changes()
        except XiangyunError as error:
            self.discard_config()
            raise MergeConfigException(str(error)) from error

    def _check(self, text: str) -> None:
        """FRR's own syntax check, which runs nothing."""
        assert self.shell, "open() first"
        self.shell.put(f"{WORK}/candidate.conf", text)
        result = self.shell.run(f"vtysh -C -f ~/{WORK}/candidate.conf", timeout=self.timeout, check=False)
        if result.status or FAILED.search(result.out + result.err):
            raise SshError(f"{self.name}: refuses the candidate: {_words(result.out + result.err)}")

    def _changes(self) -> list[Change]:
        if self.before is None or self.candidate is None:
            return []
        return remediate(self.before, self.candidate, FRR)

    def compare_config(self) -> str:
        """The commands that commit_config would type; empty when nothing differs."""
        return "\n".join(commands(self._changes(), FRR))

    def discard_config(self) -> None:
        self.before = self.candidate = None

    def prepare_vrfs(self, vrfs: Iterable[tuple[str, int, tuple[str, ...]]]) -> None:
        """Make the kernel's VRF devices (name, table, member interfaces) that FRR expects to find; what is there already stays as it is."""
        for name, table, members in vrfs:
            join = "".join(f" && sudo -n ip link set {member} master {name}" for member in members)
            self._run(f"ip link show {name} >/dev/null 2>&1 || sudo -n ip link add {name} type vrf table {table}; sudo -n ip link set {name} up{join}")

    # commit

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        """Type the commands and read back; with `revert_in` seconds, the device takes them back by itself unless confirm_commit comes first."""
        if self.has_pending_commit():
            raise CommitError(f"{self.name}: another commit waits for its confirmation")
        changes = self._changes()
        if self.before is None or self.candidate is None or not changes:
            return
        assert self.shell
        self._leave_way_back(message)
        if revert_in:
            self.shell.put(f"{WORK}/timer.sh", TIMER)
            token = f"pending-{uuid.uuid4().hex}"  # a timer that outlived its own commit must not find another one's
            self._run(f"cd ~/{WORK} && mkdir {token} && (setsid sh timer.sh {int(revert_in)} {token} </dev/null >/dev/null 2>&1 &)")
        self.shell.put(f"{WORK}/commands.conf", "\n".join(commands(changes, FRR)) + "\n")
        result = self.shell.run(f"vtysh -f ~/{WORK}/commands.conf", timeout=self.timeout, check=False)
        if result.status or FAILED.search(result.out + result.err):
            raise CommitError(f"{self.name}: refused a command: {_words(result.out + result.err)}")
        if left := remediate(self.running(), self.candidate, FRR):
            raise CommitError(f"{self.name}: took the commands, but still differs from what was intended: {left[0].command(FRR)}")
        if not revert_in:
            self._run("vtysh -c 'write memory'")
        self.candidate = None

    def _leave_way_back(self, message: str) -> None:
        """From here on `rollback` knows where to go; `message` comes last, so that it stands only where the rest is whole."""
        assert self.shell
        assert self.before
        assert self.candidate
        self._run(f"cd ~/{WORK} && rm -rf message reverted confirmed && {SHOW} > before.conf")
        self.shell.put(f"{WORK}/undo.conf", "\n".join(commands(remediate(self.candidate, self.before, FRR), FRR)) + "\n")
        self.shell.put(f"{WORK}/revert.sh", REVERT)
        self.shell.put(f"{WORK}/message", message)

    def has_pending_commit(self) -> bool:
        return "pending-" in self._run(f"ls ~/{WORK}")

    def last_message(self) -> str:
        """The message of the last commit that was begun on this device, and so the one that `rollback` undoes."""
        return self._run(f"cat ~/{WORK}/message", check=False)

    def confirm_commit(self) -> None:
        """Raises CommitError when the timer was faster."""
        if self._run(f"cd ~/{WORK} && mv pending-* confirmed && echo yes", check=False).strip() != "yes":
            raise CommitError(f"{self.name}: nothing to confirm: the device has taken the change back, or never had it")
        self._run("vtysh -c 'write memory'")

    def rollback(self) -> None:
        """Back to what ran before the last commit, and saved. Ends a pending timed commit; does nothing where none was made."""
        if self._run(f"test -e ~/{WORK}/before.conf && echo yes", check=False).strip() != "yes":
            return
        self._run(f"cd ~/{WORK} && mv pending-* reverted", check=False)
        target = parse(self._run(f"cat ~/{WORK}/before.conf"), FRR, f"{self.name} before")
        assert self.shell
        for _ in range(3):
            changes = remediate(self.running(), target, FRR)
            if not changes:
                self._run("vtysh -c 'write memory'")
                return
            self.shell.put(f"{WORK}/commands.conf", "\n".join(commands(changes, FRR)) + "\n")
            self.shell.run(f"vtysh -f ~/{WORK}/commands.conf", timeout=self.timeout, check=False)
        raise CommitError(f"{self.name}: could not be brought back: {remediate(self.running(), target, FRR)[0].command(FRR)}")

    # getters

    def get_config(self, retrieve: str = "all", full: bool = False, sanitized: bool = False, format: str = "text") -> dict[str, str]:  # noqa: A002
        wanted = {"running", "startup", "candidate"} if retrieve == "all" else {retrieve}
        return {
            "running": self._run(SHOW) if "running" in wanted else "",
            "startup": self._run("cat /etc/frr/frr.conf", check=False) if "startup" in wanted else "",
            "candidate": self.candidate.text() if self.candidate and "candidate" in wanted else "",
        }

    def get_facts(self) -> dict[str, Any]:
        version = self._run("vtysh -c 'show version'")
        match = re.search(r"FRRouting (\S+) \((\S+)\)", version)
        uptime = float(self._run("cut -d' ' -f1 /proc/uptime"))
        release, name = (match[1], match[2]) if match else ("", "")
        interfaces = sorted(self._json("show interface json"))
        return {
            "vendor": "FRRouting",
            "model": "FRR",
            "os_version": release,
            "hostname": name,
            "fqdn": name,
            "serial_number": "",
            "uptime": uptime,
            "interface_list": interfaces,
        }

    def get_interfaces(self) -> dict[str, dict[str, Any]]:
        return {
            name: {
                "is_up": it.get("operationalStatus") == "up",
                "is_enabled": it.get("administrativeStatus") == "up",
                "description": it.get("description", ""),
                "last_flapped": -1.0,
                "speed": float(it.get("speed") or 0),
                "mtu": it.get("mtu", 0),
                "mac_address": it.get("hardwareAddress", ""),
            }
            for name, it in self._json("show interface json").items()
        }

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, str]:
        return {command: self._run(f"vtysh -c {json.dumps(command)}") for command in commands}

    def _json(self, command: str) -> Any:
        return json.loads(self._run(f"vtysh -c '{command}'"))


def _merge(device: Device, path: tuple[str, ...]) -> None:
    """One line of a merge candidate: `no X` takes X away, anything else is added."""
    *above, line = path
    plain = line.removeprefix("no ")
    if line == plain:
        device.apply(Change(True, path))
    elif parent := device.tree.at(path[:-1]):
        for old in [old for old in parent.children if old == plain or old.startswith(f"{plain} ")]:
            device.apply(Change(False, (*above, old)))


def _words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if FAILED.search(line) or "rror" in line]
    return "; ".join(dict.fromkeys(lines))[:400]

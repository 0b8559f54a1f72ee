"""One cloud: the connection (one token a run), an index of what is there, retries, and errors in the API's own words."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from itertools import dropwhile
from pathlib import Path
from typing import Any, TypeVar

import requests
from keystoneauth1 import exceptions as auth
from openstack import exceptions as api
from openstack.config import OpenStackConfig, loader
from openstack.config.cloud_region import CloudRegion
from openstack.connection import Connection
from openstack.exceptions import ConfigException
from openstack.resource import Resource as SdkResource

from inventory.load.yamlfile import NotYamlError, read_yaml
from stacks.provider.base import Remote, Resource
from stacks.provider.rows import Row, rows

T = TypeVar("T")
logging.getLogger("keystoneauth").setLevel(logging.ERROR)  # it warns of what is then raised
ATTEMPTS = 5
FIRST_WAIT_S = 0.5
TIMEOUT_S = 60  # of an answer, where clouds.yaml gives no api_timeout: a service that hangs is a lost answer, not the end of all runs
REFUSED = {429, 503}  # the request was not carried out
BUSY = REFUSED | {502, 504}
_WORDS = re.compile(r"\[\w+: \w+\] (.+?)\.? \(_ssl|\[Errno -?\d+\] ([^'\"\\)]+)|(Tunnel connection failed: [^'\"\\)]+)")
_URL = re.compile(r"https://[^\s/]+")
FURTHER = ("block-storage", "key-manager", "dns", "baremetal", "shared-file-system", "load-balancer")  # which not every cloud has


class CloudError(Exception):
    """One line: which cloud, what it said."""


class Services:
    """A connection for several threads. A service's proxy is made when it is first asked for, which takes a request, and by one thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._lock = connection, threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            return getattr(self._connection, name)


class Cloud:
    """A connection as `clouds.yaml` names it. `folder` is searched for clouds.yaml and secure.yaml before openstacksdk's own places."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.name = name
        self.sdk: Any = Services(_connect(name, folder))  # its proxies are unions over API versions, which cannot be called with types
        self._projects: dict[str, Connection] = {}
        self._system: Any = None
        self._indexes: dict[str, dict[str, Remote]] = {}
        self._rows: dict[type[SdkResource], list[Row]] = {}
        self._locks: dict[Any, threading.Lock] = {}  # by what is being listed, or changed
        self._lock = threading.Lock()

    @property
    def user_id(self) -> str:
        return str(self.sdk.current_user_id)

    def as_project(self, project_id: str) -> Any:
        """The same user with a token of another project: Nova makes a server only in the token's project."""
        with self._lock:
            found = self._projects.get(project_id)
            if found is None:
                found = self._projects[project_id] = self.sdk.connect_as(project_id=project_id, project_name=None)
                found.authorize()
            return found

    def as_system(self) -> Any:
        """The same user with a token for the whole system, for what belongs to no project; the run's own where Keystone gives the user none."""
        with self._lock:
            if self._system is None:
                found = self.sdk.connect_as(system_scope="all", project_name=None, project_domain_id=None)
                try:
                    retry(found.session.get_token)
                    self._system = Services(found)
                except auth.Unauthorized:
                    self._system = self.sdk
            return self._system

    def has(self, resource: Resource) -> bool:
        """Whether the catalog names the service of this type: not every cloud has all."""
        return resource.service not in FURTHER or bool(self.sdk.has_service(resource.service))

    def index(self, resource: Resource) -> dict[str, Remote]:
        """All objects of a type by id, listed once a run and kept current by what this run does."""
        if not self.has(resource):
            raise CloudError(f"cloud {self.name} has no service {resource.service} in its catalog")
        with self.turn(resource.token):
            found = self._indexes.get(resource.token)
            if found is None:
                found = self._indexes[resource.token] = {remote.id: remote for remote in retry(lambda: [*resource.list(self)])}
            return found

    def has_listed(self, resource: Resource) -> bool:
        return resource.token in self._indexes

    def note(self, resource: Resource, remote: Remote) -> None:
        """Keep the index current, if there is one; one that is being listed just now may have missed it."""
        with self.turn(resource.token):
            if resource.token in self._indexes:
                self._indexes[resource.token][remote.id] = remote

    def rows(self, sdk: type[SdkResource], proxy: Any) -> list[Row]:
        """A list that two types are read from."""
        with self.turn(sdk):
            if sdk not in self._rows:
                self._rows[sdk] = [*rows(sdk, proxy)]
            return self._rows[sdk]

    def turn(self, what: Any) -> threading.Lock:
        """For what is done by one thread at a time."""
        with self._lock:
            return self._locks.setdefault(what, threading.Lock())

    def forget(self, resource: Resource) -> None:
        """List that type anew when it is needed next."""
        self._indexes.pop(resource.token, None)
        self._rows.clear()


def project_of(cloud: Cloud, found: Any) -> str:
    """The project of an object, as who asked for it left it: empty where it is the run's own."""
    project: str = found.project_id
    return "" if project == cloud.sdk.current_project_id else project


def _entry(name: str, folder: Path | None) -> CloudRegion:
    """The entry of clouds.yaml, complete enough to log in with. Raises CloudError naming the file that lacks something."""
    own = folder / "clouds.yaml" if folder else None
    file = own if own is not None and own.exists() else None
    read = file or Path("clouds.yaml")  # in one of openstacksdk's places
    secure = read.with_name("secure.yaml")
    try:
        if file is not None:
            known = read_yaml(file.read_text("utf-8")) or {}
            if name not in (known.get("clouds") or {}):
                raise CloudError(f"cloud {name}: no such entry: its entry belongs into {file}")
            if secure.exists():
                read_yaml(secure.read_text("utf-8"))
            config = OpenStackConfig(config_files=[str(file)], secure_files=[str(secure)], load_envvars=False)
        else:
            config = OpenStackConfig(config_files=_places())
        region = config.get_one(cloud=name)
    except (NotYamlError, UnicodeDecodeError, AttributeError) as error:
        raise CloudError(f"cloud {name}: {read} or {secure.name} beside it is not YAML: {' '.join(str(error).split())[:120]}") from error
    except (ConfigException, auth.ClientException) as error:
        raise CloudError(f"cloud {name}: {_line(error).rstrip('.')}: its entry belongs into {own or read}") from error
    given = region.get_auth_args()
    if not given.get("auth_url"):
        raise CloudError(f"cloud {name}: {read} gives no auth_url")
    if given.get("username") and not given.get("password"):
        raise CloudError(f"cloud {name}: no password: it belongs into {secure}{'' if file else ' beside clouds.yaml'}")
    if not region.config.get("api_timeout"):
        region.config["api_timeout"] = TIMEOUT_S
    return region


def _places() -> list[str]:
    """Where openstacksdk looks by itself, but for an estate's table of clouds: it has the same name, and would hide in its folder what the user has at home."""
    return [*dropwhile(_is_table, loader.CONFIG_FILES)]


def _is_table(file: str) -> bool:
    """Whether this is an estate's clouds.yaml: openstacksdk's has a mapping in the place of the list."""
    try:
        known = read_yaml(Path(file).read_text("utf-8"))
    except OSError:  # openstacksdk passes over what is not there or may not be read
        return False
    return isinstance(known, dict) and isinstance(known.get("clouds"), list)


def check_entry(name: str, folder: Path | None) -> None:
    """Raise CloudError when clouds.yaml and secure.yaml do not say how the cloud is reached; the cloud itself is not asked."""
    _entry(name, folder)


def _connect(name: str, folder: Path | None) -> Connection:
    region = _entry(name, folder)
    connection = Connection(config=region)
    where = region.get_auth_args().get("auth_url", "?")
    try:
        retry(connection.session.get_token)
    except auth.Unauthorized as error:
        user = region.get_auth_args().get("username", "?")
        raise CloudError(f"cloud {name}: {where} refused user {user}: wrong name or password; correct it in secure.yaml beside clouds.yaml") from error
    except (auth.ClientException, api.SDKException, OSError) as error:
        raise CloudError(f"cloud {name}: {where} {_silence(error)}") from error
    return connection


def retry(call: Callable[[], T], conflicts: bool = False, once: bool = False) -> T:
    """Call again with growing waits while the service is busy; with `conflicts` also on 409, for what another writer disturbs.

    `once` is for creates: again only after an answer that says the request was not carried out, for anything else may have made the object.
    """
    wait_s = FIRST_WAIT_S
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call()
        except api.HttpException as error:
            again = error.status_code in (REFUSED if once else BUSY) or (conflicts and error.status_code == 409)
            # a Neutron that has just started refuses everything while another thread loads its policy: ask once more
            again = again or (error.status_code == 403 and attempt == 1)
            if not again or attempt == ATTEMPTS:
                raise
            after = error.response.headers.get("Retry-After", "") if error.response is not None else ""
            time.sleep(float(after) if after.isdigit() else wait_s)
        except (auth.ConnectFailure, auth.RetriableConnectionFailure):
            if once or attempt >= 3:  # a cloud that is down should be named soon
                raise
            time.sleep(wait_s)
        wait_s *= 2
    raise AssertionError("unreachable")


def lost(error: Exception) -> bool:
    """Whether the request may have been carried out although no answer came."""
    if isinstance(error, (auth.ConnectFailure, requests.ConnectionError, requests.Timeout)):
        return True
    return isinstance(error, api.HttpException) and error.status_code in {500, 502, 504}


def words(error: Exception) -> str:
    """What the API said, with status and request id."""
    if isinstance(error, api.HttpException):
        said = _line(_faults(error) or error.details or error.message)
        parts = [f"HTTP {error.status_code}"] if error.status_code else []
        parts += [f"request {error.request_id}"] if getattr(error, "request_id", None) else []
        return f"{said} ({', '.join(parts)})" if parts else said
    if isinstance(error, auth.SSLError):
        return f"{_URL.findall(str(error))[0]} {_silence(error)}"
    return _line(error) or type(error).__name__


def _faults(error: api.HttpException) -> str:
    """What Designate finds wrong with a request, field by field; openstacksdk looks for a message elsewhere."""
    try:
        found = error.response.json()["errors"]["errors"]  # type: ignore[union-attr]
        return "; ".join(f"{'.'.join(map(str, one['path']))}: {one['message']}" for one in found)
    except (AttributeError, KeyError, TypeError, ValueError):
        return ""


def _silence(error: Exception) -> str:
    """Why somebody gives no answer, in the system's words, and what to configure about it."""
    if isinstance(error, auth.SSLError):
        return f"is not trusted: {_reason(error)}: `cacert` of the cloud's entry in clouds.yaml is the file of the authority that signed its certificate"
    if "certificate bundle" in str(error):
        return f"cannot be trusted: {_line(error)}: correct `cacert` of the cloud's entry in clouds.yaml, or REQUESTS_CA_BUNDLE"
    if "ProxyError" in str(error):
        return f"is behind a proxy that does not let us through: {_reason(error)}: correct https_proxy, or name the host in no_proxy"
    return f"does not answer: {_reason(error)}"


def _reason(error: Exception) -> str:
    """The system's words inside a chain of wrapped errors, such as "Connection refused"."""
    found = _WORDS.search(str(error))
    return next(filter(None, found.groups())) if found else _line(error)


def _line(error: Any) -> str:
    return " ".join(str(error).split())

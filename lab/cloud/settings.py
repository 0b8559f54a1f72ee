"""What one lab cloud is told: its folder, ports, password, hosts; and the configuration files that its services read."""

from __future__ import annotations

import configparser
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("keystone", "placement", "glance", "neutron", "nova")
TYPES = {"placement": "placement", "glance": "image", "neutron": "network", "nova": "compute"}
NODE_ID = "0d1f5b9e-3c5a-4d0e-8e53-2f8f7a1f1c02"  # nova-compute wants one on its second start; the driver gives every host its own
PHYSICAL_NETWORK = "extranet"  # the provider network that the cloud gateway's LAN is


@dataclass(frozen=True, slots=True)
class Host:
    """A compute host: what the scheduler and Placement see of it."""

    name: str
    arch: str
    vcpus: int
    memory_mb: int
    local_gb: int


@dataclass(frozen=True, slots=True)
class Settings:
    """`supervisor` is the Unix socket that starts machines; `ports` gives each service's TCP port on loopback."""

    state: Path
    venv: Path
    ports: Mapping[str, int]
    password: str
    region: str
    hosts: Sequence[Host]
    supervisor: Path
    owner: int | None = None  # outer user id that the services run as, where it is not ours

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    @property
    def auth_url(self) -> str:
        return f"{self.url('keystone')}/v3"

    def endpoint(self, service: str) -> str:
        return self.url(service) + ("/v2.1" if service == "nova" else "")

    @property
    def etc(self) -> Path:
        return self.state / "etc"

    @property
    def databases(self) -> Path:
        return self.state / "db"

    def database(self, name: str) -> str:
        return f"sqlite:///{self.databases}/{name}.sqlite?timeout=60"


Section = dict[str, object]


def write(s: Settings) -> None:
    """All configuration files, readable by their owner alone: the service password is in them."""
    for folder in (s.etc, s.databases, s.state / "log", s.state / "lock", *(s.state / "glance" / d for d in ("images", "staging", "tasks"))):
        folder.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        (s.state / service).mkdir(exist_ok=True)
    _file(s, "keystone.conf", _keystone(s))
    _file(s, "placement.conf", _common(s, "placement") | {"placement_database": _sqlite(s, "placement")})
    _file(s, "glance-api.conf", _glance(s))
    _file(s, "neutron.conf", _neutron(s))
    _file(s, "nova.conf", _nova(s))
    (s.state / "nova" / "compute_id").write_text(NODE_ID)
    shutil.copy(s.venv / "etc/nova/api-paste.ini", s.etc / "nova-api-paste.ini")
    hosts = {h.name: {"arch": h.arch, "vcpus": h.vcpus, "memory_mb": h.memory_mb, "local_gb": h.local_gb} for h in s.hosts}
    (s.state / "hosts.json").write_text(json.dumps(hosts))


def _file(s: Settings, name: str, sections: Mapping[str, Section]) -> None:
    parser = configparser.RawConfigParser(default_section="\0")
    parser.read_dict({name: {k: str(v) for k, v in values.items()} for name, values in sections.items()})
    text = io.StringIO()
    parser.write(text)
    file = s.etc / name
    file.touch(mode=0o600)
    file.write_text(text.getvalue())


def _sqlite(s: Settings, name: str) -> Section:
    return {"connection": s.database(name), "sqlite_synchronous": "false"}


def _auth(s: Settings) -> Section:
    return {
        "auth_type": "password",
        "auth_url": s.auth_url,
        "username": "svc",
        "password": s.password,
        "user_domain_id": "default",
        "project_domain_id": "default",
        "project_name": "service",
        "region_name": s.region,
    }


def _common(s: Settings, service: str) -> dict[str, Section]:
    return {
        "DEFAULT": {
            "use_stderr": "true",
            "log_options": "false",
            "state_path": s.state / service,
            "transport_url": "fake:///",
            "executor_thread_pool_size": 4,  # nova grew to 547 threads with the default of 64
        },
        "database": _sqlite(s, service),
        "oslo_concurrency": {"lock_path": s.state / "lock"},
        "oslo_messaging_notifications": {"driver": "noop"},
        "keystone_authtoken": _auth(s)
        | {"www_authenticate_uri": s.auth_url, "service_token_roles": "service", "service_token_roles_required": "false", "token_cache_time": 3600},
    }


def _keystone(s: Settings) -> dict[str, Section]:
    keys = s.state / "keystone"
    return {
        "DEFAULT": {"use_stderr": "true"},
        "database": _sqlite(s, "keystone"),
        "token": {"provider": "fernet", "expiration": 86400},
        "fernet_tokens": {"key_repository": keys / "fernet"},
        "fernet_receipts": {"key_repository": keys / "fernet"},
        "credential": {"key_repository": keys / "credential"},
        "cache": {"enabled": "true", "backend": "dogpile.cache.memory"},
        "identity": {"password_hash_rounds": 4},  # a lab's passwords are random and live as long as the lab
        "oslo_messaging_notifications": {"driver": "noop"},
    }


def _glance(s: Settings) -> dict[str, Section]:
    sections = _common(s, "glance")
    sections["DEFAULT"] |= {"enabled_backends": "fs:file", "worker_self_reference_url": s.url("glance")}
    return sections | {
        "glance_store": {"default_backend": "fs"},
        "fs": {"filesystem_store_datadir": s.state / "glance/images"},
        "os_glance_staging_store": {"filesystem_store_datadir": s.state / "glance/staging"},
        "os_glance_tasks_store": {"filesystem_store_datadir": s.state / "glance/tasks"},
        "paste_deploy": {"flavor": "keystone", "config_file": s.venv / "etc/glance/glance-api-paste.ini"},
    }


def _neutron(s: Settings) -> dict[str, Section]:
    sections = _common(s, "neutron")
    sections["DEFAULT"] |= {
        "core_plugin": "ml2",
        "service_plugins": "router,qos,trunk,tag,timestamp,revisions,network_ip_availability,auto_allocate,port_forwarding,segments",
        "api_paste_config": s.venv / "etc/neutron/api-paste.ini",
        "notify_nova_on_port_status_changes": "true",  # else a server never shows its floating address
        "notify_nova_on_port_data_changes": "true",
        "rpc_workers": 0,
        "dhcp_agent_notification": "false",
        "global_physnet_mtu": 9000,
    }
    return sections | {
        "ml2": {
            "type_drivers": "flat,vlan,vxlan,local",
            "tenant_network_types": "vxlan",
            "mechanism_drivers": "xiangyun_lab",
            "extension_drivers": "port_security,qos",
            "path_mtu": 9000,
        },
        "ml2_type_flat": {"flat_networks": "*"},
        "ml2_type_vlan": {"network_vlan_ranges": f"{PHYSICAL_NETWORK}:100:3999"},
        "ml2_type_vxlan": {"vni_ranges": "1:100000"},
        "quotas": {"default_quota": 100, "quota_router": 50},
        "nova": _auth(s),
        "placement": _auth(s),
    }


def _nova(s: Settings) -> dict[str, Section]:
    sections = _common(s, "nova")
    sections["DEFAULT"] |= {
        "compute_driver": "xiangyun_lab.LabDriver",
        "vif_plugging_is_fatal": "false",
        "vif_plugging_timeout": 0,
        "my_ip": "127.0.0.1",
        "report_interval": 60,
        "service_down_time": 300,
        "update_resources_interval": 300,
        "sync_power_state_interval": -1,
        "heal_instance_info_cache_interval": -1,
        "reserved_host_memory_mb": 0,
    }
    return sections | {
        "api_database": _sqlite(s, "nova_api"),
        "api": {"auth_strategy": "keystone"},
        "conductor": {"workers": 1},
        "scheduler": {
            "workers": 1,
            "discover_hosts_in_cells_interval": -1,
            "image_metadata_prefilter": "true",  # an image's hw_architecture becomes the required trait HW_ARCH_*
            "limit_tenants_to_placement_aggregate": "true",
            "enable_isolated_aggregate_filtering": "true",
            "query_placement_for_image_type_support": "true",
        },
        "filter_scheduler": {
            "track_instance_changes": "false",
            "enabled_filters": "ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,AggregateInstanceExtraSpecsFilter,"
            "AggregateImagePropertiesIsolation,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter",
        },
        "glance": {"api_servers": s.url("glance")},
        "vnc": {"enabled": "false"},
        "neutron": _auth(s),
        "placement": _auth(s),
        "service_user": _auth(s) | {"send_service_user_token": "false"},
    }

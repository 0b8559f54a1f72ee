"""Configuration files of the services. Why each value is as it is: docs/reference/lab.md."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

TYPES = {
    "keystone": "identity",
    "placement": "placement",
    "glance": "image",
    "neutron": "network",
    "nova": "compute",
    "cinder": "block-storage",
    "barbican": "key-manager",
}
SERVICES = tuple(TYPES)
CORE = SERVICES[:5]
"""What every cloud has. Where several run, only one has the others too."""
MORE = {"designate": "dns", "ironic": "baremetal", "manila": "shared-file-system", "octavia": "load-balancer"}
"""Services that one cloud has when they are asked for, by the type of each in the catalog."""
BESIDE = {"designate": ("named",)}
"""Processes that a service has besides its own, with a port each."""
PATHS = {"keystone": "/v3", "nova": "/v2.1", "cinder": "/v3", "manila": "/v2"}
REGION = "RegionOne"


@dataclass(frozen=True, slots=True)
class Site:
    """One cloud: its folder, its environment, the port of each service that it has, the password of the services' own user, whether servers are machines."""

    folder: Path
    venv: Path
    ports: dict[str, int]
    password: str
    machines: bool = True

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}{PATHS.get(service, '')}"

    def db(self, name: str) -> str:
        return f"sqlite:///{self.folder}/db/{name}.sqlite?timeout=60"

    @property
    def etc(self) -> Path:
        return self.folder / "etc"


def processes(services: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for service in services for name in (service, *BESIDE.get(service, ())))


def write(site: Site) -> None:
    """Write all files, and make the folders that they name."""
    for name in (
        "etc",
        "db",
        "log",
        "lock",
        "nova",
        "neutron",
        "placement",
        "glance/images",
        "glance/staging",
        "glance/tasks",
        "keystone/fernet",
        "keystone/credential",
        "cinder",
        "octavia",
        ".barbican",
        "designate",
        "manila",
    ):
        (site.folder / name).mkdir(parents=True, exist_ok=True)
    texts = {
        "keystone.conf": keystone(site),
        "placement.conf": placement(site),
        "glance-api.conf": glance(site),
        "neutron.conf": neutron(site),
        "nova.conf": nova(site),
    }
    if "cinder" in site.ports:
        texts["cinder.conf"] = cinder(site)
    if "barbican" in site.ports:
        texts["../.barbican/barbican.conf"] = barbican(site)  # which it looks for in its home
    if "designate" in site.ports:
        (site.etc / "designate").mkdir(exist_ok=True)
        texts |= {f"designate/{name}": text for name, text in designate(site).items()}
    if "ironic" in site.ports:
        texts["ironic.conf"] = ironic(site)
    if "manila" in site.ports:
        texts["manila.conf"] = manila(site)
    if "octavia" in site.ports:
        texts["octavia.conf"] = octavia(site)
    for name, text in texts.items():
        file = site.etc / name
        file.touch(mode=0o600)
        file.write_text(text)
    (site.etc / "nova-api-paste.ini").write_text((site.venv / "etc/nova/api-paste.ini").read_text())
    # nova-compute wants a node identity on its second start; the driver derives one per host, so any will do
    (site.folder / "nova/compute_id").write_text("0d1f5b9e-3c5a-4d0e-8e53-2f8f7a1f1c02")


def _login(section: str, site: Site) -> str:
    return f"""
[{section}]
auth_type = password
auth_url = {site.url("keystone")}
username = svc
password = {site.password}
user_domain_id = default
project_domain_id = default
project_name = service
region_name = {REGION}
"""


def _common(service: str, site: Site) -> str:
    return f"""
[DEFAULT]
use_stderr = true
state_path = {site.folder}/{service}
transport_url = fake:///
executor_thread_pool_size = 4
[database]
connection = {site.db(service)}
sqlite_synchronous = false
[oslo_concurrency]
lock_path = {site.folder}/lock
[oslo_messaging_notifications]
driver = noop
{_login("keystone_authtoken", site)}
www_authenticate_uri = {site.url("keystone")}
service_token_roles = service
service_token_roles_required = false
token_cache_time = 3600
"""


def keystone(site: Site) -> str:
    return f"""
[DEFAULT]
use_stderr = true
[database]
connection = {site.db("keystone")}
sqlite_synchronous = false
[token]
expiration = 86400
[fernet_tokens]
key_repository = {site.folder}/keystone/fernet
[fernet_receipts]
key_repository = {site.folder}/keystone/fernet
[credential]
key_repository = {site.folder}/keystone/credential
[cache]
enabled = true
backend = dogpile.cache.memory
[identity]
password_hash_rounds = 4
[oslo_messaging_notifications]
driver = noop
"""


def placement(site: Site) -> str:
    return f"""{_common("placement", site)}
[placement_database]
connection = {site.db("placement")}
sqlite_synchronous = false
"""


def glance(site: Site) -> str:
    return f"""{_common("glance", site)}
[DEFAULT]
enabled_backends = fs:file
worker_self_reference_url = {site.url("glance")}
[glance_store]
default_backend = fs
[fs]
filesystem_store_datadir = {site.folder}/glance/images
[os_glance_staging_store]
filesystem_store_datadir = {site.folder}/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = {site.folder}/glance/tasks
[paste_deploy]
flavor = keystone
config_file = {site.venv}/etc/glance/glance-api-paste.ini
"""


def neutron(site: Site) -> str:
    return f"""{_common("neutron", site)}
[DEFAULT]
core_plugin = ml2
service_plugins = router,qos,trunk,tag,timestamp,revisions,network_ip_availability,auto_allocate,port_forwarding,segments
api_paste_config = {site.venv}/etc/neutron/api-paste.ini
auth_strategy = keystone
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
rpc_workers = 0
dhcp_agent_notification = false
[ml2]
type_drivers = flat,vlan,vxlan,local
tenant_network_types = vxlan
mechanism_drivers = xylab
extension_drivers = port_security,qos
[ml2_type_flat]
flat_networks = *
[ml2_type_vlan]
network_vlan_ranges = vlans:100:3999
[ml2_type_vxlan]
vni_ranges = 1:100000
[quotas]
default_quota = 100
quota_router = 50
{_login("nova", site)}
{_login("placement", site)}
"""


def nova(site: Site) -> str:
    filters = (
        "ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,AggregateInstanceExtraSpecsFilter,"
        "AggregateImagePropertiesIsolation,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter"
    )
    return f"""{_common("nova", site)}
[DEFAULT]
compute_driver = xylab.{"LabDriver" if site.machines else "HostDriver"}
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
my_ip = 127.0.0.1
report_interval = 60
service_down_time = 300
update_resources_interval = 300
sync_power_state_interval = -1
heal_instance_info_cache_interval = -1
reserved_host_memory_mb = 0
default_ephemeral_format = ext4
[api_database]
connection = {site.db("nova_api")}
sqlite_synchronous = false
[api]
auth_strategy = keystone
[conductor]
workers = 1
[scheduler]
workers = 1
image_metadata_prefilter = true
limit_tenants_to_placement_aggregate = true
placement_aggregate_required_for_tenants = false
enable_isolated_aggregate_filtering = true
query_placement_for_image_type_support = true
[filter_scheduler]
track_instance_changes = false
enabled_filters = {filters}
[glance]
api_servers = {site.url("glance")}
[cinder]
catalog_info = block-storage::publicURL
[vnc]
enabled = false
{_login("neutron", site)}
{_login("placement", site)}
{_login("service_user", site)}
send_service_user_token = false
"""


def cinder(site: Site) -> str:
    """Volumes that are rows only: the driver of Cinder's own tests answers as storage would."""
    return f"""{_common("cinder", site)}
[DEFAULT]
api_paste_config = {site.venv}/etc/cinder/api-paste.ini
resource_query_filters_file = {site.venv}/etc/cinder/resource_filters.json
auth_strategy = keystone
enabled_backends = fake
my_ip = 127.0.0.1
glance_api_servers = {site.url("glance")}
backend_stats_polling_interval = 60
scheduler_driver_init_wait_time = 1
[fake]
volume_driver = cinder.tests.fake_driver.FakeLoggingVolumeDriver
volume_backend_name = fake
target_helper = fake
[coordination]
backend_url = file://{site.folder}/cinder
{_login("nova", site)}
{_login("service_user", site)}
"""


def barbican(site: Site) -> str:
    """Its tables are made when it starts; the key that encrypts the secrets follows from the lab's own password."""
    kek = base64.b64encode(hashlib.sha256(site.password.encode()).digest()).decode()
    return f"""{_common("barbican", site)}
[DEFAULT]
host_href = {site.url("barbican")}
db_auto_create = true
[queue]
enable = false
[secretstore]
enabled_secretstore_plugins = store_crypto
[crypto]
enabled_crypto_plugins = simple_crypto
[simple_crypto_plugin]
kek = {kek}
"""


def designate(site: Site) -> dict[str, str]:
    """Its files, and those of its name server: BIND, a secondary of Designate's own server (mdns), told by rndc which zones there are.

    A change is looked for `poll_delay` seconds after BIND was told of it, since Designate then takes the serial before it for the new one: BIND has it in less
    than half of that. What comes too late is found by the recovery, after poll_max_retries (10) times poll_timeout and poll_retry_interval.

    Only BIND has a port of its own: mdns is at 127.0.0.3 and rndc at 127.0.0.4, both with the port that Designate has at 127.0.0.1.
    """
    folder, port, named = f"{site.folder}/designate", site.ports["designate"], site.ports["named"]
    key = base64.b64encode(hashlib.sha256(f"rndc {site.password}".encode()).digest()).decode()
    common = f"""{_common("designate", site)}
[DEFAULT]
root_helper = env
quota_zones = 1000
[storage:sqlalchemy]
connection = {site.db("designate")}
sqlite_synchronous = false
[service:api]
api_base_uri = {site.url("designate")}/
auth_strategy = keystone
[service:mdns]
listen = 127.0.0.3:{port}
threads = 20
[service:worker]
threads = 20
poll_delay = 1
poll_retry_interval = 1
poll_timeout = 1
serial_retry_delay = 0
[producer_task:worker_periodic_recovery]
interval = 5
[producer_task:increment_serial]
interval = 1
"""
    pool = f"""
- name: default
  id: 794ccc2c-d751-44fe-b57f-8894c9f5c842
  description: BIND
  attributes: {{}}
  ns_records: [{{hostname: ns1.lab.test., priority: 1}}]
  nameservers: [{{host: 127.0.0.1, port: {named}}}]
  targets:
    - type: bind9
      description: BIND
      masters: [{{host: 127.0.0.3, port: {port}}}]
      options:
        host: 127.0.0.1
        port: {named}
        rndc_host: 127.0.0.4
        rndc_port: {port}
        rndc_bin_path: {folder}/rndc
        rndc_key_file: {site.etc}/designate/rndc.key
        clean_zonefile: true
"""
    bind = f"""
include "{site.etc}/designate/rndc.key";
controls {{ inet 127.0.0.4 port {port} allow {{ any; }} keys {{ rndc-key; }}; }};
options {{
    directory "{folder}";
    pid-file none;
    session-keyfile none;
    lock-file none;
    listen-on port {named} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    allow-new-zones yes;
    allow-notify {{ 127.0.0.1; }};
    recursion no;
    dnssec-validation no;
    empty-zones-enable no;
    notify no;
    request-ixfr no;
    serial-query-rate 1000;
}};
"""
    return {
        "designate.conf": common,
        "api-paste.ini": (site.venv / "etc/designate/api-paste.ini").read_text(),
        "pools.yaml": pool,
        "named.conf": bind,
        "rndc.key": f'key "rndc-key" {{ algorithm hmac-sha256; secret "{key}"; }};\n',
    }


def ironic(site: Site) -> str:
    """Machines that are rows: fake hardware does at once what it is told, through all states on the way; what a person manages by hand Ironic cannot check."""
    either = {kind: f"fake,no-{kind}" for kind in ("bios", "console", "firmware", "inspect", "raid", "rescue", "vendor")}
    of_hand = {"boot": "fake,pxe", "deploy": "fake,direct", "management": "fake,noop", "power": "fake,agent"}
    interfaces = {**either, **of_hand, "network": "noop", "storage": "noop,fake"}
    enabled = "\n".join(f"enabled_{kind}_interfaces = {names}" for kind, names in interfaces.items())
    return f"""{_common("ironic", site)}
[DEFAULT]
auth_strategy = keystone
rpc_transport = none
host = lab
my_ip = 127.0.0.1
enabled_hardware_types = fake-hardware,manual-management
{enabled}
[api]
public_endpoint = {site.url("ironic")}
[conductor]
sync_power_state_interval = 0
sync_power_state_workers = 1
periodic_max_workers = 1
workers_pool_size = 16
[deploy]
http_root = {site.folder}/ironic/http
[pxe]
tftp_root = {site.folder}/ironic/tftp
"""


def manila(site: Site) -> str:
    """Shares that are rows only: the driver of Manila's own tests answers as storage would, at once. One of two back ends has a server for each share network.

    The login stands in another section than the other services', since Manila's share service defines auth_url in that one for itself.
    """
    backend = """
share_driver = manila.tests.share.drivers.dummy.DummyDriver
dummy_driver_default_driver_method_delay = 0
dummy_driver_driver_methods_delays = ensure_share:0"""
    return f"""{_common("manila", site)}
[DEFAULT]
api_paste_config = {site.venv}/etc/manila/api-paste.ini
auth_strategy = keystone
enabled_share_backends = plain,served
enabled_share_protocols = NFS,CIFS
host = lab
my_ip = 127.0.0.1
report_interval = 60
service_down_time = 300
periodic_fuzzy_delay = 0
[plain]
share_backend_name = plain
driver_handles_share_servers = false
{backend}
[served]
share_backend_name = served
driver_handles_share_servers = true
admin_network_config_group = servers
{backend}
[servers]
network_api_class = manila.network.standalone_network_plugin.StandaloneNetworkPlugin
standalone_network_plugin_gateway = 10.254.0.1
standalone_network_plugin_mask = 24
[coordination]
backend_url = file://{site.folder}/manila
{_login("neutron", site)}
[keystone_authtoken]
auth_section = neutron
"""


def octavia(site: Site) -> str:
    """Load balancers by Octavia's own worker and Neutron's own ports; their amphorae are rows only."""
    return f"""{_common("octavia", site)}
[api_settings]
enabled_provider_drivers = amphora: Amphorae of the lab
default_provider_driver = amphora
[controller_worker]
amphora_driver = amphora_noop_driver
compute_driver = xylab
network_driver = allowed_address_pairs_driver
image_driver = image_noop_driver
volume_driver = volume_noop_driver
client_ca = {site.folder}/octavia/ca.crt
[certificates]
ca_certificate = {site.folder}/octavia/ca.crt
ca_private_key = {site.folder}/octavia/ca.key
server_certs_key_passphrase = {hashlib.sha256(site.password.encode()).hexdigest()[:32]}
{_login("service_auth", site)}
{_login("neutron", site)}
"""

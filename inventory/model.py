"""The estate: what exists and what is intended, as frozen objects. The only thing the rest of the program reads.

Every table of `estates/<province>/*.csv` is one class here, a column a field; policy comes from the YAML files.
Sizes are MiB, GiB or Mbit/s as the field's name says; dates are ISO 8601.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from inventory.base import DeviceRole, Id, LocatorBlock, Policy, RegionCode
from inventory.policy import NetworkPolicy


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Source(StrEnum):
    """Where a row comes from: `sample` rows were published by nobody and are generated."""

    GBT2260 = "gbt2260"
    PLAN = "plan"
    SAMPLE = "sample"
    CENSUS = "census"


class Zone(StrEnum):
    """Where a system may stand."""

    INTERNET = "internet"  # 互联网区
    PUBLIC = "public"  # 政务外网公用区
    PRIVATE = "private"  # 专网


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    source: Source = Source.SAMPLE


class Region(Row):
    """A province, city or county of GB/T 2260."""

    code: RegionCode
    name: str
    name_en: str
    level: Level
    parent: RegionCode | None = None
    tile: Annotated[str, StringConstraints(pattern=r"^(\d{1,2},\d{1,2})?$")] = Field(default="", description="a city's `column,row` in the tile map of reports")

    @property
    def id(self) -> str:
        return f"region:{self.code}"


class Unit(Row):
    """A department or institution (单位)."""

    id: Id
    name: str
    level: Level
    region: RegionCode
    parent: Id | None = None


class Site(Row):
    """A place where network devices or servers stand."""

    id: Id
    name: str
    region: RegionCode
    kind: Literal["core", "city", "county", "cloud", "hpc", "access"]


class RoomStatus(StrEnum):
    """Steps of a machine room's closing, in order."""

    SURVEYED = "surveyed"
    EMPTYING = "emptying"
    EMPTY = "empty"
    WITHDRAWN = "withdrawn"
    SANITISED = "sanitised"
    DISPOSED = "disposed"
    CLOSED = "closed"


class Room(Row):
    """A machine room (机房)."""

    id: Id
    name: str
    site: Id
    unit: Id
    area_m2: float = Field(ge=0)
    racks: int = Field(ge=0)
    power_kw: float = Field(ge=0)
    pue: float = Field(ge=1)
    level: Literal["", "A", "B", "C"] = Field(default="", description="of GB 50174-2017")
    ownership: Literal["own", "rented", "hosted"] = "own"
    staff: int = Field(default=0, ge=0, description="people who run it")
    status: RoomStatus = RoomStatus.SURVEYED


class AssetStatus(StrEnum):
    IN_USE = "in-use"
    SHUT_DOWN = "shut-down"
    SANITISED = "sanitised"
    DISPOSED = "disposed"


class Asset(Row):
    """A thing with a book value: a server, storage, a UPS. Its depreciation: `inventory.depreciation`."""

    id: Id
    name: str
    kind: Literal["server", "storage", "switch", "ups", "terminal", "other"]
    room: Id | None = Field(default=None, description="none: it stands outside any machine room")
    unit: Id
    book_value_cny: float = Field(ge=0)
    purchased: date
    media: str = Field(default="", description="storage media by serial number, separated by spaces")
    vcpus: int = Field(default=0, ge=0)
    memory_gib: int = Field(default=0, ge=0)
    disk_gib: int = Field(default=0, ge=0)
    arch: str = ""
    lan: Id | None = Field(default=None, description="the LAN that the server's first interface is in")
    address: IPv6Address | None = None
    original_cny: float = Field(default=0, ge=0, description="what it cost; 0: not known")
    life_years: int = Field(default=0, ge=0, description="of depreciation; 0: the least that the public-asset rules give its kind")
    os: str = Field(default="", description="operating system and version, such as `centos 7`")
    status: AssetStatus = AssetStatus.IN_USE


class Device(Row):
    """A router or firewall of the extranet."""

    id: Id
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = Field(description="the host name")
    role: DeviceRole
    site: Id
    vendor: Literal["frr", "huawei_vrp", "h3c_comware", "huawei_usg", "h3c_secpath", "huawei_vrp5", "zte_zxros", "ruijie_rgos"]
    model: str
    plane: Literal["A", "B"] = "A"


class Link(Row):
    """A point-to-point link of the backbone."""

    id: Id
    a: Id
    a_interface: str
    b: Id
    b_interface: str
    bandwidth_mbps: int = Field(gt=0)
    metric: int = Field(gt=0, lt=2**24)
    mtu: int = Field(default=9000, ge=1280)
    delay_us: int = Field(default=0, ge=0, description="one way; 0: not known")


class Lan(Row):
    """A network attached to a router: a machine room's, a hall's, a cloud's provider network."""

    id: Id
    name: str
    device: Id
    interface: str
    prefix: IPv6Network
    prefix4: IPv4Network | None = Field(default=None, description="for what still needs IPv4")
    vpn: Id | None = Field(default=None, description="none: the extranet's public zone")
    kind: Literal["room", "hall", "cloud", "operations"]
    room: Id | None = None
    mtu: int = Field(default=1500, ge=1280)


class Disposition(StrEnum):
    RETIRE = "retire"
    RETAIN = "retain"
    REHOST = "rehost"
    REPLATFORM = "replatform"
    MERGE = "merge"


class System(Row):
    """An information system (政务信息系统). It stands in a room or in a cloud, never in both."""

    id: Id
    name: str
    unit: Id
    room: Id | None = None
    cloud: Id | None = None
    zone: Zone
    mlps_level: int = Field(ge=1, le=5)
    mlps_filing: str = ""
    classified: bool = False
    personal_data: bool = False
    xinchuang: bool = Field(default=False, description="runs, or must run, on Xinchuang hardware")
    users: int = Field(default=0, ge=0)
    daily_visits: int = Field(default=0, ge=0)
    last_used: date | None = None
    yearly_cost_cny: float = Field(default=0, ge=0)
    max_downtime_s: int = Field(default=3600, gt=0)
    service_address: IPv6Address | None = Field(default=None, description="what its users connect to; moves with the system")
    purpose: str = Field(default="", description="the job it does, in the words of the unit's duties; systems of one purpose may overlap")
    mlps_tested: date | None = Field(default=None, description="last MLPS assessment (等保测评)")
    crypto_assessed: date | None = Field(default=None, description="last passed cryptography assessment (密评)")
    availability_percent: float | None = Field(default=None, gt=0, le=100)
    rto_minutes: int | None = Field(default=None, ge=0, description="recovery time objective")
    rpo_minutes: int | None = Field(default=None, ge=0, description="recovery point objective")
    runtime: str = Field(default="", description="what it runs on, such as `openjdk 8`")
    arch: Literal["", "x86_64", "aarch64", "loongarch64"] = Field(default="", description="what it is built for")
    vendor: str = ""
    contract_end: date | None = Field(default=None, description="of the maintenance contract")
    in_service: date | None = Field(default=None, description="since when")
    platforms: str = Field(default="", description="shared platforms that it uses, ids separated by spaces")
    status: Literal["running", "stopped", "retired"] = "running"


class Component(Row):
    """A part of a system: a web server, an application, a database."""

    id: Id
    system: Id
    kind: Literal["web", "application", "database"]
    product: str
    version: str = ""
    asset: Id | None = None
    port: int = Field(default=0, ge=0, le=65535)
    size_gib: float = Field(default=0, ge=0)


class Dependency(Row):
    """`system` needs `needs`."""

    id: Id
    system: Id
    needs: Id
    kind: Literal["data", "call", "login"]
    latency_ms: int = Field(default=0, ge=0, description="how far apart they may be; 0: does not matter")


class Platform(Row):
    """A shared platform that the plan names."""

    id: Id
    name: str
    unit: Id
    section: str = Field(default="", description="of the province's plan, such as 二（一）3（1）")


class Topic(Row):
    """One of the industry topics of the plan's annex."""

    id: Id
    name: str
    number: int
    units: str = Field(description="responsible units' ids, separated by spaces")


class PrivateNetwork(Row):
    """A private network (专网) to be merged into the extranet, or interconnected with it."""

    id: Id
    name: str
    unit: Id
    classified: bool = False
    intent: Literal["merge", "interconnect", "keep"]


class Egress(Row):
    """A way out to the internet (互联网出口)."""

    id: Id
    name: str
    unit: Id
    site: Id
    operator: str = Field(description="the carrier")
    bandwidth_mbps: int = Field(gt=0)


class Address(Row):
    """A prefix that somebody holds: public, or of the extranet's plan; a host is a prefix of full length."""

    id: Id
    prefix: IPv4Network | IPv6Network
    unit: Id
    egress: Id | None = Field(default=None, description="the way out that it is announced at; none: it is not public")
    system: Id | None = Field(default=None, description="the system that answers there")
    purpose: str = ""


class DataResource(Row):
    """A data resource (政务数据资源) of the catalogue: what a unit holds and a system provides."""

    id: Id
    name: str
    unit: Id = Field(description="who collects it, updates it and answers for it")
    system: Id | None = Field(default=None, description="the system that provides it")
    base: Literal["", "population", "legal-entity", "geospatial", "credit", "licence"] = Field(default="", description="the base database that it belongs to")
    theme: str = Field(default="", description="the theme database that it belongs to, by name")
    sharing: Literal["unconditional", "conditional", "none"] = "conditional"
    legal_basis: str = Field(default="", description="why it is not shared, or on what condition")
    open: bool = Field(default=False, description="open to the public")
    update_days: int = Field(default=0, ge=0, description="how often it is updated; 0: as things happen")
    updated: date | None = None
    rows: int = Field(default=0, ge=0)
    gathered: bool = Field(default=False, description="its items are gathered at the sharing platform")


class DataItem(Row):
    """A data item (信息项). `element` says what it is wherever it is held: one element has one source (一数一源)."""

    id: Id
    resource: Id
    name: str
    element: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] = Field(description="the data element, such as `citizen-id`")
    authoritative: bool = Field(default=False, description="this resource is its one source; elsewhere it is a copy")
    personal: bool = False


class DataNeed(Row):
    """Somebody's need (数据需求) for a data item's element, and what became of it."""

    id: Id
    unit: Id
    system: Id | None = Field(default=None, description="the system that uses it")
    element: str
    purpose: str = ""
    asked: date
    resource: Id | None = Field(default=None, description="the resource that it was matched with")
    status: Literal["asked", "granted", "refused", "met"] = "asked"
    reason: str = Field(default="", description="why it was refused")


class Decision(Row):
    """What was decided about a system that is without use or does another's job. Rows are added, never changed."""

    id: Id
    system: Id
    decision: Literal["keep", "merge", "retire"]
    into: Id | None = Field(default=None, description="the system that it is merged into")
    by: str = Field(description="the role that decided")
    on: date
    reason: str


class Project(Row):
    """An application of the yearly project intake (项目申报)."""

    id: Id
    name: str
    unit: Id
    year: int = Field(ge=2000, le=2100)
    kind: Literal["new", "upgrade", "operation"]
    purpose: str = Field(description="the job that it shall do, in the words of the unit's duties")
    system: Id | None = Field(default=None, description="the system that it upgrades or runs")
    cost_cny: float = Field(ge=0)
    users: int = Field(default=0, ge=0)
    own_room: bool = Field(default=False, description="asks for a machine room, or servers, of its own")
    own_network: bool = Field(default=False, description="asks for a network of its own")
    cloud: Id | None = Field(default=None, description="where it is to stand; none: the cloud that its unit is a tenant of")
    vcpus: int = Field(default=0, ge=0)
    memory_gib: int = Field(default=0, ge=0)
    disk_gib: int = Field(default=0, ge=0)
    arch: Literal["x86_64", "aarch64", "loongarch64"] = "x86_64"
    mlps_level: int = Field(default=2, ge=1, le=5)
    personal_data: bool = False
    xinchuang: bool = False
    classified: bool = False
    elements: str = Field(default="", description="data elements that it would collect, separated by spaces")
    platforms: str = Field(default="", description="shared platforms that it will use, ids separated by spaces")
    status: Literal["applied", "reviewed", "approved", "refused"] = "applied"


# Policy, from YAML


class PoolHost(Policy):
    """Hosts of a pool, counted: `count` of them named `<name>-<n>`."""

    name: str
    count: int = Field(default=1, ge=1)
    arch: Literal["x86_64", "aarch64", "loongarch64"]
    vcpus: int = Field(gt=0)
    memory_mib: int = Field(gt=0)
    disk_gib: int = Field(gt=0)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{self.name}-{n}" for n in range(1, self.count + 1))


class Pool(Policy):
    """Hosts of one kind: an aggregate with traits, and the flavors that land on it."""

    id: Id
    name: str
    kind: Literal["x86", "kunpeng", "phytium", "hygon", "loongarch", "npu", "hpc"]
    xinchuang: bool = False
    traits: tuple[Annotated[str, StringConstraints(pattern=r"^CUSTOM_[A-Z0-9_]+$")], ...] = ()
    hosts: tuple[PoolHost, ...]


class Flavor(Policy):
    name: str
    pool: Id
    vcpus: int = Field(gt=0)
    memory_mib: int = Field(gt=0)
    disk_gib: int = Field(ge=0)


class Image(Policy):
    name: str
    arch: Literal["x86_64", "aarch64", "loongarch64"]
    os: str


class Quota(Policy):
    cores: int = Field(ge=0)
    memory_mib: int = Field(ge=0)
    instances: int = Field(ge=0)
    networks: int = Field(default=10, ge=0)
    ports: int = Field(default=100, ge=0)


class Tenant(Policy):
    """A unit's project in a cloud."""

    unit: Id
    quota: Quota


class Landing(Policy):
    """The place prepared in a cloud for a system that moves there."""

    system: Id
    lan: Id  # the attached LAN that the server's port is in
    address: IPv6Address
    flavor: str
    image: str
    ports: tuple[int, ...]  # TCP ports opened to the extranet


class Cloud(Policy):
    """One of the 1 + 1 + N + 14 clouds. `os_cloud` names its entry in clouds.yaml; none: not reachable from here."""

    id: Id
    name: str
    kind: Literal["province", "hpc", "industry", "city"]
    owner: Id
    region: RegionCode
    source: Source
    os_cloud: str | None = None
    gateway: Id | None = None
    pools: tuple[Pool, ...] = ()
    flavors: tuple[Flavor, ...] = ()
    images: tuple[Image, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    landings: tuple[Landing, ...] = ()


class AddressPlan(Policy):
    """Blocks that the planner allocates from (plan.yaml)."""

    asn: int = Field(gt=0, lt=2**32)
    loopbacks: IPv6Network
    links: IPv6Network
    locators: LocatorBlock
    isis_area: str
    services: IPv6Network  # service addresses of systems
    users: IPv6Network | None = None  # LANs: block, then the region's six digits as hex digits, then eight bits of purpose
    purposes: dict[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}$")], str] = Field(default_factory=dict)  # of those eight bits, in hex


class Vpn(Policy):
    """A department's VPN over the extranet. The LANs that belong to it name it (lans.csv)."""

    id: Id
    name: str
    unit: Id
    families: tuple[Literal["ipv4", "ipv6"], ...] = ("ipv4", "ipv6")
    network: Id | None = None  # the private network that it takes the place of
    evpn: bool = False  # its routes ride in BGP EVPN instead of VPNv4 and VPNv6


class WriteLog(Policy):
    """A client's own log of writes that the system acknowledged, a JSON object a line, kept outside both databases."""

    host: Id
    file: str
    fields: tuple[str, ...]  # of a line, that identify a write and its content
    time: str  # the field with the moment of the acknowledgement, seconds since 1970
    query: str  # SQL that gives the same fields, separated by `|`, for every row that the database holds


class Migration(Policy):
    """What moving a system takes beyond the census: names of its database and services, files, and how its users see it."""

    system: Id
    database: str
    owner: str  # the database role of the application
    services: tuple[str, ...]  # in the order in which they start
    users: tuple[str, ...]  # operating system users that the services run as
    packages: tuple[str, ...]  # of the target's operating system
    files: tuple[str, ...]  # absolute paths that are copied as they are
    port: int = Field(gt=0, le=65535)  # of the service address
    health: str = Field(pattern=r"^/")  # path that answers 200 when the system works
    acknowledged: WriteLog | None = None
    watch_s: int = Field(default=3600, gt=0)  # seconds that the way back stays open after the cut-over


class Target(Policy):
    """A number or a state that the province's plan promises, and how the estate tells it."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    year: int | None = None  # none: the plan gives no date
    section: str  # of the plan
    zh: str
    en: str
    goal: float | None = None  # none: done or not
    unit: str = ""
    measure: str | None = None  # a measure of `inventory.progress`; none: cannot be known from an estate


class Review(Policy):
    """Who must review a project application: each of these roles signs."""

    roles: tuple[str, ...]
    over_cny: float = 0  # for applications that cost more than this


class Role(Policy):
    """Who may do what; `key` is the PEM file of an enrolled Ed25519 public key, beside the estate."""

    name: str
    may: tuple[Literal["plan", "approve", "push", "sign", "review", "decide"], ...]


class Scope(Policy):
    """A named subset. Empty lists mean none of that kind, but regions pull in their sites, and a LAN pulls in the machine room that it serves."""

    devices: tuple[Id, ...] = ()
    rooms: tuple[Id, ...] = ()
    clouds: tuple[Id, ...] = ()
    systems: tuple[Id, ...] = ()
    regions: tuple[RegionCode, ...] = ()  # everything whose site lies in one of these, or below


class Allocation(Row):
    """What the planner gave to whom. Rows are added, never changed: adding a county renumbers nobody."""

    kind: Literal["loopback", "link", "locator", "node-block", "flex-locator", "loopback4", "isis-net", "rd", "vpn-table", "sid-function"]
    owner: Id
    value: str

    @property
    def id(self) -> str:
        return f"allocation:{self.kind}:{self.owner}"


class Estate(BaseModel):
    """Everything, by id (regions by code, roles and scopes by name).

    `origins` says where each row was read (`devices.csv:12`); `duplicates` all places of an id that was met more than once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    province: RegionCode
    regions: dict[str, Region]
    units: dict[str, Unit] = {}
    sites: dict[str, Site] = {}
    rooms: dict[str, Room] = {}
    assets: dict[str, Asset] = {}
    devices: dict[str, Device] = {}
    links: dict[str, Link] = {}
    lans: dict[str, Lan] = {}
    systems: dict[str, System] = {}
    components: dict[str, Component] = {}
    dependencies: dict[str, Dependency] = {}
    platforms: dict[str, Platform] = {}
    topics: dict[str, Topic] = {}
    private_networks: dict[str, PrivateNetwork] = {}
    egresses: dict[str, Egress] = {}
    addresses: dict[str, Address] = {}
    data_resources: dict[str, DataResource] = {}
    data_items: dict[str, DataItem] = {}
    data_needs: dict[str, DataNeed] = {}
    decisions: dict[str, Decision] = {}
    projects: dict[str, Project] = {}
    clouds: dict[str, Cloud] = {}
    plan: AddressPlan
    network: NetworkPolicy = NetworkPolicy()
    vpns: dict[str, Vpn] = {}
    migrations: dict[str, Migration] = {}  # by system
    roles: dict[str, Role] = {}
    reviews: tuple[Review, ...] = ()
    targets: dict[str, Target] = {}
    scopes: dict[str, Scope] = {}
    allocations: tuple[Allocation, ...] = ()
    origins: dict[str, str] = {}
    duplicates: dict[str, tuple[str, ...]] = {}

"""A small estate, in which every rule is quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import copied

# The columns that the rows below fill in; others may be left out.
HEADERS = {
    "units": "id,name,level,region,parent,source",
    "sites": "id,name,region,kind,source",
    "rooms": "id,name,site,unit,area_m2,racks,power_kw,pue,status,source",
    "devices": "id,name,role,site,vendor,model,plane,source",
    "links": "id,a,a_interface,b,b_interface,bandwidth_mbps,metric,mtu,source",
    "lans": "id,name,device,interface,prefix,vpn,kind,room,mtu,source",
    "assets": "id,name,kind,room,unit,book_value_cny,purchased,media,vcpus,memory_gib,disk_gib,arch,lan,address,status,source",
    "systems": "id,name,unit,room,cloud,zone,mlps_level,mlps_filing,classified,personal_data,xinchuang,"
    "users,daily_visits,last_used,yearly_cost_cny,max_downtime_s,service_address,status,source",
    "components": "id,system,kind,product,version,asset,port,size_gib,source",
    "dependencies": "id,system,needs,kind,latency_ms,source",
    "private_networks": "id,name,unit,classified,intent,source",
    "platforms": "id,name,unit,section,source",
    "topics": "id,name,number,units,source",
    "allocations": "kind,owner,value,source",
}


@pytest.fixture
def small(small_original: Path, tmp_path: Path) -> Path:
    """A copy of `small_original`, to be broken."""
    return copied(small_original, tmp_path / "small")


@pytest.fixture(scope="session")
def small_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small estate: two devices, a room, a cloud, a system. For reading only."""
    from inventory.starter import start

    folder = tmp_path_factory.mktemp("small") / "small"
    start(folder, "990000", "某省", "Some Province")
    rows = {
        "regions": ["990100,某市,Some City,city,990000,,sample", "990101,某区,Some District,county,990100,,sample"],
        "units": ["unit:990000-0001,省某厅,province,990000,,sample", "unit:990101-0001,某区某局,county,990101,unit:990000-0001,sample"],
        "sites": ["site:990000-0001,核心,990000,core,sample", "site:990101-0001,某区节点,990101,county,sample"],
        "rooms": ["room:990101-0001,某区机房,site:990101-0001,unit:990101-0001,40,4,8,2,surveyed,sample"],
        "devices": [
            "device:core-1,core-1,core,site:990000-0001,frr,FRR,A,sample",
            "device:core-2,core-2,core,site:990000-0001,frr,FRR,B,sample",
            "device:edge-1,edge-1,county-edge,site:990101-0001,frr,FRR,A,sample",
        ],
        "links": [
            "link:core-1--core-2,device:core-1,eth1,device:core-2,eth1,1000,100,9000,sample",
            "link:core-1--edge-1,device:core-1,eth2,device:edge-1,eth1,1000,10,9000,sample",
            "link:core-2--edge-1,device:core-2,eth2,device:edge-1,eth2,1000,100,9000,sample",
        ],
        "lans": [
            "lan:room,机房网,device:edge-1,lan1,2001:db8:1:10::/64,,room,room:990101-0001,1500,sample",
            "lan:cloud,云网,device:core-1,lan1,2001:db8:1:c10::/64,,cloud,,1500,sample",
            "lan:vpn-a,专网甲,device:edge-1,lan2,2001:db8:1:30::/64,vpn:a,hall,,1500,sample",
        ],
        "assets": [
            "asset:1,svr-1,server,room:990101-0001,unit:990101-0001,1000,2020-01-01,D1,8,16,500,x86_64,lan:room,2001:db8:1:10::11,in-use,sample",
            "asset:2,svr-2,server,room:990101-0001,unit:990101-0001,1000,2020-01-01,D2,8,16,500,x86_64,lan:room,2001:db8:1:10::12,in-use,sample",
        ],
        "systems": [
            "system:1,系统一,unit:990101-0001,room:990101-0001,,public,2,F1,false,true,false,1,1,2026-01-01,1000,60,2001:db8:9900:5000::1,running,sample",
            "system:2,系统二,unit:990000-0001,,cloud:p,public,3,F2,false,false,false,1,1,2026-01-01,1000,60,2001:db8:9900:5000::2,running,sample",
            "system:3,系统三,unit:990101-0001,room:990101-0001,,private,4,,true,false,false,1,1,2026-01-01,1000,60,,running,sample",
        ],
        "components": ["component:1-web,system:1,web,nginx,1,asset:1,80,1,sample"],
        "dependencies": ["dependency:1,system:1,system:2,login,0,sample"],
        "private_networks": ["network:1,涉密网,unit:990000-0001,true,keep,sample"],
        "platforms": ["platform:1,平台,unit:990000-0001,一,sample"],
        "topics": ["topic:1,专题,1,unit:990000-0001 unit:990101-0001,sample"],
        "allocations": ["loopback,device:core-1,2001:db8:9900:ffff::1/128,sample", "locator,device:core-1,5f00:9900:1::/48,sample"],
    }
    for table, lines in rows.items():
        file = folder / f"{table}.csv"
        known = file.read_text("utf-8") if table == "regions" else ""
        file.write_text(known + "".join(f"{line}\n" for line in [*([] if known else [HEADERS[table]]), *lines]), "utf-8")
    (folder / "clouds.yaml").write_text(CLOUDS, "utf-8")
    (folder / "vpns.yaml").write_text("vpns:\n  - {id: vpn:a, name: 甲, unit: unit:990000-0001}\n", "utf-8")
    (folder / "scopes.yaml").write_text("scopes:\n  one:\n    devices: [device:core-1, device:edge-1]\n    rooms: [room:990101-0001]\n", "utf-8")
    (folder / "migrations.yaml").write_text(MIGRATIONS, "utf-8")
    return folder


CLOUDS = """\
clouds:
  - id: cloud:p
    name: 省云
    kind: province
    owner: unit:990000-0001
    region: "990000"
    source: sample
    gateway: device:core-1
    pools:
      - id: pool:x86
        name: x86
        kind: x86
        hosts: [{name: x, count: 1, arch: x86_64, vcpus: 8, memory_mib: 16384, disk_gib: 100}]
      - id: pool:arm
        name: arm
        kind: kunpeng
        xinchuang: true
        hosts: [{name: k, count: 1, arch: aarch64, vcpus: 8, memory_mib: 16384, disk_gib: 100}]
    flavors:
      - {name: x.small, pool: pool:x86, vcpus: 1, memory_mib: 1024, disk_gib: 10}
      - {name: k.small, pool: pool:arm, vcpus: 1, memory_mib: 1024, disk_gib: 10}
    images: [{name: deb, arch: x86_64, os: debian}, {name: deb-arm, arch: aarch64, os: debian}]
    tenants: [{unit: unit:990101-0001, quota: {cores: 8, memory_mib: 16384, instances: 4}}]
    landings:
      - {system: system:1, lan: lan:cloud, address: "2001:db8:1:c10::31", flavor: x.small, image: deb, ports: [80]}
"""
MIGRATIONS = """\
migrations:
  - {system: system:1, database: d, owner: o, services: [nginx], users: [], packages: [nginx], files: [], port: 80, health: /health}
"""

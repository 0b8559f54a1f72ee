"""A new estate: all tables with their headers, and commented policy files, for a province of which only code and name are known."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from inventory.cells import table_text
from inventory.errors import InputError, XiangyunError
from inventory.load import load_estate
from inventory.progress import MEASURES
from inventory.tables import TABLES

_PLAN = """\
# Blocks that the planner allocates from. These are placeholders: the documentation prefix 2001:db8::/32 (RFC 3849), a private AS number
# (RFC 6996), and for locators the block that RFC 9602 sets aside for SRv6 SIDs, 5f00::/16. Put your own in their place before the first
# `xiangyun net plan --accept`: what was allocated is never moved.
asn: 64512
isis_area: "49.00{short}"
loopbacks: 2001:db8:{group}:ffff::/64   # one /128 a router
links: 2001:db8:{group}:fffe::/64       # one /127 a link
services: 2001:db8:{group}:5000::/64    # one address a system; moves with it
locators: 5f00:{group}::/32             # the F3216 block of SRv6 locators
"""
_CLOUDS = """\
# The clouds: pools of hosts, flavors that land on them, images, tenants (a unit's project and quota) and landings (where a system moves to).
# os_cloud names the entry of clouds.yaml in .xiangyun/ (openstacksdk); without it a cloud is described and not reached.
#
# clouds:
#   - id: cloud:province
#     name: 省政务云
#     kind: province            # province, hpc, industry, city
#     owner: unit:{code}-0001
#     region: "{code}"
#     source: census
#     os_cloud: province
#     pools:
#       - id: pool:x86
#         name: x86资源池
#         kind: x86
#         traits: [CUSTOM_POOL_X86]
#         hosts: [{{name: node, count: 2, arch: x86_64, vcpus: 64, memory_mib: 262144, disk_gib: 2000}}]
#     flavors: [{{name: x86.small, pool: pool:x86, vcpus: 1, memory_mib: 1024, disk_gib: 10}}]
#     images: [{{name: debian-12, arch: x86_64, os: debian}}]
#     tenants: [{{unit: unit:{code}-0001, quota: {{cores: 16, memory_mib: 32768, instances: 8}}}}]
clouds: []
"""
_VPNS = """\
# VPNs of departments; `sites` are LANs, and lans.csv names the VPN of each.
#
# vpns:
#   - {{id: vpn:health, name: 卫生健康业务专网, unit: unit:{code}-0001, sites: [lan:a, lan:b]}}
vpns: []
"""
_MIGRATIONS = """\
# How a system is moved, beyond what the census says: see docs/reference/estate.md.
#
# migrations:
#   - system: system:{code}-0001
#     database: records
#     owner: app
#     services: [postgresql, app, nginx]
#     packages: [postgresql, nginx-light]
#     files: [/etc/app.conf]
#     port: 80
#     health: /health
migrations: []
"""
_ROLES = """\
# Who may plan, approve, push and sign, review project applications, and decide on systems without use. A key that is enrolled for a role stands in
# roles/<name>.pem beside this file.
roles:
  - {{name: planner, may: [plan]}}
  - {{name: approver, may: [approve, sign]}}
  - {{name: operator, may: [plan, push]}}
  - {{name: digital-office, may: [review, decide]}}
  - {{name: finance, may: [review]}}
  - {{name: audit, may: [review]}}
"""
_TARGETS = """\
# What the province's plan promises, and by when; `xiangyun inventory progress` says what the estate tells of it today. A measure is one of {measures};
# without one a target cannot be known from the estate. Without a goal it is done or not.
#
# targets:
#   - {{id: on-cloud, year: 2025, section: 二（一）, zh: 非涉密系统上云, en: systems stand in the cloud, goal: 100, unit: "%", measure: on-cloud}}
#   - {{id: portal, year: 2025, section: 二（二）, zh: 建成一体化平台, en: the platform is built}}
targets: []
"""
_REVIEWS = """\
# Who reviews project applications (projects.csv); each of these roles signs: `xiangyun inventory intake enrol ROLE --key FILE`, then `intake review`.
#
# reviews:
#   - {{roles: [digital-office, finance]}}
#   - {{roles: [audit], over_cny: 5000000}}
reviews: []
"""
_SCOPES = """\
# Named subsets; every command takes --scope NAME. `regions` takes in everything that stands in them.
#
# scopes:
#   pilot: {{devices: [device:core-1], rooms: [], clouds: [], systems: []}}
#   one-city: {{regions: ["{short}0100"]}}
scopes: {{}}
"""
_FILES = {
    "plan.yaml": _PLAN,
    "clouds.yaml": _CLOUDS,
    "vpns.yaml": _VPNS,
    "migrations.yaml": _MIGRATIONS,
    "roles.yaml": _ROLES,
    "targets.yaml": _TARGETS,
    "reviews.yaml": _REVIEWS,
    "scopes.yaml": _SCOPES,
    ".gitignore": ".xiangyun/\n",
}


def start(folder: Path, code: str, name: str, name_en: str) -> list[str]:
    """Write a minimal estate into `folder`, which must be empty or missing; returns the files' names.

    `code` is the province's in GB/T 2260 (six digits, the last four 0). Raises `InputError` for a wrong code, no name, or a folder
    with something in it. Nothing appears before everything is written.
    """
    if not re.fullmatch(r"[1-9]\d0000", code):
        raise InputError(f"--province {code}: not the code of a province (GB/T 2260: two digits and 0000, such as 430000)")
    if not name.strip():
        raise InputError("--name is empty: give the province's name")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not an empty folder: choose another, nothing was written")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            files = _write(made, code, name.strip(), name_en.strip() or name.strip())
            load_estate(made)
            made.chmod(0o755)
            made.replace(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise XiangyunError(f"{folder} cannot be written: {error.strerror}") from error
    return files


def _write(folder: Path, code: str, name: str, name_en: str) -> list[str]:
    province = {"code": code, "name": name, "name_en": name_en, "level": "province", "source": "gbt2260"}
    for table in TABLES.values():
        (folder / table.file).write_text(table_text(table.row, [province] if table.name == "regions" else []), "utf-8")
    measures = ", ".join(str(name) for name in MEASURES)
    for file, text in _FILES.items():
        (folder / file).write_text(text.format(code=code, short=code[:2], group=code[:4], measures=measures), "utf-8")
    return sorted(file.name for file in folder.iterdir())

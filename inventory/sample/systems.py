"""Sample systems: those of the plan's platforms and topics at the province, those of the settings' catalogue in cities and counties."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inventory.sample.draft import Cells, Draft

PRODUCTS = {
    "web": [("nginx", "1.22"), ("nginx", "1.14"), ("tongweb", "7.0")],
    "application": [("tomcat", "8.5"), ("tomcat", "9.0"), ("python", "3.9"), ("weblogic", "12c")],
    "database": [("postgresql", "12"), ("postgresql", "15"), ("mysql", "5.7"), ("oracle", "11g"), ("dameng", "8"), ("kingbase", "V8R6")],
}
RUNTIMES = {"tomcat": ["openjdk 8", "openjdk 17"], "weblogic": ["oracle jdk 7", "openjdk 8"], "python": ["python 3.9", "python 3.6"]}
PORTS = {"web": 80, "application": 8080, "database": 5432}


def add_systems(draft: Draft) -> None:
    _province(draft)
    for region in [*draft.level("city"), *draft.level("county")]:
        _local(draft, region)
    _dependencies(draft)
    draft.tables["private_networks"] += [dict(row) for row in draft.settings["private_networks"]]


def _province(draft: Draft) -> None:
    """A system for every platform, in the province's cloud, and for every topic, in its unit's room where there is one."""
    rooms = {room["unit"]: room["id"] for room in draft.tables["rooms"]}
    code = next(region["code"] for region in draft.level("province"))
    cloud = draft.settings["cloud"]
    for number, platform in enumerate(draft.platforms, 1):
        zone = draft.pick(f"zone:{number}", ["internet", "public"])
        _system(draft, f"{code}-{number:04d}", platform["name"], platform["unit"], zone, cloud=cloud, purpose=platform["name"])
    for number, topic in enumerate(draft.topics, 101):
        unit = topic["units"].split()[0]
        place = {"room": rooms[unit]} if unit in rooms else {"cloud": cloud}
        _system(draft, f"{code}-{number:04d}", f"{topic['name']}应用系统", unit, "public", purpose=topic["name"], **place)
    for number, row in enumerate(draft.settings["provincial_systems"], 201):
        cells = dict(row)
        _system(draft, f"{code}-{number:04d}", cells.pop("name"), cells.pop("unit"), cells.pop("zone", "public"), **cells)


def _local(draft: Draft, region: dict[str, str]) -> None:
    """Systems of a few departments of a city or county; a city's are partly in its cloud already."""
    code, city = region["code"], region["level"] == "city"
    room = next(room["id"] for room in draft.tables["rooms"] if room["unit"] == f"unit:{code}-0001")
    catalogue: list[dict[str, Any]] = draft.settings["departments"]
    count = 6 if city else draft.number(f"departments:{code}", 2, 3)
    start = draft.number(f"first:{code}", 0, len(catalogue) - 1)
    for step in range(count):
        entry = catalogue[(start + step * 3) % len(catalogue)]
        unit = _unit(draft, region, entry["unit"], step)
        number = step + 1 if not draft.has("systems", f"system:{code}-0001") or step else 11
        job = draft.pick(f"system:{code}:{step}", entry["systems"])
        name = f"{region['name']}{job}"
        moved = city and draft.chance(f"moved:{code}:{step}", 50)
        _system(
            draft,
            f"{code}-{number:04d}",
            name,
            unit,
            entry["zone"],
            purpose=job.removesuffix("系统"),
            **({"cloud": f"cloud:{code}"} if moved else {"room": room}),
        )


def _unit(draft: Draft, region: dict[str, str], name: str, step: int) -> str:
    """The department of the region, made when it is not there yet."""
    full = f"{region['name']}{name}"
    known = next((unit["id"] for unit in draft.tables["units"] if unit["name"] == full), None)
    if known:
        return str(known)
    unit, parent = f"unit:{region['code']}-{11 + step:04d}", f"unit:{region['code']}-0001"
    draft.add("units", id=unit, name=full, level=region["level"], region=region["code"], parent=parent)
    return unit


def _system(draft: Draft, key: str, name: str, unit: str, zone: str, **more: Any) -> None:
    system = f"system:{key}"
    if draft.has("systems", system):
        return
    level = more.pop("mlps_level", None) or (3 if draft.chance(f"level3:{key}", 25) else 2)
    zombie = draft.chance(f"zombie:{key}", 7)
    unused = draft.number(f"unused:{key}", 400, 1500) if zombie else draft.number(f"unused:{key}", 0, 40)
    visits = draft.number(f"visits:{key}", 5, 4000)
    cells: Cells = {
        "id": system,
        "name": name,
        "unit": unit,
        "zone": zone,
        "mlps_level": level,
        "mlps_filing": "" if draft.chance(f"unfiled:{key}", 8) else f"SMP{key.replace('-', '')}",
        "personal_data": draft.chance(f"personal:{key}", 45),
        "xinchuang": draft.chance(f"xinchuang:{key}", 12),
        "users": draft.number(f"users:{key}", 10, 900),
        "daily_visits": 0 if zombie else visits,
        "last_used": draft.settings["as_of"] - timedelta(days=unused),
        "yearly_cost_cny": draft.number(f"cost:{key}", 20, 900) * 1000,
        "max_downtime_s": draft.pick(f"downtime:{key}", [600, 1800, 3600, 14400]),
        **_operation(draft, key, level),
        **more,
    }
    draft.add("systems", **cells)
    _components(draft, key, cells)


def _operation(draft: Draft, key: str, level: int) -> Cells:
    """Assessments, objectives, contract."""
    day = draft.settings["as_of"]
    old = timedelta(days=draft.number(f"tested:{key}", 30, 420 if level >= 3 else 900))
    return {
        "purpose": "",
        "mlps_tested": "" if draft.chance(f"untested:{key}", 10) else day - old,
        "crypto_assessed": day - timedelta(days=draft.number(f"crypto:{key}", 30, 500)) if level >= 3 and draft.chance(f"crypto?{key}", 60) else "",
        "availability_percent": draft.pick(f"availability:{key}", [99, 99.5, 99.9]),
        "rto_minutes": draft.pick(f"rto:{key}", [30, 120, 240, 1440]),
        "rpo_minutes": draft.pick(f"rpo:{key}", [5, 60, 1440]),
        "arch": "x86_64",
        "vendor": draft.pick(f"vendor:{key}", draft.settings.get("vendors", [""])),
        "contract_end": day + timedelta(days=draft.number(f"contract:{key}", -120, 900)),
        "in_service": day - timedelta(days=draft.number(f"service:{key}", 200, 4500)),
    }


def _components(draft: Draft, key: str, system: Cells) -> None:
    servers = sorted(asset["id"] for asset in draft.tables["assets"] if asset["kind"] == "server" and asset.get("room") and asset["room"] == system.get("room"))
    if system.get("xinchuang"):
        system["arch"] = "aarch64"
    for kind, short in (("web", "web"), ("application", "app"), ("database", "db")):
        product, version = draft.pick(f"{kind}:{key}", PRODUCTS[kind])
        if kind == "application":
            system["runtime"] = draft.pick(f"runtime:{key}", RUNTIMES.get(product, [""]))
        draft.add(
            "components",
            id=f"component:{key}-{short}",
            system=system["id"],
            kind=kind,
            product=product,
            version=version,
            asset=draft.pick(f"host:{kind}:{key}", servers) if servers else "",
            port=PORTS[kind],
            size_gib=draft.number(f"size:{key}", 4, 600) if kind == "database" else draft.number(f"size:{kind}:{key}", 1, 6),
        )


def _dependencies(draft: Draft) -> None:
    """Who logs in at, and takes data from, the province's shared platforms (the settings say which), and within a unit."""
    login, data = draft.settings["login_system"], draft.settings["data_system"]
    units: dict[str, list[str]] = {}
    for system in draft.tables["systems"]:
        units.setdefault(system["unit"], []).append(system["id"])
    for system in draft.tables["systems"]:
        key = system["id"].partition(":")[2]
        if system.get("classified") or system["id"] in (login, data):
            continue
        if draft.chance(f"login:{key}", 55):
            draft.add("dependencies", id=f"dependency:{key}-login", system=system["id"], needs=login, kind="login")
            system["platforms"] = _platform(draft, login)
        if draft.chance(f"data:{key}", 30):
            draft.add("dependencies", id=f"dependency:{key}-data", system=system["id"], needs=data, kind="data")
            system["platforms"] = f"{system.get('platforms', '')} {_platform(draft, data)}".strip()
        before = [other for other in units[system["unit"]] if other < system["id"]]
        if before and draft.chance(f"call:{key}", 40):
            needs = draft.pick(f"callee:{key}", before)
            draft.add(
                "dependencies", id=f"dependency:{key}-call", system=system["id"], needs=needs, kind="call", latency_ms=draft.pick(f"latency:{key}", [0, 5, 20])
            )


def _platform(draft: Draft, system: str) -> str:
    """The platform that a system runs: they have the same number."""
    wanted = system.replace("system:", "platform:")
    return wanted if any(platform["id"] == wanted for platform in draft.platforms) else ""

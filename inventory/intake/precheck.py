"""What the estate says of a project application, before people look at it. Pure: 二（五）2 of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from inventory.catalogue import catalogue
from inventory.intake.placing import free, place
from inventory.model import Estate, Project
from inventory.names import plain_name
from inventory.places import region_of, upwards

PEERS = 5  # fewer say nothing about what is usual
DEAR = 2.0  # times the peers' median cost per user


class Level(StrEnum):
    AGAINST = "against"  # cannot be approved as it stands
    ASK = "ask"  # reviewers should ask
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One aspect of an application; `evidence` are ids of the estate."""

    aspect: str
    level: Level
    zh: str
    en: str
    evidence: tuple[str, ...] = ()


def precheck(estate: Estate, project: Project) -> list[Opinion]:
    """Every aspect, in a fixed order; those without anything to say are `fine`."""
    found: list[Opinion] = []
    for aspect, look in ASPECTS.items():
        opinions = [Opinion(aspect, level, zh, en, evidence) for level, zh, en, evidence in look(estate, project)]
        found += opinions or [Opinion(aspect, Level.FINE, "无意见", "nothing against it")]
    return found


Said = tuple[Level, str, str, tuple[str, ...]]


def _kind(estate: Estate, project: Project) -> Iterator[Said]:
    """Upgrades and operation name a system that exists and stays."""
    if project.classified:
        yield Level.AGAINST, "涉密项目不在此申报", "classified: not applied for here", ()
    if project.kind == "new":
        return
    system = estate.systems.get(project.system or "")
    if system is None:
        yield Level.AGAINST, "升级或运维项目未指明现有系统", f"an application of kind {project.kind} names no system", ()
        return
    ending = [row.id for row in estate.decisions.values() if row.system == system.id and row.decision in ("retire", "merge")]
    if system.status == "retired" or ending:
        yield Level.AGAINST, f"{system.name} 已注销或已决定注销、合并", f"{system.id} is retired, or it was decided that it ends", (system.id, *ending)


def _exists(estate: Estate, project: Project) -> Iterator[Said]:
    """Does a system of the same region or above, or a shared platform, do the job already?"""
    if project.kind != "new":
        return
    job = plain_name(project.purpose)
    regions = set(upwards(estate, region_of(estate, project.unit)))
    doing = [
        system
        for system in estate.systems.values()
        if system.status != "retired" and plain_name(system.purpose or system.name) == job and region_of(estate, system.unit) in regions
    ]
    if doing:
        yield Level.AGAINST, f"已有系统承担该职能：{doing[0].name}", f"{doing[0].id} does this already", tuple(system.id for system in doing)
    below = [s for s in estate.systems.values() if s.status != "retired" and plain_name(s.purpose) == job and region_of(estate, s.unit) not in regions]
    if below:
        yield (
            Level.ASK,
            f"下级有 {len(below)} 个同职能系统，应一并整合",
            f"{len(below)} systems elsewhere do this: shall they be merged into it?",
            tuple(s.id for s in below),
        )
    for platform in estate.platforms.values():
        if plain_name(platform.name) == job:
            yield Level.AGAINST, f"共享平台 {platform.name} 已提供该功能", f"the shared platform {platform.id} does this", (platform.id,)


def _own(_estate: Estate, project: Project) -> Iterator[Said]:
    if project.own_room:
        yield Level.AGAINST, "申请自建机房或自购服务器：应使用政务云", "asks for a machine room or servers of its own: the cloud is to be used", ()
    if project.own_network:
        yield Level.AGAINST, "申请自建网络：应使用电子政务外网", "asks for a network of its own: the extranet is to be used", ()


def _cloud(estate: Estate, project: Project) -> Iterator[Said]:
    """Does what it asks for fit the catalogue and the free capacity of the cloud where it would stand?"""
    if project.kind == "operation":
        return
    if project.mlps_level >= 4:
        yield Level.AGAINST, f"等保 {project.mlps_level} 级系统不上政务云", f"a system of MLPS level {project.mlps_level} does not stand in the cloud", ()
        return
    cloud = place(estate, project)
    if cloud is None:
        yield Level.AGAINST, "没有可用的政务云", "there is no cloud for its unit", ()
        return
    room = free(cloud, project.arch, xinchuang=project.xinchuang)
    if room is None:
        kind = f"{project.arch}{' 信创' if project.xinchuang else ''}"
        yield (
            Level.AGAINST,
            f"{cloud.name} 没有 {kind} 资源池",
            f"{cloud.id} has no {project.arch} pool{' of Xinchuang' if project.xinchuang else ''}",
            (cloud.id,),
        )
        return
    wants = (("vCPU", project.vcpus, room.vcpus), ("GiB", project.memory_gib, room.memory_gib), ("GiB", project.disk_gib, room.disk_gib))
    for what, (unit, want, have) in zip(("核数", "内存", "磁盘"), wants, strict=True):
        if want > have:
            en = {"核数": "processors", "内存": "memory", "磁盘": "disk"}[what]
            yield (
                Level.AGAINST,
                f"{cloud.name} {what}不足：需 {want}，余 {have} {unit}",
                f"{cloud.id} lacks {en}: {want} wanted, {have} {unit} free",
                (cloud.id,),
            )


def _cost(estate: Estate, project: Project) -> Iterator[Said]:
    """Cost per user, against applications of the same kind, or, for operation, against what running systems cost a year."""
    if not project.users:
        yield Level.ASK, "未填用户数，无法比较人均费用", "gives no number of users: its cost cannot be compared", ()
        return
    mine = project.cost_cny / project.users
    if project.kind == "operation":
        peers = {s.id: s.yearly_cost_cny / s.users for s in estate.systems.values() if s.users and s.yearly_cost_cny and s.status == "running"}
    else:
        peers = {p.id: p.cost_cny / p.users for p in estate.projects.values() if p.users and p.kind == project.kind}
    peers.pop(project.id, None)
    peers.pop(project.system or "", None)
    if len(peers) < PEERS:
        yield (
            Level.ASK,
            f"可比对象只有 {len(peers)} 个，人均费用 {mine:,.0f} 元无法比较",
            f"CNY {mine:,.0f} a user: only {len(peers)} others to compare with",
            (),
        )
        return
    usual = median(peers.values())
    if mine > DEAR * usual:
        zh = f"人均费用 {mine:,.0f} 元，为同类中位数 {usual:,.0f} 元的 {mine / usual:.1f} 倍"
        yield Level.ASK, zh, f"CNY {mine:,.0f} a user, {mine / usual:.1f} times the median of its {len(peers)} peers, {usual:,.0f}", ()


def _data(estate: Estate, project: Project) -> Iterator[Said]:
    """What has a source already is taken from there, not collected again."""
    wanted = set(project.elements.split())
    for entry in catalogue(estate):
        if entry.element in wanted and entry.sources:
            source = entry.sources[0]
            yield (
                Level.ASK,
                f"{entry.name} 已有数据源 {source.resource}，应共享而不重复采集",
                f"{entry.element} is held by {source.resource}: share it",
                (source.id,),
            )


def _platforms(estate: Estate, project: Project) -> Iterator[Said]:
    if project.kind == "new" and estate.platforms and not project.platforms:
        yield Level.ASK, "未说明使用哪些共享平台", "names no shared platform that it will use", ()


ASPECTS: dict[str, Callable[[Estate, Project], Iterator[Said]]] = {
    "kind": _kind,
    "exists": _exists,
    "own": _own,
    "cloud": _cloud,
    "cost": _cost,
    "data": _data,
    "platforms": _platforms,
}

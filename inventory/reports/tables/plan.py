"""Tables of the plan: how far its targets are reached, which rows stand in the way, and the projects that were applied for."""

from __future__ import annotations

from inventory.intake.precheck import Level, precheck
from inventory.model import Project
from inventory.progress import progress as measured
from inventory.reports.compute import Tables, computed
from inventory.reports.context import Context
from inventory.reports.model import Source, Table
from inventory.reports.tables.maker import Columns, Maker


def gaps(c: Context, _tables: Tables) -> Table:
    """Each row that a target still waits for."""
    add: Maker[tuple[str, str]] = Maker(c, "gaps", "g_plan")
    add("target", lambda g: g[0], width=40, filter=True)
    add("subject", lambda g: g[1], "mono", 30)
    add("name", lambda g: c.names.get(g[1], ""), width=40)
    rows = [(c.told(one.target.zh, one.target.en), row) for one in measured(c.estate, c.facts.as_of) for row in one.measured.rows]
    return add.table(rows)


def progress(c: Context, tables: Tables) -> Table:
    k = Columns(c)
    rows = []
    for one in measured(c.estate, c.facts.as_of):
        target = one.target
        goal = f"{target.goal:g} {c.said('unit', target.unit)}".strip() if target.goal is not None else c.words["goal_done"]
        rows.append(
            (
                c.told(target.zh, target.en),
                target.section,
                target.year,
                goal,
                one.measured.value,
                c.words[f"target:{one.state}"],
                c.told(one.measured.zh, one.measured.en),
            )
        )
    columns = (
        k.own("target", width=44),
        k.own("section", width=14),
        k.own("year", "code", 8, filter=True),
        k.own("goal", width=12),
        k.own("today", "decimal", 10),
        k.own("reached", width=12, filter=True),
        k.own("how", width=44),
        k.of("gap_count", Source("gaps", match=(("target", "target"),))),
    )
    return computed(tables, "progress", c.words["progress"], columns, rows, c.words["progress_note"], "g_plan")


def projects(c: Context, _tables: Tables) -> Table:
    """With what the pre-check says: the worst level, and every opinion that is not fine."""
    opinions = {project.id: [one for one in precheck(c.estate, project) if one.level is not Level.FINE] for project in c.estate.projects.values()}

    def worst(project: Project) -> str:
        levels = {one.level for one in opinions[project.id]}
        return c.words[f"opinion:{next((level for level in (Level.AGAINST, Level.ASK) if level in levels), Level.FINE)}"]

    add: Maker[Project] = Maker(c, "projects", "g_plan")
    add("id", lambda p: p.id, "mono", 20)
    add("name", lambda p: p.name, width=34)
    add("unit", lambda p: c.unit(p.unit), width=28)
    add("city", lambda p: c.unit_city(p.unit))
    add("year", lambda p: p.year, "code", 8, filter=True)
    add("kind", lambda p: c.words[f"project:{p.kind}"], filter=True)
    add("purpose", lambda p: p.purpose, width=28)
    add("applied_cost", lambda p: p.cost_cny, "money", 16, total=True)
    add("users", lambda p: p.users, "number", 10)
    add("precheck", worst, width=12, filter=True)
    add("opinions", lambda p: "；".join(c.told(one.zh, one.en) for one in opinions[p.id]), width=70)
    add("status", lambda p: c.words[f"project:{p.status}"], filter=True)
    return add.table(c.estate.projects.values())

"""`xiangyun inventory intake`: the yearly project applications, from pre-check to decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import HERE, EstateOpt, JsonOpt, LangOpt, YesOpt, confirm, group, lang_of, load, reported, show_json, state_dir

app = group("Check, review and decide project applications.")
ProjectArg = Annotated[str, typer.Argument(metavar="PROJECT")]


@app.command("list")
def list_(
    year: Annotated[int | None, typer.Option("--year", show_default=False)] = None, estate: EstateOpt = HERE, lang: LangOpt = "zh", as_json: JsonOpt = False
) -> None:
    """List applications with their state and who has yet to sign."""
    from inventory.intake.review import standing
    from ledger import Ledger

    with reported():
        whole, ledger, zh = load(estate), Ledger(state_dir(estate)), lang_of(lang) == "zh"
        rows = [(p, standing(estate, whole, ledger, p)) for p in whole.projects.values() if year in (None, p.year)]
        if as_json:
            show_json([{**project.model_dump(mode="json"), "review": found.state, "missing": found.missing} for project, found in rows])
            return
        for project, found in rows:
            missing = f" {'待' if zh else 'waits for'} {', '.join(found.missing)}" if found.missing and project.status in ("applied", "reviewed") else ""
            typer.echo(f"{project.id} {project.year} {project.name}: {project.status}{missing}")


@app.command()
def check(project: ProjectArg, estate: EstateOpt = HERE, lang: LangOpt = "zh", as_json: JsonOpt = False) -> None:
    """Check an application against the estate.

    Exit code 3 when something speaks against it.
    """
    from dataclasses import asdict

    from inventory.errors import Exit
    from inventory.intake.placing import place
    from inventory.intake.precheck import Level, precheck
    from inventory.intake.review import project_of

    with reported():
        whole, zh = load(estate), lang_of(lang) == "zh"
        wanted = project_of(whole, project)
        opinions, cloud = precheck(whole, wanted), place(whole, wanted)
        if as_json:
            show_json({"project": project, "cloud": cloud.id if cloud else None, "opinions": [asdict(opinion) for opinion in opinions]})
        else:
            for opinion in opinions:
                evidence = f" [{' '.join(opinion.evidence[:3])}{' …' if len(opinion.evidence) > 3 else ''}]" if opinion.evidence else ""
                typer.echo(
                    f"{LEVELS[opinion.level][0 if zh else 1]:<8} {ASPECTS[opinion.aspect][0 if zh else 1]}: {opinion.zh if zh else opinion.en}{evidence}"
                )
        if any(opinion.level is Level.AGAINST for opinion in opinions):
            raise typer.Exit(int(Exit.FOUND))


LEVELS = {"against": ("不符合", "against"), "ask": ("需说明", "ask"), "fine": ("符合", "fine")}
ASPECTS = {
    "kind": ("项目类型", "kind"),
    "exists": ("重复建设", "does it exist"),
    "own": ("自建机房网络", "room and network"),
    "cloud": ("上云资源", "place on the cloud"),
    "cost": ("费用对比", "cost"),
    "data": ("数据采集", "data"),
    "platforms": ("共享平台", "platforms"),
}


@app.command()
def enrol(
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    key: Annotated[Path, typer.Option("--key", help="Where the private key is written.")],
    estate: EstateOpt = HERE,
    as_json: JsonOpt = False,
) -> None:
    """Make ROLE's key pair; the public half stays with the estate."""
    from inventory.intake.review import enrol as enrolled

    with reported():
        file = enrolled(estate, load(estate), role, key)
        if as_json:
            show_json({"role": role, "public_key": str(file), "private_key": str(key)})
            return
        typer.echo(f"{file}: commit it; {key}: keep it, it signs for {role}")


@app.command()
def review(
    project: ProjectArg,
    role: Annotated[str, typer.Option("--role")],
    key: Annotated[Path, typer.Option("--key", help="The role's private key.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse")],
    note: Annotated[str, typer.Option("--note")] = "",
    estate: EstateOpt = HERE,
    as_json: JsonOpt = False,
) -> None:
    """Sign a role's verdict on an application, into the ledger."""
    from inventory.intake.review import project_of, sign, standing
    from ledger import Ledger

    with reported():
        whole, ledger = load(estate), Ledger(state_dir(estate))
        wanted = project_of(whole, project)
        sign(estate, whole, ledger, wanted, role, key, approve=approve, note=note)
        found = standing(estate, whole, ledger, wanted)
        if as_json:
            show_json({"project": project, "role": role, "approve": approve, "state": found.state, "missing": found.missing})
            return
        typer.echo(f"{project}: {role} {'approves' if approve else 'refuses'}; {_waiting(found.missing) or found.state}")


@app.command()
def decide(project: ProjectArg, estate: EstateOpt = HERE, yes: YesOpt = False, as_json: JsonOpt = False) -> None:
    """Carry out what the joint review says.

    A new system gets its place on a cloud. Exit code 4 while a role has yet to sign.
    """
    from dataclasses import asdict

    from inventory.errors import Exit
    from inventory.intake.review import decide as decided
    from inventory.intake.review import project_of, standing
    from ledger import Ledger

    with reported():
        whole, ledger = load(estate), Ledger(state_dir(estate))
        wanted = project_of(whole, project)
        found = standing(estate, whole, ledger, wanted)
        if found.state != "waiting":
            confirm(f"{project} is {found.state}: carry it out?", yes)
            found = decided(estate, whole, ledger, wanted)
        if as_json:
            show_json({"project": project, "state": found.state, "missing": found.missing, "verdicts": [asdict(verdict) for verdict in found.verdicts]})
        else:
            typer.echo(f"{project}: {_waiting(found.missing) if found.state == 'waiting' else found.state}")
        if found.state == "waiting":
            raise typer.Exit(int(Exit.WAITING))


def _waiting(missing: tuple[str, ...]) -> str:
    return f"waits for {', '.join(missing)}" if missing else ""

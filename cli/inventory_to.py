"""`xiangyun inventory to`: the estate in the forms of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import HERE, EstateOpt, ScopeOpt, reported

FORMS = ("ansible", "ssh", "known-hosts", "prometheus", "clouds", "netbox")


def to(
    form: Annotated[str, typer.Argument(metavar="FORM", help=f"{', '.join(FORMS)}.")],
    out: Annotated[Path | None, typer.Option("--out", help="A file to write, for netbox a folder; printed when left out.", show_default=False)] = None,
    estate: EstateOpt = HERE,
    scope: ScopeOpt = None,
) -> None:
    """Give the estate to Ansible, OpenSSH, Prometheus, and others.

    ansible: a dynamic inventory; ssh: a file for `ssh -F`; known-hosts: the hosts' keys; prometheus: file_sd targets; clouds: clouds.yaml without secrets;
    netbox: CSVs for its bulk import.
    """
    import json

    from inventory.errors import InputError
    from inventory.feeds import ansible, netbox, openstack, prometheus, ssh
    from inventory.feeds.load import loaded

    with reported():
        if form not in FORMS:
            raise InputError(f"no form {form}: known are {', '.join(FORMS)}")
        chosen, access = loaded(estate, scope)
        if form == "netbox":
            if out is None:
                raise InputError("netbox has several files: give a folder with --out")
            _write_all(out, netbox.forms(chosen))
            return
        text = {
            "ansible": lambda: json.dumps(ansible.as_ansible(chosen, access), ensure_ascii=False, indent=1, default=str) + "\n",
            "ssh": lambda: ssh.ssh_config(chosen, access),
            "known-hosts": lambda: ssh.known_hosts(chosen, access),
            "prometheus": lambda: json.dumps(prometheus.targets(chosen, access), ensure_ascii=False, indent=1) + "\n",
            "clouds": lambda: openstack.clouds_yaml(chosen, estate.resolve() / ".xiangyun"),
        }[form]()
        if out is None:
            typer.echo(text, nl=False)
        else:
            _write_all(out.parent, {out.name: text})


def _write_all(folder: Path, files: dict[str, str]) -> None:
    from cli.common import writable

    writable(folder)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
        typer.echo(f"{folder / name}", err=True)

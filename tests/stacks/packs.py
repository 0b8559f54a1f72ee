"""Policy packs in Python, made where a test wants them: the same folder for the embedded engine and for the CLI."""

from __future__ import annotations

from pathlib import Path

HEAD = """
from pulumi_policy import *
from rules import LIMIT

def small(args, report_violation):
    if args.resource_type == "mem:index:Thing" and args.props.get("size", 0) > args.get_config().get("limit", LIMIT):
        report_violation(f"{args.name} is too big")

def shrink(args):
    if args.resource_type == "mem:index:Thing" and args.props["size"] > LIMIT:
        return {**args.props, "size": LIMIT}

def few(args, report_violation):
    things = [r for r in args.resources if r.resource_type == "mem:index:Thing"]
    if len(things) > 2:
        report_violation("too many: " + ", ".join(sorted(f"{r.name} {r.props['arn']}" for r in things)), things[0].urn)
"""
SCHEMA = 'PolicyConfigSchema({"limit": {"type": "number", "default": 5}})'
VALIDATE = f'ResourceValidationPolicy("small", "Things are small.", small, config_schema={SCHEMA})'


def pack(folder: Path, policies: str = VALIDATE, level: str = "MANDATORY", head: str = HEAD, more: str = "") -> Path:
    """A pack named as its folder, of version 1.2.3; `more` are further arguments of its `PolicyPack`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.2.3\n")
    (folder / "rules.py").write_text("LIMIT = 5\n")
    (folder / "__main__.py").write_text(f'{head}\nPolicyPack("{folder.name}", [{policies}], EnforcementLevel.{level}{more})\n')
    return folder

"""Policy packs: what policies see, what they change, and what they stop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi import Alias, CustomTimeouts, Output, ResourceOptions

from tests.stacks.memory import Group, MemProvider, Thing
from tests.stacks.packs import pack
from tests.stacks.sidebyside import Run

HOUSE: dict[str, Any] = {"policy_packs": ["house"]}
SMALL = 'ResourceValidationPolicy("small", "Things are small.", small)'
SHRINK = 'ResourceValidationPolicy("shrink", "Things are made small.", remediate=shrink, enforcement_level=EnforcementLevel.REMEDIATE)'
IMPORT = "from pulumi_policy import *\n"


def _configured(run: Run, config: Any) -> dict[str, Any]:
    """The options for the pack with this configuration."""
    (run.folder / "config.json").write_text(json.dumps(config), "utf-8")
    return HOUSE | {"policy_pack_configs": ["config.json"]}


def _chain(state: dict[str, Any]) -> Callable[[], None]:
    def program() -> None:
        a = Thing("a", size=state.get("a", 1))
        b = Thing("b", after=a.arn, size=state.get("b", 1))
        c = Thing("c", after=b.arn)
        if state.get("d"):
            Thing("d", after=c.arn)
        pulumi.export("size", b.size)  # type: ignore[attr-defined]

    return program


def policy_in_the_middle_of_an_update(run: Run) -> None:
    pack(run.folder / "house", SMALL)
    run.preview(_chain({"b": 9}), **HOUSE)
    run.up(_chain({"b": 9}), **HOUSE)
    run.up(_chain({"d": True}), **HOUSE)
    run.preview(_chain({"a": 2, "b": 9}), **HOUSE)
    run.up(_chain({"a": 2, "b": 9}), **HOUSE)
    run.up(_chain({"a": 2, "b": 4}), **HOUSE)


def policy_and_going_on(run: Run) -> None:
    """The violation is the only thing there is to do, and then something comes that needs nothing of it."""
    pack(run.folder / "house", SMALL)
    run.up(_chain({}), **HOUSE)
    run.up(_chain({"b": 9}), continue_on_error=True, **HOUSE)


def policy_levels(run: Run) -> None:
    levels = ("MANDATORY", "ADVISORY", "DISABLED", "REMEDIATE")
    policies = [f'ResourceValidationPolicy("{level.lower()}", "{level}.", small, enforcement_level=EnforcementLevel.{level})' for level in levels]
    pack(run.folder / "house", ", ".join([*policies, SMALL]), "ADVISORY")
    pack(run.folder / "milder", ", ".join([policies[1], policies[2], SMALL]), "ADVISORY")
    run.preview(lambda: Thing("a", size=9), **HOUSE)
    run.up(lambda: Thing("a", size=9), **HOUSE)
    run.up(lambda: Thing("a", size=9), policy_packs=["milder"])


def policy_of_the_stack(run: Run) -> None:
    head = f"""{IMPORT}
def few(args, report_violation):
    things = [r for r in args.resources if r.resource_type == "mem:index:Thing"]
    if len(things) > 2:
        report_violation(", ".join(sorted(f"{{r.name}} {{r.props['arn']}}" for r in things)))
        report_violation("this one", things[0].urn[:-1] + "a")
        report_violation("nobody", things[0].urn + "-unknown")
"""
    for level in ("ADVISORY", "MANDATORY", "REMEDIATE"):
        pack(run.folder / level.lower(), 'StackValidationPolicy("few", "Few things.", few)', level, head)

    def program(*names: str) -> Callable[[], None]:
        def things() -> None:
            for name in names:
                Thing(name)
            pulumi.export("number", len(names))

        return things

    run.preview(program("a", "b", "c"), policy_packs=["mandatory"])
    run.up(program("a", "b", "c"), policy_packs=["advisory"])
    run.up(program("a", "b", "d", "e"), policy_packs=["mandatory"])
    run.up(program("a", "b", "d"), policy_packs=["remediate"])
    run.up(program("a", "b"), policy_packs=["mandatory"])


def policy_configuration(run: Run) -> None:
    schema = 'PolicyConfigSchema({"limit": {"type": "number", "default": 5}, "word": {"type": "string", "enum": ["too", "very"], "default": "too"}})'
    head = f"""{IMPORT}
def small(args, report_violation):
    config = args.get_config()
    if args.resource_type == "mem:index:Thing" and args.props["size"] > config["limit"]:
        report_violation(f"{{args.name}} is {{config['word']}} big: {{sorted(config.items())}}")
def plain(args, report_violation):
    if args.resource_type == "mem:index:Thing":
        report_violation(f"a thing: {{sorted(args.get_config().items())}}")
"""
    policies = f'ResourceValidationPolicy("small", "Things are small.", small, config_schema={schema}), ResourceValidationPolicy("plain", "No things.", plain)'
    pack(run.folder / "house", policies, head=head)

    def program() -> None:
        Thing("a", size=9)

    configurations: tuple[Any, ...] = (
        {},
        {"small": {"limit": 8, "word": "very"}, "plain": "disabled"},
        {"small": {"enforcementLevel": "mandatory"}, "plain": {"more": [1, {"x": "y"}]}},
        {"all": "advisory", "small": "mandatory"},
        {"all": {"enforcementLevel": "disabled"}, "plain": {"enforcementLevel": "advisory"}},
        {"small": {"limit": "five"}},
        {"small": {"word": "rather"}},
        {"small": "strict"},
        {"smal": "mandatory"},
        [],
    )
    for config in configurations:
        run.preview(program, **_configured(run, config))


def policy_initial_configuration(run: Run) -> None:
    """A pack's own `all`, and settings without a level."""
    schema = 'PolicyConfigSchema({"limit": {"type": "number", "default": 5}})'
    policies = ", ".join(f'ResourceValidationPolicy("{name}", "Things are small.", small, config_schema={schema})' for name in ("first", "second"))
    initial = '{"all": EnforcementLevel.ADVISORY, "second": EnforcementLevel.MANDATORY}'
    pack(run.folder / "house", policies, "MANDATORY", more=f", initial_config={initial}")
    pack(run.folder / "settings", policies, "MANDATORY", more=', initial_config={"first": {"limit": 8}}')
    run.preview(lambda: Thing("a", size=9), **HOUSE)
    run.preview(lambda: Thing("a", size=9), policy_packs=["settings"])


def policy_packs_together(run: Run) -> None:
    """Both change the inputs (the CLI in whatever order), then both are heard about what came of that."""
    head = f"""{IMPORT}
def mark(args):
    if args.resource_type == "mem:index:Thing":
        return {{**args.props, NAME: True}}
def small(args, report_violation):
    if args.resource_type == "mem:index:Thing" and (NAME != "second" or args.props["size"] > 5):
        report_violation(f"{{args.props['first']}} {{args.props['second']}} {{args.props['size']}}")
"""
    mark = 'ResourceValidationPolicy("mark", "Marked.", remediate=mark, enforcement_level=EnforcementLevel.REMEDIATE)'
    for name, level in (("first", "ADVISORY"), ("second", "MANDATORY")):
        pack(run.folder / name, f"{mark}, {SMALL}", level, f"{head}NAME = '{name}'\n")
    run.preview(lambda: Thing("a", size=9), policy_packs=["first", "second"])
    run.up(lambda: Thing("a", size=2), policy_packs=["first", "second"])
    run.up(lambda: Thing("a", size=2), policy_packs=["first", "second"])


def policy_remediation(run: Run) -> None:
    """The inputs are changed, the next run has nothing to do; without the pack the program's own come back."""
    head = f"""{IMPORT}
def mend(args):
    if args.resource_type == "mem:index:Thing" and args.props.get("size", 0) > 5:
        kept = {{key: value for key, value in args.props.items() if key != "word"}}
        return {{**kept, "size": 5, "tags": {{"by": "policy", "deep": [1, None, {{"x": True}}]}}}}
"""
    pack(run.folder / "house", 'ResourceValidationPolicy("mend", "Mended.", remediate=mend)', "REMEDIATE", head)

    def program() -> None:
        a = Thing("a", size=9, word="w")
        Thing("b", after=a.size)  # type: ignore[attr-defined]
        pulumi.export("size", a.size)  # type: ignore[attr-defined]

    run.preview(program, **HOUSE)
    run.up(program, **HOUSE)
    run.up(program, **HOUSE)
    run.preview(program)
    run.up(program)
    run.up(program, **HOUSE)


def policy_remediation_takes_a_default_away(run: Run) -> None:
    """What the provider's check had put there."""
    head = f"""{IMPORT}
def bare(args):
    if args.resource_type == "mem:index:Thing":
        return {{key: value for key, value in args.props.items() if key != "size"}}
"""
    pack(run.folder / "house", 'ResourceValidationPolicy("bare", "No sizes.", remediate=bare)', "REMEDIATE", head)
    run.up(lambda: Thing("a", word="w"), **HOUSE)
    run.up(lambda: Thing("a", word="w"), **HOUSE)


def policy_remediation_replaces(run: Run) -> None:
    head = f"""{IMPORT}
def kind(args):
    if args.resource_type == "mem:index:Thing" and args.name == "a":
        return {{**args.props, "kind": "allowed"}}
"""
    pack(run.folder / "house", 'ResourceValidationPolicy("kind", "Kinds.", remediate=kind)', "REMEDIATE", head)

    def program() -> None:
        a = Thing("a", kind="k")
        Thing("b", after=a.arn)

    run.up(program)
    run.preview(program, **HOUSE)
    run.up(program, **HOUSE)


def policy_remediation_of_a_secret(run: Run) -> None:
    head = f"""{IMPORT}
from pulumi_policy import Secret
def copy(args):
    if args.resource_type == "mem:index:Thing" and args.name == "a":
        return {{**args.props, "size": 5}}
def set_(args):
    if args.resource_type == "mem:index:Thing" and args.name == "b":
        args.props["size"] = 5
        args.props["word"] = "other"
        return args.props
def secret(args):
    if args.resource_type == "mem:index:Thing" and args.name == "c":
        return {{**args.props, "word": Secret("third"), "more": Secret({{"x": 1}})}}
"""
    policies = [f'ResourceValidationPolicy("{name}", "{name}.", remediate={name})' for name in ("copy", "set_", "secret")]
    pack(run.folder / "house", ", ".join(policies), "REMEDIATE", head)

    def program() -> None:
        for name in ("a", "b", "c"):
            Thing(name, size=9, word=Output.secret("hunter2"), map={"inner": Output.secret("hunter3"), "plain": 1})

    run.up(program, **HOUSE)
    run.up(program, **HOUSE)


def policy_and_what_is_not_known_yet(run: Run) -> None:
    """`b`'s size is not known in the preview of its creation, and the stack policy asks for what is not."""
    head = f"""{IMPORT}
def small(args, report_violation):
    if args.resource_type == "mem:index:Thing":
        report_violation(f"{{args.name}}: {{args.props['size']}}")
def deep(args, report_violation):
    if args.resource_type == "mem:index:Thing" and "map" in args.props:
        report_violation(f"{{args.name}}: {{args.props['map']['list'][0]}}")
def first(args):
    if args.resource_type == "mem:index:Thing" and args.name == "b":
        return {{**args.props, "seen": str(type(args.props["size"]))}}
def every(args, report_violation):
    for resource in args.resources:
        if resource.resource_type == "mem:index:Thing":
            report_violation(f"{{resource.name}} {{resource.props['arn']}} {{resource.props['rev']}}", resource.urn)
"""
    policies = [
        'ResourceValidationPolicy("small", "Small.", small)',
        'ResourceValidationPolicy("deep", "Deep.", deep)',
        'ResourceValidationPolicy("first", "First.", remediate=first, enforcement_level=EnforcementLevel.REMEDIATE)',
        'StackValidationPolicy("every", "Everything.", every)',
    ]
    pack(run.folder / "house", ", ".join(policies), "ADVISORY", head)

    def program() -> None:
        a = Thing("a")
        Thing("b", size=a.rev)
        Thing("c", map={"list": [a.rev]})

    run.preview(program, **HOUSE)
    run.up(program, **HOUSE)
    run.preview(program, **HOUSE)


def policy_raises(run: Run) -> None:
    head = f"""{IMPORT}
def wrong(args, *_):
    if args.resource_type == "mem:index:Thing" and args.name == "b":
        1 / 0
def stack(args, report_violation):
    raise ValueError("no")
"""
    pack(run.folder / "house", 'ResourceValidationPolicy("wrong", "Wrong.", wrong)', "ADVISORY", head)
    pack(run.folder / "remediation", 'ResourceValidationPolicy("wrong", "Wrong.", remediate=wrong)', "REMEDIATE", head)
    pack(run.folder / "stack", 'StackValidationPolicy("stack", "Stack.", stack)', "ADVISORY", head)
    for name in ("house", "remediation", "stack"):
        run.preview(_chain({}), policy_packs=[name])
        run.up(_chain({}), policy_packs=[name])


def policy_pack_that_is_none(run: Run) -> None:
    folder = pack(run.folder / "house", head="import nowhere")
    run.preview(_chain({}), **HOUSE)
    (folder / "PulumiPolicy.yaml").unlink()
    run.preview(_chain({}), **HOUSE)


def policy_sees(run: Run) -> None:
    """Every kind of resource, its options, its provider, and what a policy knows of the stack."""
    head = f"""{IMPORT}
import pulumi
def told(value):
    if isinstance(value, list) or hasattr(value, "__len__") and not hasattr(value, "items") and not isinstance(value, str):
        return [told(item) for item in value]
    return {{key: told(item) for key, item in sorted(value.items())}} if hasattr(value, "items") else value
def see(args, report_violation):
    o, t = args.opts, args.opts.custom_timeouts
    options = [o.protect, list(o.ignore_changes), o.delete_before_replace, list(o.aliases), list(o.additional_secret_outputs), o.parent]
    provider = args.provider and [args.provider.resource_type, args.provider.name, told(args.provider.props)]
    report_violation(f"{{told(args.props)}} {{options}} {{[t.create_seconds, t.update_seconds, t.delete_seconds]}} {{provider}}")
    if args.resource_type == "pulumi:pulumi:Stack":
        where = [pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()]
        report_violation(f"{{where}} {{pulumi.Config('p').get('greeting')}} {{dict(args.stack_tags)}} {{args.get_config()}}")
def see_all(args, report_violation):
    for r in sorted(args.resources, key=lambda r: r.urn):
        needs = [sorted(d.name for d in r.dependencies), {{key: sorted(d.name for d in found) for key, found in r.property_dependencies.items()}}]
        options = [r.parent and r.parent.name, r.opts.protect, r.opts.delete_before_replace, r.provider and r.provider.name]
        report_violation(f"{{told(r.props)}} {{needs}} {{options}}", r.urn)
"""
    pack(run.folder / "house", 'ResourceValidationPolicy("see", "-", see), StackValidationPolicy("see-all", "-", see_all)', "ADVISORY", head)
    run.config = {"p:greeting": "hello", "mem:region": "south"}
    run.secrets = {"p:password": "hunter2"}
    state: dict[str, Any] = {"size": 1, "name": "older"}

    def program() -> None:
        own = MemProvider("own", region="north")
        a = Thing("a", ResourceOptions(provider=own, protect=False, delete_before_replace=True, custom_timeouts=CustomTimeouts("5m", "1s")), size=state["size"])
        Group("g", 1)
        more = ResourceOptions(
            ignore_changes=["tags"], aliases=[Alias(name="older")], additional_secret_outputs=["arn"], depends_on=[a], delete_before_replace=False
        )
        Thing(state["name"], more, after=a.arn, word=Output.secret("w"), tags={"x": [1, None, True]})
        pulumi.export("word", Output.secret("w"))

    run.up(program, **HOUSE)
    state.update({"size": 2, "name": "b"})
    run.preview(program, **HOUSE)


def policy_and_a_failed_check(run: Run) -> None:
    pack(run.folder / "house", SMALL)
    run.world.fail["check", "b"] = "is too big"
    run.preview(_chain({"b": 9}), **HOUSE)
    run.up(_chain({"b": 9}), **HOUSE)


def policy_and_targets(run: Run) -> None:
    """What is no target is judged or not."""
    pack(run.folder / "house", SMALL)
    run.up(_chain({}))
    run.preview(_chain({"a": 2, "b": 9}), target=[run.urn("a")], **HOUSE)
    run.up(_chain({"a": 2, "b": 9}), target=[run.urn("a")], **HOUSE)


def policy_and_an_import(run: Run) -> None:
    pack(run.folder / "house", f"{SMALL}, {SHRINK}")
    run.up(lambda: Thing("a", ResourceOptions(retain_on_delete=True), size=9))
    run.destroy()

    def program() -> None:
        Thing("a", ResourceOptions(import_="a-1"), size=9)

    run.preview(program, **HOUSE)
    run.up(program, **HOUSE)
    run.up(program, **HOUSE)


def policy_and_a_plan(run: Run) -> None:
    """A plan made under a pack is carried out under it."""
    pack(run.folder / "house", SHRINK)
    run.preview(_chain({"b": 9}), plan="approved", **HOUSE)
    run.up(_chain({"b": 9}), plan="approved", **HOUSE)
    run.up(_chain({"b": 9}), **HOUSE)

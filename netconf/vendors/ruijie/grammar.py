"""RGOS' configuration language, as far as the basic tier needs it. It follows Cisco's."""

from __future__ import annotations

from netconf.tree.grammar import Grammar, Symbol

RGOS = Grammar(
    name="ruijie_rgos",
    negation="no",
    closers=frozenset({"exit", "end"}),
    comments=("!",),
    ignored=r"(version|Building configuration|Current configuration).*",
    opens=r"^interface [^›]*$",
    singletons=(r"^hostname ", r"› description ", r"› mtu "),
    conflicts=(Symbol(r"^interface ([^›]+) › ip(?:v6)? address ", r"address of \1"),),
    undo_as=((r"description .*", "no description"),),
    section_exit="exit",
)

"""ZXROS' configuration language, as far as the basic tier needs it. Source: ntc-templates' outputs of zte_zxros."""

from __future__ import annotations

from netconf.tree.grammar import Grammar, Symbol

ZXROS = Grammar(
    name="zte_zxros",
    negation="no",
    closers=frozenset({"$", "exit", "end"}),
    comments=("!",),
    ignored=r"(version|Building configuration|Current configuration).*",
    opens=r"^interface [^›]*$",
    singletons=(r"^hostname ", r"› description ", r"› mtu "),
    conflicts=(Symbol(r"^interface ([^›]+) › ip(?:v6)? address ", r"address of \1"),),
    undo_as=((r"description .*", "no description"),),
    section_exit="exit",
)

"""FRR's configuration language: what defines, uses, replaces and wipes what. Source: FRR user guide; behaviour measured on 10.7.1."""

from __future__ import annotations

from netconf.tree.grammar import Grammar, Symbol

FRR = Grammar(
    name="frr",
    negation="no",
    closers=frozenset({"exit", "exit-address-family", "exit-vrf", "exit-route-map", "end"}),
    comments=("!", "#", "Building configuration", "Current configuration"),
    ignored=r"frr (version|defaults) .*|log .*|line vty",
    containers=r"^interface [^›]+$|^segment-routing( › srv6( › (encapsulation|locators))?)?$|› address-family [^›]+$",
    opens=r"^(interface|router|vrf|segment-routing|route-map)\b[^›]*$"
    r"|› (srv6|encapsulation|locators|locators › locator \S+|segment-routing srv6|address-family [^›]+)$",
    singletons=(
        r"^hostname ",
        r"› description ",
        r"› isis (metric|hello-interval|hello-multiplier|circuit-type|network) ",
        r"› (is-type|lsp-timers|spf-delay-ietf) ",
        r"› bgp router-id ",
        r"^router bgp .*/ neighbor \S+ (description|update-source) ",
        r"› source-address ",
        r"› locator \S+ › (prefix|behavior|format) ",
    ),
    conflicts=(
        Symbol(r"^interface (\S+) › ipv6 address ", r"address of \1"),
        Symbol(r"› net ", "net"),
        Symbol(r"^(router bgp [^›]+)/ address-family (\S+ \S+) › sid export ", r"sid \2"),
        Symbol(r"^ipv6 route (\S+) ", r"route \1"),
        Symbol(r"› sid vpn per-vrf export ", "vrf sid"),
    ),
    guards=(
        Symbol(r"^route-map (\S+ permit \d+) › match ", r"match of route-map \1"),
        Symbol(r"^(router bgp [^›]+) › .*(neighbor \S+) (?:prefix-list|route-map) \S+ (in|out)$", r"filter \3 of \2"),
    ),
    wipes=(
        Symbol(r"^router bgp [^›]+/ (neighbor \S+ )remote-as \d+$", r"\1"),
        Symbol(r"^interface [^›]+ › ipv6 router isis \S+$", "isis "),
    ),
    undo_as=((r"description .*", "no description"),),
    defines=(
        Symbol(r"› locators › locator (\S+)$", r"locator \1"),
        Symbol(r"^router isis (\S+)$", r"isis \1"),
        Symbol(r"^interface (\S+) › ipv6 router isis ", r"isis on interface \1"),
        Symbol(r"^(router bgp [^›]+) › (neighbor \S+) remote-as ", r"\1 \2"),
        Symbol(r"^ipv6 prefix-list (\S+) ", r"prefix-list \1"),
        Symbol(r"^route-map (\S+) ", r"route-map \1"),
        Symbol(r"^vrf (\S+)$", r"vrf \1"),
    ),
    uses=(
        Symbol(r"^router bgp \d+ vrf (\S+)$", r"vrf \1"),
        Symbol(r"^router (?:isis|bgp) [^›]+ › segment-routing srv6 › locator (\S+)$", r"locator \1"),
        Symbol(r"› ipv6 router isis (\S+)$", r"isis \1"),
        Symbol(r"^interface (\S+) › isis ", r"isis on interface \1"),
        Symbol(r"^(router bgp [^›]+) › .*?(neighbor \S+) (?!remote-as)", r"\1 \2"),
        Symbol(r" prefix-list (\S+)(?: in| out)?$", r"prefix-list \1"),
        Symbol(r"› .* route-map (\S+)(?: in| out)?$", r"route-map \1"),
    ),
    rewrite=((r"^(interface \S+) vrf \S+$", r"\1"),),
)

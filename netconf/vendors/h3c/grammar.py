"""Comware 7's configuration language. Source: H3C command references (CR16000-F, MSR5680-X3); undo forms: annet#613, #618, #624.

A route-policy or a packet filter that names what does not exist matches everything (annet#623), which is why definitions come before uses.
"""

from __future__ import annotations

from netconf.tree.grammar import Grammar, Symbol

COMWARE = Grammar(
    name="h3c_comware",
    negation="undo",
    closers=frozenset({"return", "quit"}),
    comments=("#",),
    separator="#",
    blocks=((r"^ *header (?:incoming|legal|login|motd|shell) %(.*)", "%"),),
    # Comware prints its version, the roles that it comes with, and that a router's port is a routed one.
    ignored=r"version \d.*|role name level-\d+|description Predefined level-\d+ role",
    defaults=frozenset({"port link-mode route"}),
    margin=True,
    section_exit="quit",
    containers=r"^interface (GigabitEthernet|Ten-GigabitEthernet|FortyGigE|HundredGigE|M-GigabitEthernet|InLoopBack|NULL)[^›]*$"
    r"|^line [^›]+$|› address-family [^›]+$",
    opens=r"^(interface|bgp|isis|ospfv?3?|acl|route-policy|ip vpn-instance|segment-routing ipv6|traffic (classifier|behavior)|qos policy|line)\b[^›]*$"
    r"|^segment-routing ipv6 › locator [^›]+$|› address-family [^›]+$",
    singletons=(
        r"^sysname ",
        r"› description ",
        r"› (mtu|isis cost|isis ipv6 cost) ",
        r"› router-id ",
        r"^router id ",
        r"› is-level ",
        r"› cost-style ",
        r"› if-match (ip address prefix-list|ipv6 address prefix-list|ip address acl|community) ",
    ),
    conflicts=(
        Symbol(r"^interface (\S+) › ip address \S+ \S+$", r"address of \1"),
        Symbol(r"^interface (\S+) › ip binding vpn-instance ", r"binding of \1"),
        Symbol(r"^isis (\d+) › network-entity ", r"net of \1"),
        Symbol(r"^(bgp \d+ › .*?)peer (\S+) as-number ", r"\1peer \2"),
    ),
    guards=(
        Symbol(r"^route-policy (\S+ permit node \d+) › if-match ", r"if-match of route-policy \1"),
        Symbol(r"^interface (\S+) › packet-filter .* (inbound|outbound)$", r"packet-filter \2 on \1"),
    ),
    wipes=(
        Symbol(r"^bgp \d+ › (?:.* › )?(peer \S+ )as-number \S+$", r"\1"),
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ip address "),
    ),
    wipes_when_set=(
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ip address "),
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ipv6 address "),
    ),
    undo_as=((r"description .*", "undo description"), (r"sysname .*", "undo sysname"), (r"(peer \S+) description .*", r"undo \1 description")),
    defines=(
        Symbol(r"^acl (?:ipv6 )?(?:basic |advanced |number |name )*(\S+)", r"acl \1"),
        Symbol(r"^ip(?:v6)? prefix-list (\S+) ", r"prefix list \1"),
        Symbol(r"^ip community-list (?:basic |advanced )?(\S+) ", r"community list \1"),
        Symbol(r"^route-policy (\S+) ", r"route-policy \1"),
        Symbol(r"^ip vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r"^segment-routing ipv6 › locator (\S+) ", r"locator \1"),
        Symbol(r"^traffic (classifier|behavior) (\S+)", r"traffic \1 \2"),
        Symbol(r"^qos policy (\S+)", r"qos policy \1"),
        Symbol(r"^isis (\d+)(?: vpn-instance \S+)?$", r"isis \1"),
        Symbol(r"^(bgp \d+) › (peer \S+) as-number ", r"\1 \2"),
    ),
    uses=(
        Symbol(r" packet-filter (?:ipv6 )?(?:name )?(\S+) ", r"acl \1"),
        Symbol(r" if-match (?:ipv6 )?acl (?:ipv6 )?(?:name )?(\S+)", r"acl \1"),
        Symbol(r" if-match ip(?:v6)? .*prefix-list (\S+)", r"prefix list \1"),
        Symbol(r" if-match community (?:name )?(\S+)", r"community list \1"),
        Symbol(r"› .*route-policy (\S+)(?: import| export)?$", r"route-policy \1"),
        Symbol(r" ip binding vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r"^bgp \d+ › ip vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r" opcode .* vpn-instance (\S+)", r"vpn-instance \1"),
        Symbol(r" segment-routing ipv6 locator (\S+)", r"locator \1"),
        Symbol(r"› classifier (\S+) behavior ", r"traffic classifier \1"),
        Symbol(r"› classifier \S+ behavior (\S+)", r"traffic behavior \1"),
        Symbol(r" qos apply policy (\S+) ", r"qos policy \1"),
        Symbol(r" isis (?:ipv6 )?enable (\d+)$", r"isis \1"),
        Symbol(r"^(bgp \d+) › .*?(peer \S+) (?!as-number)", r"\1 \2"),
    ),
)

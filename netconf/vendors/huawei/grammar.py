"""VRPv8's configuration language. Source: NetEngine command reference; what an undo wipes: annet#566, annet#227 (checked on hardware there)."""

from __future__ import annotations

from netconf.tree.grammar import Grammar, Symbol

VRP = Grammar(
    name="huawei_vrp",
    negation="undo",
    closers=frozenset({"return", "quit"}),
    comments=("#", "!"),
    separator="#",
    margin=True,
    # An interface is up, synchronization is off and VPN routes are taken by their targets (NetEngine command reference, each by default), and VRP prints so.
    # Undoing such a line, because no intent has it, would shut the interface. The others it hides: "display current-configuration" does "not display
    # parameters that use default settings", though examples of the NE40E guide show `isis cost 10`; a router is level-1-2, a terminal idles for 10 minutes.
    defaults=frozenset({"undo shutdown", "undo synchronization", "policy vpn-target", "isis ipv6 cost 10", "is-level level-1-2", "idle-timeout 10 0"}),
    section_exit="quit",
    blocks=((r'^ *header (?:login|shell) information "(.*)', '"'),),
    containers=r"^interface (GigabitEthernet|10GE|25GE|40GE|50GE|100GE|200GE|400GE|Ethernet|NULL)[^›]*$"
    r"|^(aaa|user-interface [^›]+|bgp \d+ › ip\S+-family [^›]+)$",
    opens=r"^(interface|bgp|isis|ospfv?3?|acl|route-policy|ip vpn-instance|segment-routing ipv6|aaa|user-interface)\b[^›]*$"
    r"|^traffic (classifier|behavior|policy) [^›]*$"
    r"|^segment-routing ipv6 › locator [^›]+$|^bgp \d+ › \S+-family [^›]+$",
    singletons=(
        r"^sysname ",
        r"^ip ip(?:v6)?-prefix \S+ index \d+ ",  # an index that is typed again is overwritten
        r"› description ",
        r"› (mtu|isis cost|isis ipv6 cost) ",
        r"› router-id ",
        r"^router id ",
        r"› is-level ",
        r"› cost-style ",
        r"› if-match (ip-prefix|acl|community-filter) ",
    ),
    conflicts=(
        Symbol(r"^interface (\S+) › ip address \S+ \S+$", r"address of \1"),
        Symbol(r"^interface (\S+) › ip binding vpn-instance ", r"binding of \1"),
        Symbol(r"^isis (\d+) › network-entity ", r"net of \1"),
        Symbol(r"^(bgp \d+ › .*?)peer (\S+) as-number ", r"\1peer \2"),
    ),
    guards=(
        Symbol(r"^route-policy (\S+ permit node \d+) › if-match ", r"if-match of route-policy \1"),
        Symbol(r"^interface (\S+) › traffic-filter (\S+) ", r"traffic-filter \2 on \1"),  # VRP5
        Symbol(r"^interface (\S+) › traffic-policy \S+ ((?:in|out)bound)", r"traffic-policy \2 on \1"),
    ),
    wipes=(
        Symbol(r"^bgp \d+ › (?:.* › )?(peer \S+ )as-number \S+$", r"\1"),
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ip address "),
    ),
    wipes_when_set=(
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ip address "),
        Symbol(r"^interface [^›]+ › ip binding vpn-instance \S+$", "ipv6 address "),
    ),
    undo_as=(
        (r"description .*", "undo description"),
        (r"sysname .*", "undo sysname"),
        (r"(peer \S+) description .*", r"undo \1 description"),
        (r"bgp \d+", "undo bgp"),
        (r"(is-level|idle-timeout) .*", r"undo \1"),
    ),
    defines=(
        Symbol(r"^acl (?:ipv6 )?(?:number |name )?(\S+)", r"acl \1"),
        Symbol(r"^ip ip(?:v6)?-prefix (\S+) ", r"prefix list \1"),
        Symbol(r"^ip community-filter (?:basic |advanced )?(\S+) ", r"community filter \1"),
        Symbol(r"^route-policy (\S+) ", r"route-policy \1"),
        Symbol(r"^ip vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r"^segment-routing ipv6 › locator (\S+) ", r"locator \1"),
        Symbol(r"^traffic (classifier|behavior|policy) (\S+)", r"traffic \1 \2"),
        Symbol(r"^isis (\d+)(?: vpn-instance \S+)?$", r"isis \1"),
        Symbol(r"^(bgp \d+) › (peer \S+) as-number ", r"\1 \2"),
    ),
    uses=(
        Symbol(r" traffic-filter \S+ acl (?:ipv6 )?(?:name )?(\S+)", r"acl \1"),
        Symbol(r" if-match (?:ipv6 )?acl (?:name )?(\S+)", r"acl \1"),
        Symbol(r" if-match ip(?:v6)?(?: address)?[ -](?:ip(?:v6)?-)?prefix(?:-list)? (\S+)", r"prefix list \1"),
        Symbol(r" if-match community-filter (\S+)", r"community filter \1"),
        Symbol(r"› .*route-policy (\S+)(?: import| export)?$", r"route-policy \1"),
        Symbol(r" ip binding vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r"-family vpn-instance (\S+)$", r"vpn-instance \1"),
        Symbol(r" opcode .* vpn-instance (\S+)", r"vpn-instance \1"),
        Symbol(r" segment-routing ipv6 locator (\S+)", r"locator \1"),
        Symbol(r"› classifier (\S+) behavior ", r"traffic classifier \1"),
        Symbol(r"› classifier \S+ behavior (\S+)", r"traffic behavior \1"),
        Symbol(r" traffic-policy (\S+) (?:in|out)bound", r"traffic policy \1"),
        Symbol(r" isis (?:ipv6 )?enable (\d+)$", r"isis \1"),
        Symbol(r"^(bgp \d+) › .*?(peer \S+) (?!as-number)", r"\1 \2"),
    ),
)

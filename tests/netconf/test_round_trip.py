"""What the readers make of texts that the renderers did not write: nothing is read as what it is not, and what is read comes back."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from netconf.check_config import Checked, check_text, summary
from netconf.model.device import AclRule, Isis, Neighbor, StaticRoute
from netconf.round_trip import head
from netconf.vendors import vendor_of


def checked(vendor: str, *sections: str) -> Checked:
    """Of sections as a device prints them."""
    language = vendor_of(vendor)
    break_ = "#\n" if language.separator else "!\n"
    return check_text(language, break_.join(["", *(f"{section.strip()}\n" for section in sections), f"{language.last}\n" if language.last else ""]))


def unmanaged(found: Checked) -> list[str]:
    return [line for _, line in found.unmanaged]


def nothing_but(found: Checked, *lines: str) -> None:
    """All else is read, and comes back as it was."""
    assert unmanaged(found) == list(lines)
    assert found.unread == ()
    assert (found.trip.lost, found.trip.changed, found.trip.fault) == ([], [], "")


PEERS = """bgp 64512
 router-id 10.0.0.1
 peer 2001:DB8::2 as-number 64512
 peer 2001:DB8::2 connect-interface LoopBack0
 peer 2001:DB8::7 as-number 64999
 peer 2001:DB8::7 connect-interface LoopBack0
 peer 2001:DB8::8 as-number 64512
 peer 2001:DB8::8 connect-interface LoopBack9"""


@pytest.mark.parametrize("vendor", ["huawei_vrp", "h3c_comware"])
def test_only_peers_of_the_own_as_from_the_loopback_are_neighbors(vendor: str) -> None:
    found = checked(vendor, PEERS)
    assert found.config.bgp
    assert found.config.bgp.neighbors == (Neighbor("2001:db8::2", "", False),)
    nothing_but(found, *(f"bgp 64512 › {line.strip()}" for line in PEERS.splitlines() if "::7" in line or "::8" in line))


def test_an_frr_peer_of_another_as_is_no_neighbor() -> None:
    text = "router bgp 64512\n no bgp default ipv4-unicast\n neighbor 2001:db8::7 remote-as 64999\n neighbor 2001:db8::7 update-source lo\n exit"
    found = checked("frr", "hostname a", text)
    assert found.config.bgp
    assert found.config.bgp.neighbors == ()
    nothing_but(found, "router bgp 64512 › neighbor 2001:db8::7 remote-as 64999", "router bgp 64512 › neighbor 2001:db8::7 update-source lo")


def test_a_peer_group_of_hexadecimal_letters_is_no_address() -> None:
    assert "bgp 1 › peer dc1 as-number 1" in unmanaged(checked("huawei_vrp", "bgp 1\n peer dc1 as-number 1\n peer dc1 connect-interface LoopBack0"))


PROCESS = """isis 100
 is-level level-1
 cost-style wide
 network-entity 49.0001.0000.0000.0001.00
 ipv6 enable topology ipv6"""


def test_an_is_is_process_keeps_its_number_and_another_one_is_left() -> None:
    link = "interface 10GE0/1/0\n ipv6 enable\n ipv6 address 2001:DB8::1/127\n isis ipv6 enable 100\n isis circuit-type p2p\n isis ipv6 cost 20"
    other = "interface 10GE0/1/1\n isis ipv6 enable 1\n isis circuit-type p2p"
    found = checked("huawei_vrp", "isis 1\n network-entity 49.0002.0000.0000.0001.00", PROCESS, link, other)
    assert found.config.isis == Isis("100", "49.0001.0000.0000.0001.00", (), "1", bfd=False)
    assert [i.isis_metric for i in found.config.interfaces] == [20, None]
    left = ["isis 1", "isis 1 › network-entity 49.0002.0000.0000.0001.00"]
    nothing_but(found, *left, "interface 10GE0/1/1 › isis ipv6 enable 1", "interface 10GE0/1/1 › isis circuit-type p2p")


def test_is_is_of_ipv4_alone_is_not_the_models() -> None:
    found = checked("huawei_vrp", "isis 1\n network-entity 49.0001.0000.0000.0001.00", "interface 10GE0/1/0\n isis enable 1")
    assert found.config.isis is None
    assert len(found.unmanaged) == 3


def test_a_broadcast_link_is_no_link_of_the_models_is_is() -> None:
    found = checked("huawei_vrp", PROCESS.replace("100", "1"), "interface 10GE0/1/0\n isis ipv6 enable 1")
    assert found.config.interfaces[0].isis_metric is None
    assert unmanaged(found) == ["interface 10GE0/1/0 › isis ipv6 enable 1"]


def test_a_vpn_steered_into_another_tunnel_is_not_read_as_steered_into_srv6() -> None:
    vpn = "ip vpn-instance a\n ipv4-family\n  route-distinguisher 1:1\n  tnl-policy MPLS\n  vpn-target 1:1 export-extcommunity"
    found = checked("huawei_vrp", vpn, "tunnel-policy MPLS\n tunnel select-seq cr-lsp load-balance-number 1")
    assert found.config.vrfs[0].best_effort
    nothing_but(
        found, "ip vpn-instance a › ipv4-family › tnl-policy MPLS", "tunnel-policy MPLS", "tunnel-policy MPLS › tunnel select-seq cr-lsp load-balance-number 1"
    )


def test_a_family_of_a_vpn_that_differs_from_the_first_is_left() -> None:
    family = " {}-family\n  route-distinguisher {}\n  vpn-target 1:1 export-extcommunity\n  vpn-target 1:1 import-extcommunity\n"
    found = checked("huawei_vrp", "ip vpn-instance a\n" + family.format("ipv4", "1:1") + family.format("ipv6", "2:2"))
    assert (found.config.vrfs[0].rd, found.config.vrfs[0].families) == ("1:1", ("ipv4",))
    assert len(found.unmanaged) == 4


def test_route_targets_of_a_comware_vpn_without_families_are_of_all() -> None:
    found = checked("h3c_comware", "ip vpn-instance a\n route-distinguisher 1:1\n vpn-target 2:2 import-extcommunity\n vpn-target 1:1 export-extcommunity")
    assert (found.config.vrfs[0].imports, found.config.vrfs[0].exports) == (("2:2",), ("1:1",))
    nothing_but(found)


def test_a_policy_node_with_a_condition_that_the_model_lacks_is_left_whole() -> None:
    found = checked("huawei_vrp", "route-policy P permit node 10\n if-match community-filter 7\n apply extcommunity color 0:128", "route-policy P deny node 20")
    assert found.config.route_policies
    assert [node.number for node in found.config.route_policies.policies[0].nodes] == [20]
    assert len(found.unmanaged) == 3


def test_a_prefix_list_or_an_access_list_with_an_odd_line_is_left_whole() -> None:
    lists = "ip ipv6-prefix L index 10 deny 2001:DB8:1:: 48\nip ipv6-prefix L index 20 permit 2001:DB8:: 32\nip ipv6-prefix M index 10 permit :: 0"
    rules = "acl ipv6 name A advance\n rule 5 deny tcp source 2001:DB8::/32 destination-port range 1 99\n rule 10 permit ipv6"
    found = checked("huawei_vrp", rules, lists)
    assert found.config.acls == ()
    assert found.config.route_policies
    assert [row.name for row in found.config.route_policies.prefix_lists] == ["M"]
    assert len(found.unmanaged) == 5


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ip source 10.0.0.1 0", "10.0.0.1/32"),
        ("ip source 10.0.0.1 0.0.0.0", "10.0.0.1/32"),
        ("ip source 0.0.0.0 255.255.255.255", "0.0.0.0/0"),
        ("ip source 10.0.0.0 0.0.0.255", "10.0.0.0/24"),
    ],
)
def test_the_inverse_masks_of_a_rule(text: str, source: str) -> None:
    found = checked("huawei_vrp", f"acl name A advance\n rule 5 permit {text}")
    assert found.config.acls[0].rules == (AclRule(5, "permit", source=source),)


def test_an_inverse_mask_with_holes_is_left() -> None:
    assert checked("huawei_vrp", "acl name A advance\n rule 5 permit ip source 10.0.0.1 0.0.255.0").config.acls == ()


@pytest.mark.parametrize(
    ("vendor", "line", "route"),
    [
        ("huawei_vrp", "ip route-static vpn-instance a 10.1.0.0 255.255.0.0 10GE0/1/0 10.0.0.1", StaticRoute("10.1.0.0/16", "10.0.0.1", "10GE0/1/0", "a")),
        ("huawei_vrp", "ip route-static 10.1.0.0 255.255.0.0 NULL0", StaticRoute("10.1.0.0/16")),
        ("huawei_vrp", "ipv6 route-static vpn-instance a 2001:DB8:: 32 2001:DB8:F::1", StaticRoute("2001:db8::/32", "2001:db8:f::1", "", "a")),
        ("h3c_comware", "ip route-static 10.1.0.0 16 NULL0", StaticRoute("10.1.0.0/16")),
        ("frr", "ip route 10.1.0.0/16 10.0.0.1 eth0 vrf a", StaticRoute("10.1.0.0/16", "10.0.0.1", "eth0", "a")),
        ("frr", "ip route 10.1.0.0/16 blackhole", StaticRoute("10.1.0.0/16")),
        ("frr", "ipv6 route 2001:db8::/32 Null0", StaticRoute("2001:db8::/32")),
    ],
)
def test_static_routes_of_both_families_and_of_vpns(vendor: str, line: str, route: StaticRoute) -> None:
    found = checked(vendor, line)
    assert found.config.statics == (route,)
    nothing_but(found)


@pytest.mark.parametrize(
    ("vendor", "line"),
    [
        ("huawei_vrp", "ip route-static 10.1.1.1 255.255.0.0 10.0.0.1"),
        ("huawei_vrp", "ip route-static 10.1.0.0 255.255.0.0 10.0.0.1 preference 70"),
        ("frr", "ip route 10.1.0.0/16 10.0.0.1 50"),
        ("frr", "ipv6 route 2001:db8::/32 2001:db8::1 nexthop-vrf default"),
    ],
)
def test_a_static_route_that_says_more_is_left(vendor: str, line: str) -> None:
    nothing_but(checked(vendor, line), line)


def test_a_mask_written_as_a_length_is_the_same_line_otherwise_spelled() -> None:
    found = checked("huawei_vrp", "interface 10GE0/1/0\n ip address 10.0.0.1 24\n ip address 10.0.1.1 255.255.255.0 sub")
    assert found.config.interfaces[0].ipv4 == ("10.0.0.1/24", "10.0.1.1/24")
    assert [(line, becomes) for _, line, becomes in found.trip.respelled] == [
        ("interface 10GE0/1/0 › ip address 10.0.0.1 24", "ip address 10.0.0.1 255.255.255.0")
    ]
    nothing_but(found)


@pytest.mark.parametrize("line", ["ip address 10.0.0.1 255.255.255.0#", "ip address 2001:db8::1 64", "ip address 10.0.0.1 255.0.255.0"])
def test_what_is_no_ipv4_address_with_a_mask_is_left(line: str) -> None:
    nothing_but(checked("huawei_vrp", f"interface 10GE0/1/0\n {line}"), f"interface 10GE0/1/0 › {line}")


def test_telemetry_and_diffserv_of_other_names_are_others() -> None:
    telemetry = """telemetry
 destination-group ifit
  ipv6-address 2001:DB8::9 port 1 protocol grpc
 sensor-group ifit
 subscription ifit
  sensor-group ifit sample-interval 1000"""
    found = checked("huawei_vrp", telemetry, "diffserv domain default\n ip-dscp-inbound 46 phb ef green", "interface 10GE0/1/0\n trust upstream default")
    assert (found.config.telemetry, found.config.qos, found.config.interfaces[0].trust_dscp) == (None, None, False)
    assert found.lines - len(found.unmanaged) == 1


def test_a_rule_of_a_firewall_that_says_more_is_left_whole() -> None:
    zones = "firewall zone trust\n set priority 85"
    rule = " rule name a\n  source-zone trust\n  destination-zone untrust\n  source-address 10.0.0.0 mask 255.0.0.0\n  action permit\n"
    found = checked("huawei_usg", zones, "security-policy\n" + rule + rule.replace("name a", "name b").replace("  action", "  service http\n  action"))
    assert found.config.zones
    assert [(row.name, row.source) for row in found.config.zones.rules] == [("a", "10.0.0.0/8")]
    assert all("rule name b" in line for line in unmanaged(found))


def test_what_a_device_prints_of_its_defaults_is_no_difference() -> None:
    text = "interface 10GE0/1/0\n undo shutdown\n description a"
    found = checked("huawei_vrp", text, "bgp 1\n ipv4-family vpnv4\n  policy vpn-target")
    assert unmanaged(found) == []
    language = vendor_of("huawei_vrp")
    assert language.parse(text) == language.parse(text.replace(" undo shutdown\n", ""))


def test_what_vrp_hides_because_it_is_the_default_is_no_difference() -> None:
    """`isis ipv6 cost 10` and a router of both levels: VRP shows neither, or both, and they are read alike."""
    link = "interface 10GE0/1/0\n ipv6 enable\n ipv6 address 2001:DB8::1/127\n isis ipv6 enable 100\n isis circuit-type p2p"
    shown = checked("huawei_vrp", PROCESS.replace("level-1\n", "level-1-2\n"), f"{link}\n isis ipv6 cost 10")
    hidden = checked("huawei_vrp", PROCESS.replace(" is-level level-1\n", ""), link)
    assert shown.config == hidden.config
    assert shown.config.isis
    assert (shown.config.isis.level, shown.config.interfaces[0].isis_metric) == ("1-2", 10)
    assert (shown.trip.added, hidden.trip.added) == ([], [])


FILTER = """traffic classifier GUARD operator or
 if-match ipv6 acl name GUARD
traffic behavior GUARD
traffic policy GUARD
 classifier GUARD behavior GUARD
interface 10GE0/1/0
 traffic-policy GUARD inbound"""


def test_a_traffic_policy_that_only_filters_by_its_list_is_the_filter_of_an_interface() -> None:
    found = checked("huawei_vrp", FILTER)
    assert found.config.interfaces[0].acl_in == "GUARD"
    nothing_but(found)


def test_a_traffic_policy_that_does_more_is_no_filter() -> None:
    found = checked("huawei_vrp", FILTER.replace("behavior GUARD\ntraffic", "behavior GUARD\n car cir 1000\ntraffic"))
    assert found.config.interfaces[0].acl_in == ""
    assert "interface 10GE0/1/0 › traffic-policy GUARD inbound" in unmanaged(found)


def test_a_secpath_prints_the_mask_of_an_ipv4_subnet() -> None:
    rule = " rule 3 name a\n  action pass\n  source-zone Trust\n  destination-zone Untrust\n  source-ip-subnet 10.0.0.0 255.0.0.0"
    found = checked("h3c_secpath", "security-zone name Trust", "security-zone name Untrust", f"security-policy ip\n{rule}")
    assert found.config.zones
    assert found.config.zones.rules[0].source == "10.0.0.0/8"


def test_what_a_basic_tier_has_no_feature_for_is_no_part_of_what_it_reads() -> None:
    found = checked("huawei_vrp5", " sysname a", "bgp 1\n router-id 10.0.0.1", "ip route-static 0.0.0.0 0.0.0.0 10.0.0.1")
    assert found.config.bgp is None
    nothing_but(found, "bgp 1", "bgp 1 › router-id 10.0.0.1")
    found = checked("huawei_vrp5", "cpu-defend policy 10\n car bgpv6 cir 512")
    assert (found.config.protection, found.trip.fault) == (None, "")
    assert [line for _, line in found.trip.lost] == ["cpu-defend policy 10", "cpu-defend policy 10 › car bgpv6 cir 512"]


def test_what_the_model_assumes_is_said_to_be_added() -> None:
    found = checked("huawei_vrp", PROCESS.replace(" cost-style wide\n", ""))
    assert found.trip.added == ["isis 100 › cost-style wide"]
    assert found.whole


def test_lines_that_do_not_come_back_are_said_to_be_lost() -> None:
    targets = "\n".join(f"  vpn-target {n}:1 export-extcommunity" for n in (1, 2))
    found = checked("huawei_vrp", f"ip vpn-instance a\n ipv4-family\n{targets}")
    assert found.config.vrfs[0].exports == ("1:1", "2:1")
    assert [number for number, _ in found.trip.lost] == [4, 5]
    assert not found.whole


def test_counts_of_a_text_add_up() -> None:
    found = checked("huawei_vrp", PEERS, PROCESS, "interface 10GE0/1/0\n ip address 10.0.0.1 24\n unheard of")
    counts = found.counts()
    assert counts["lines"] == sum(counts[name] for name in ("kept", "unmanaged", "respelled", "changed", "lost"))
    both = summary([found, found])
    assert (both["files"], both["lines"]) == (2, 2 * counts["lines"])
    assert both["heads"]["unmanaged"]["interface › unheard of"] == 2
    assert all(a >= b for a, b in pairwise(both["heads"]["unmanaged"].values()))


def test_lines_are_counted_by_how_they_begin() -> None:
    assert head("bgp 1 › ipv4-family unicast › peer 10.0.0.1 route-policy A export x") == "bgp › peer … route-policy A"
    assert re.match(r"vlan …", head("vlan 7"))

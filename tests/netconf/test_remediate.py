"""Remediation: running + commands = intended, in an order that is safe at every moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import InputError
from inventory.model import Estate
from netconf.compile import compile_device
from netconf.design import design
from netconf.tree.device import Change, Device, UnsafeOrderError, prove
from netconf.tree.files import remediate_files
from netconf.tree.grammar import Grammar
from netconf.tree.parse import parse
from netconf.tree.remediate import commands, remediate
from netconf.vendors import render
from netconf.vendors.frr.grammar import FRR
from netconf.vendors.h3c.grammar import COMWARE
from netconf.vendors.huawei.grammar import VRP

FACTORY = "hostname r\nservice integrated-vtysh-config\n"


def lines(running: str, intended: str, grammar: Grammar) -> list[str]:
    return commands(remediate(parse(running, grammar), parse(intended, grammar), grammar), grammar)


def before(first: str, second: str, all_lines: list[str]) -> bool:
    stripped = [line.strip() for line in all_lines]
    return stripped.index(first) < stripped.index(second)


@pytest.fixture(scope="module")
def texts(estate: Estate) -> list[str]:
    """A router as it comes, and one of every role and plane."""
    network = design(estate).network
    kinds = {(estate.devices[device].role, estate.devices[device].plane): device for device in reversed(network.nodes)}
    return [FACTORY, *(render(compile_device(network, device)) for device in sorted(kinds.values()))]


def test_any_configuration_becomes_any_other_and_back(texts: list[str]) -> None:
    trees = [parse(text, FRR) for text in texts]
    for running in trees:
        for intended in trees:
            device = Device(running, FRR)
            for change in remediate(running, intended, FRR):
                device.apply(change)
            assert set(device.tree.walk()) == set(intended.walk())


def test_nothing_to_do_is_nothing(texts: list[str]) -> None:
    assert [lines(text, text, FRR) for text in texts] == [[]] * len(texts)


def test_what_frr_needs_first_comes_first(texts: list[str]) -> None:
    """Measured on FRR 10.7: `isis …` on an interface is refused before `ipv6 router isis` stands there."""
    got = lines(FACTORY, texts[1], FRR)
    assert before("ipv6 router isis EXTRANET", "isis bfd", got)
    assert before("prefix 5f00:4300:201::/48 block-len 32 node-len 16", "segment-routing srv6", got)


def test_what_an_undo_wipes_is_typed_again() -> None:
    running = "bgp 65000\n peer 1.1.1.1 as-number 65000\n peer 1.1.1.1 description x\n ipv4-family unicast\n  peer 1.1.1.1 enable\n"
    got = lines(running, running.replace("as-number 65000", "as-number 65001"), VRP)
    assert got == [
        "bgp 65000",
        " undo peer 1.1.1.1 as-number 65000",
        " peer 1.1.1.1 as-number 65001",
        " ipv4-family unicast",
        "  peer 1.1.1.1 enable",
        " quit",
        " peer 1.1.1.1 description x",
        "quit",
    ]


def test_binding_an_interface_to_a_vpn_types_its_address_again() -> None:
    interface = "ip vpn-instance red\ninterface GigabitEthernet0/0/1\n{} ip address 10.0.0.1 255.255.255.0\n"
    got = lines(interface.format(""), interface.format(" ip binding vpn-instance red\n"), VRP)
    assert before("ip binding vpn-instance red", "ip address 10.0.0.1 255.255.255.0", got)


@pytest.mark.parametrize(
    ("grammar", "use", "define"),
    [
        (VRP, "interface GigabitEthernet0/0/1\n traffic-filter inbound acl name GUARD\n", "acl name GUARD advance\n rule 5 permit ip\n"),
        (COMWARE, "interface GigabitEthernet1/0/1\n packet-filter name GUARD inbound\n", "acl advanced name GUARD\n rule 5 permit ip\n"),
        (FRR, "router bgp 1\n neighbor ::1 remote-as 1\n address-family ipv6 unicast\n  neighbor ::1 route-map IN in\n", "route-map IN permit 10\n"),
    ],
)
def test_defined_before_use_and_released_before_undo(grammar: Grammar, use: str, define: str) -> None:
    both, none = use + define, "sysname r\n"
    name, user = define.splitlines()[0], use.splitlines()[-1].strip()
    there = lines(none, none + both, grammar)
    assert before(define.splitlines()[-1].strip(), user, there)
    back = lines(none + both, none, grammar)
    assert before(grammar.negate(use.splitlines()[0]) if grammar is FRR else grammar.negate(user), grammar.negate(name), back)


def test_going_back_to_a_default_that_vrp_hides_is_an_undo() -> None:
    text = "isis 1\n is-level {}\n network-entity 10.0000.0000.0001.00\ninterface 10GE0/1/0\n isis ipv6 enable 1\n isis ipv6 cost {}\n"
    assert lines(text.format("level-2", 20), text.format("level-1-2", 10), VRP) == [
        "isis 1",
        " undo is-level",
        "quit",
        "interface 10GE0/1/0",
        " undo isis ipv6 cost 20",
        "quit",
    ]
    assert lines(text.format("level-1-2", 10), "isis 1\n network-entity 10.0000.0000.0001.00\ninterface 10GE0/1/0\n isis ipv6 enable 1\n", VRP) == []


def test_a_policy_never_loses_its_last_condition() -> None:
    """A route-policy node without if-match lets everything through (annet#623)."""
    text = "ip ip-prefix {0} index 10 permit 10.0.0.0 8\nroute-policy OUT permit node 10\n if-match ip-prefix {0}\n"
    got = lines(text.format("OLD"), text.format("NEW"), VRP)
    assert got == [
        "ip ip-prefix NEW index 10 permit 10.0.0.0 8",
        "route-policy OUT permit node 10",
        " if-match ip-prefix NEW",
        "quit",
        "undo ip ip-prefix OLD index 10 permit 10.0.0.0 8",
    ]


def test_the_proof_refuses_a_use_before_its_definition() -> None:
    running = parse("sysname r\n", VRP)
    intended = parse("sysname r\nacl name G advance\n rule 5 permit ip\ninterface GigabitEthernet0/0/1\n traffic-filter inbound acl name G\n", VRP)
    wrong = [
        Change(True, ("interface GigabitEthernet0/0/1", "traffic-filter inbound acl name G")),
        Change(True, ("acl name G advance", "rule 5 permit ip")),
    ]
    with pytest.raises(UnsafeOrderError, match="would refer to acl"):
        prove(running, intended, wrong, VRP)


def test_the_proof_refuses_a_lost_condition() -> None:
    text = "route-policy OUT permit node 10\n if-match {}\n"
    section = "route-policy OUT permit node 10"
    wrong = [Change(False, (section, "if-match cost 1")), Change(True, (section, "if-match tag 2"))]
    with pytest.raises(UnsafeOrderError, match="everything would match"):
        prove(parse(text.format("cost 1"), VRP), parse(text.format("tag 2"), VRP), wrong, VRP)


NAMES = st.sampled_from(["A", "B", "C"])


@st.composite
def policies(draw: st.DrawFn) -> str:
    """VRP texts with prefix lists, policies that use them, and peers that use the policies; references always hold."""
    policy_of = {name: draw(NAMES) for name in sorted(draw(st.sets(NAMES)))}
    peers = draw(st.dictionaries(st.sampled_from(["1.1.1.1", "2.2.2.2"]), st.tuples(st.integers(1, 2), st.sampled_from([None, *policy_of]))))
    text = "sysname r\n"
    for listed in sorted(set(policy_of.values()) | draw(st.sets(NAMES))):
        text += f"ip ip-prefix {listed} index 10 permit 10.{draw(st.integers(0, 2))}.0.0 16\n"
    for name, listed in policy_of.items():
        text += f"route-policy P{name} permit node 10\n if-match ip-prefix {listed}\n"
    if peers:
        text += "bgp 1\n"
    for peer, (asn, policy) in sorted(peers.items()):
        text += f" peer {peer} as-number {asn}\n peer {peer} description to-{peer}\n" + (f" peer {peer} route-policy P{policy} import\n" if policy else "")
    return text


@settings(max_examples=100, deadline=None)
@given(policies(), policies())
def test_random_policies_have_a_safe_order_both_ways(old: str, new: str) -> None:
    """`remediate` proves its own result: it raises when a moment is unsafe or the end is wrong."""
    remediate(parse(old, VRP), parse(new, VRP), VRP)
    remediate(parse(new, VRP), parse(old, VRP), VRP)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("interface a\n\tmtu 1\n", r"x:2: a tab"),
        (" mtu 1\n", r"x:1: indented"),
        ("a" * 70_000, r"x:1: a line of 70000 characters"),
    ],
)
def test_impossible_text_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse(text, FRR, "x")


def test_crlf_and_a_cut_last_line_are_read() -> None:
    assert set(parse("hostname r\r\ninterface a\r\n mtu 1", FRR).walk()) == {("hostname r",), ("interface a",), ("interface a", "mtu 1")}


def test_comware_prints_the_lines_of_the_system_view_indented() -> None:
    interface = "interface LoopBack0\n ip address 1.1.1.1 255.255.255.255\n"
    tree = parse(f"#\n version 7.1.070, Release 1\n sysname H3C\n#\n{interface}#\n ip prefix-list A index 1 permit ::/0\n#\n", COMWARE)
    assert list(tree.children) == ["sysname H3C", "interface LoopBack0", "ip prefix-list A index 1 permit ::/0"]


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    good, gbk = tmp_path / "good", tmp_path / "gbk"
    good.write_text("sysname r\n")
    gbk.write_bytes("sysname 茶陵\n".encode("gbk"))
    with pytest.raises(InputError, match="is not UTF-8"):
        remediate_files("huawei_vrp", good, gbk)
    with pytest.raises(InputError, match="No such file"):
        remediate_files("huawei_vrp", good, tmp_path / "none")
    with pytest.raises(InputError, match="vendor cisco is not known: frr, huawei_vrp, h3c_comware"):
        remediate_files("cisco", good, good)

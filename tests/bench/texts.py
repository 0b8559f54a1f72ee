"""Large VRP configurations, made up by rule: what runs, and what it shall become."""

from __future__ import annotations

from collections.abc import Iterator

PORTS, VPNS, POLICIES, PEERS = 1_200, 200, 400, 300


def configuration(version: int) -> str:
    """About 10,000 lines; in version 1 every tenth part differs from version 0, is missing, or is new."""
    return "\n".join(["sysname R", "#", *_vpns(version), *_policies(version), *_ports(version), *_bgp(version), "return", ""])


def _numbers(count: int, version: int) -> Iterator[int]:
    """Version 0 lacks the numbers that end in 7, version 1 those that end in 3."""
    return (n for n in range(count) if n % 20 != (7 if version == 0 else 3))


def _changed(n: int, version: int) -> int:
    return version if n % 10 == 5 else 0


def _vpns(version: int) -> Iterator[str]:
    for n in _numbers(VPNS, version):
        yield from (f"ip vpn-instance V{n}", " ipv6-family", f"  route-distinguisher 65000:{n}")
        yield from (f"  vpn-target 65000:{n + 1000 * _changed(n, version)} {way}-extcommunity" for way in ("export", "import"))
        yield "#"


def _policies(version: int) -> Iterator[str]:
    for n in _numbers(POLICIES, version):
        changed = _changed(n, version)
        yield from (f"ip ip-prefix L{n}-{changed} index {10 * i} permit 10.{n % 250}.{i}.0 24" for i in range(1, 4))
        yield from (f"route-policy P{n} permit node 10", f" if-match ip-prefix L{n}-{changed}", f" apply local-preference {100 + changed}", "#")


def _ports(version: int) -> Iterator[str]:
    for n in _numbers(PORTS, version):
        yield from (f"interface GigabitEthernet{n // 100}/0/{n % 100}", f" description to {n} by plan {_changed(n, version)}", " mtu 9000")
        yield from (f" ip address 10.{100 + n // 250}.{n % 250}.1 255.255.255.252", " undo shutdown", "#")


def _bgp(version: int) -> Iterator[str]:
    peers = list(_numbers(PEERS, version))
    yield "bgp 65000"
    for n in peers:
        yield from (f" peer 10.200.{n // 250}.{n % 250} as-number {64000 + n}", f" peer 10.200.{n // 250}.{n % 250} description site {n}")
    yield " ipv4-family unicast"
    for n in peers:
        yield from (f"  peer 10.200.{n // 250}.{n % 250} enable", f"  peer 10.200.{n // 250}.{n % 250} route-policy P{n + _changed(n, version)} import")
    yield "#"

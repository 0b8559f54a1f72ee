"""Logins, SNMP, clocks, logs and telemetry. Sources: H3C CR16000-F command reference, the chapter that each form names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Line, Section, forms
from netconf.model.device import Aaa, DeviceConfig, Ntp, Snmp, Ssh, Syslog
from netconf.vendors.shared import TelemetryForms, read_telemetry, render_telemetry, secret, secret_name

SCHEME, GROUP = "TAC", "NETVIEW"

ntp_form = forms("NTP")
NTP_ENABLE = ntp_form("ntp-service enable")
NTP_SERVER = ntp_form("ntp-service ipv6 unicast-server {server:ip} source {interface}")

snmp_form = forms("SNMP")
SNMP = snmp_form("snmp-agent")
SNMP_CONTACT = snmp_form("snmp-agent sys-info contact {contact:text}")
SNMP_LOCATION = snmp_form("snmp-agent sys-info location {location:text}")
SNMP_VERSION = snmp_form("snmp-agent sys-info version v3")
SNMP_GROUP = snmp_form("snmp-agent group v3 {group} privacy acl ipv6 name {acl}")
SNMP_HOST = snmp_form("snmp-agent target-host trap address udp-domain ipv6 {host:ip} params securityname {user} v3 privacy")
SNMP_USER = snmp_form("snmp-agent usm-user v3 {user} {group} cipher authentication-mode sha {auth} privacy-mode aes128 {priv}")

log_form = forms("Information center")
LOG_SOURCE = log_form("info-center loghost source {interface}")
LOG_HOST = log_form("info-center loghost ipv6 {host:ip}")

telemetry_form = forms("Telemetry")
VIEW = telemetry_form("telemetry")
SENSOR_GROUP = telemetry_form("sensor-group {name}")
SENSOR_PATH = telemetry_form("sensor path ifmgr/statistics")
DESTINATIONS = telemetry_form("destination-group {name}")
DESTINATION = telemetry_form("ipv6-address {address:ip} port {port:int}")
SUBSCRIBE = telemetry_form("subscription {name}")
LOCAL = telemetry_form("source-address ipv6 {address:ip}")
SAMPLE = telemetry_form("sensor-group {name} sample-interval {interval:int}")  # in seconds
SENT_TO = telemetry_form("destination-group {name}")
TELEMETRY = TelemetryForms(VIEW, SENSOR_GROUP, SENSOR_PATH, DESTINATIONS, DESTINATION, SUBSCRIBE, LOCAL, SAMPLE, SENT_TO, unit=1000)

vty_form = forms("Login management")
VTY = vty_form("line vty 0 63")
VTY_AAA = vty_form("authentication-mode scheme")
VTY_IDLE = vty_form("idle-timeout {minutes:int} 0")
VTY_SSH = vty_form("protocol inbound ssh")
ssh_form = forms("SSH")
SSH = ssh_form("ssh server enable")
SSH_ACL = ssh_form("ssh server ipv6 acl ipv6 name {acl}")

tac_form = forms("AAA, HWTACACS")
TAC_SCHEME = tac_form("hwtacacs scheme {name}")
TAC_SERVERS = tuple(
    tac_form(f"{rank} {kind} ipv6 {{server:ip}}") for kind in ("authentication", "authorization", "accounting") for rank in ("primary", "secondary")
)
TAC_KEYS = tuple(tac_form(f"key {kind} cipher {{secret}}") for kind in ("authentication", "authorization", "accounting"))
TAC_SOURCE = tac_form("nas-ip ipv6 {address:ip}")
aaa_form = forms("AAA")
DOMAIN = aaa_form("domain system")
MODES = tuple(
    aaa_form(f"{kind} login hwtacacs-scheme TAC{rest}") for kind, rest in (("authentication", " local"), ("authorization", " local"), ("accounting", ""))
)
USER = aaa_form("local-user {user} class manage")
PASSWORD = aaa_form("password hash {secret}")
USER_SSH = aaa_form("service-type ssh")
USER_ROLE = aaa_form("authorization-attribute user-role network-admin")


def render(config: DeviceConfig) -> Iterator[Line]:
    if config.telemetry:
        yield from render_telemetry(config.telemetry, TELEMETRY)
    if config.ssh:
        at = config.ssh.origin
        yield VTY(0, at)
        yield VTY_AAA(1, at)
        yield VTY_IDLE(1, at, config.ssh.idle_minutes)
        yield VTY_SSH(1, at)
    if config.syslog:
        yield LOG_SOURCE(0, config.syslog.origin, config.syslog.source)
        for host in config.syslog.hosts:
            yield LOG_HOST(0, config.syslog.origin, host)
    if config.snmp:
        yield from _snmp(config.snmp)
    if config.ssh:
        yield SSH(0, config.ssh.origin)
        yield SSH_ACL(0, config.ssh.origin, config.ssh.acl)
    if config.ntp:
        yield NTP_ENABLE(0, config.ntp.origin)
        for server in config.ntp.servers:
            yield NTP_SERVER(0, config.ntp.origin, server, config.ntp.source)
    if config.aaa:
        yield from _aaa(config.aaa)


def _snmp(snmp: Snmp) -> Iterator[Line]:
    at = snmp.origin
    yield SNMP(0, at)
    if snmp.contact:
        yield SNMP_CONTACT(0, at, snmp.contact)
    if snmp.location:
        yield SNMP_LOCATION(0, at, snmp.location)
    yield SNMP_VERSION(0, at)
    yield SNMP_GROUP(0, at, GROUP, snmp.acl)
    for host in snmp.hosts:
        yield SNMP_HOST(0, at, host, snmp.user)
    yield SNMP_USER(0, at, snmp.user, GROUP, secret(snmp.auth), secret(snmp.priv))


def _aaa(aaa: Aaa) -> Iterator[Line]:
    at = aaa.origin
    yield TAC_SCHEME(0, at, SCHEME)
    for kind in range(3):
        for rank, server in enumerate(aaa.servers[:2]):
            yield TAC_SERVERS[2 * kind + rank](1, at, server)
    for key in TAC_KEYS:
        yield key(1, at, secret(aaa.secret))
    yield TAC_SOURCE(1, at, aaa.source)
    yield DOMAIN(0, at)
    for mode in MODES:
        yield mode(1, at)
    yield USER(0, at, aaa.emergency_user)
    yield PASSWORD(1, at, secret(aaa.emergency_secret))
    yield USER_SSH(1, at)
    yield USER_ROLE(1, at)


def read(text: Section) -> dict[str, Any]:
    """What the model cannot hold whole is left whole."""
    found: dict[str, Any] = {}
    source = next((interface for _, interface in text.peek(NTP_SERVER)), "")
    if servers := text.all(NTP_SERVER, lambda _, interface: interface == source):
        text.has(NTP_ENABLE)
        found["ntp"] = Ntp(tuple(server for server, _ in servers), source)
    if hosts := text.all(LOG_HOST):
        found["syslog"] = Syslog(tuple(host for (host,) in hosts), text.value(LOG_SOURCE, ""))
    readers = {"telemetry": lambda view: read_telemetry(view, TELEMETRY), "aaa": _read_aaa, "snmp": _read_snmp, "ssh": _read_ssh}
    return found | {name: feature for name, reader in readers.items() if (feature := text.attempt(reader))}


def _read_ssh(text: Section) -> Ssh | None:
    if (acl := text.value(SSH_ACL)) is None:
        return None
    text.has(SSH)
    vty = text.under(VTY)
    for line in (VTY_AAA, VTY_SSH):
        vty.has(line)
    return Ssh(acl, vty.value(VTY_IDLE, 10))


def _read_aaa(text: Section) -> Aaa | None:
    """Servers are the same for all three, and one account is left for emergencies: the first."""
    scheme = next((section for _, section in text.each(TAC_SCHEME, SCHEME.__eq__)), None)
    user, section = next(text.each(USER), ((), None))
    if scheme is None or section is None:
        return None
    ranked = [scheme.value(form) for form in TAC_SERVERS]
    servers = tuple(server for server in ranked[:2] if server)
    if not servers or len({tuple(ranked[first : first + 2]) for first in (0, 2, 4)}) != 1:
        return None
    keys = [scheme.value(form, "") for form in TAC_KEYS]
    domain = text.under(DOMAIN)
    for mode in MODES:
        domain.has(mode)
    section.has(USER_SSH)
    section.has(USER_ROLE)
    return Aaa(servers, secret_name(keys[0]), scheme.value(TAC_SOURCE, ""), user[0], secret_name(section.value(PASSWORD, "")))


def _read_snmp(text: Section) -> Snmp | None:
    """One user, who may read with authentication and encryption."""
    user = next(iter(text.all(SNMP_USER, lambda _, group, *__: group == GROUP)), None)
    group = next(iter(text.all(SNMP_GROUP, lambda name, _: name == GROUP)), None)
    if user is None or group is None:
        return None
    for line in (SNMP, SNMP_VERSION):
        text.has(line)
    hosts = tuple(host for host, _ in text.all(SNMP_HOST, lambda _, name: name == user[0]))
    contact, location = text.value(SNMP_CONTACT, ""), text.value(SNMP_LOCATION, "")
    return Snmp(user[0], secret_name(user[2]), secret_name(user[3]), hosts, group[1], contact, location)

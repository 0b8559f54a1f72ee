"""Logins, SNMP, clocks, logs and telemetry. Sources: NetEngine command reference, the chapter that each form names.

Secrets are rendered as `<secret:NAME>`; what the device shows in their place is ciphered, salted anew each time, and never compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netconf.forms import Form, Line, Section, forms
from netconf.model.device import Aaa, DeviceConfig, Ntp, Snmp, Ssh, Syslog
from netconf.vendors.shared import TelemetryForms, read_telemetry, render_telemetry, secret, secret_name

TEMPLATE, GROUP = "TAC", "NETVIEW"

ntp_form = forms("NTP")
NTP_SERVER = ntp_form("ntp-service unicast-server ipv6 {server:ip} source-interface {interface}")

tac_form = forms("HWTACACS")
TAC_ENABLE = tac_form("hwtacacs enable")
TAC_TEMPLATE = tac_form("hwtacacs-server template {name}")
TAC_SERVERS = {
    kind: (tac_form(f"hwtacacs-server {kind} {{server:ip}}"), tac_form(f"hwtacacs-server {kind} {{server:ip}} secondary"))
    for kind in ("authentication", "authorization", "accounting")
}
TAC_SOURCE = tac_form("hwtacacs-server source-ipv6 {address:ip}")
TAC_SECRET = tac_form("hwtacacs-server shared-key cipher {secret}")

aaa_form = forms("AAA")
AAA = aaa_form("aaa")
USER = aaa_form("local-user {user} password irreversible-cipher {secret}")
USER_SSH = aaa_form("local-user {user} service-type ssh")
USER_LEVEL = aaa_form("local-user {user} level 3")
SCHEMES = tuple(
    (aaa_form(f"{kind}-scheme {TEMPLATE}"), aaa_form(f"{kind}-mode {modes}"))
    for kind, modes in (("authentication", "hwtacacs local"), ("authorization", "hwtacacs local"), ("accounting", "hwtacacs"))
)
DOMAIN = aaa_form("domain default_admin")
DOMAIN_TAC = aaa_form("hwtacacs-server {name}")

snmp_form = forms("SNMP")
SNMP = snmp_form("snmp-agent")
SNMP_ACL = snmp_form("snmp-agent acl {acl}")
SNMP_CONTACT = snmp_form("snmp-agent sys-info contact {contact:text}")
SNMP_LOCATION = snmp_form("snmp-agent sys-info location {location:text}")
SNMP_VERSION = snmp_form("snmp-agent sys-info version v3")
SNMP_GROUP = snmp_form("snmp-agent group v3 {group} privacy")
SNMP_USER = snmp_form("snmp-agent usm-user v3 {user}")
SNMP_IN_GROUP = snmp_form("snmp-agent usm-user v3 {user} group {group}")
SNMP_AUTH = snmp_form("snmp-agent usm-user v3 {user} authentication-mode sha2-256 cipher {secret}")
SNMP_PRIV = snmp_form("snmp-agent usm-user v3 {user} privacy-mode aes128 cipher {secret}")
SNMP_HOST = snmp_form("snmp-agent target-host trap ipv6 address udp-domain {host:ip} params securityname {user} v3 privacy")

log_form = forms("Information Center")
LOG_SOURCE = log_form("info-center loghost source {interface}")
LOG_HOST = log_form("info-center loghost ipv6 {host:ip}")

telemetry_form = forms("Telemetry")
VIEW = telemetry_form("telemetry")
SENSOR_GROUP = telemetry_form("sensor-group {name}")
SENSOR_PATH = telemetry_form("sensor-path huawei-ifm:ifm/interfaces/interface/mib-statistics")
DESTINATIONS = telemetry_form("destination-group {name}")
DESTINATION = telemetry_form("ipv6-address {address:ip} port {port:int} protocol grpc")
SUBSCRIBE = telemetry_form("subscription {name}")
LOCAL = telemetry_form("local-source-address ipv6 {address:ip}")
SAMPLE = telemetry_form("sensor-group {name} sample-interval {interval:int}")
SENT_TO = telemetry_form("destination-group {name}")
TELEMETRY = TelemetryForms(VIEW, SENSOR_GROUP, SENSOR_PATH, DESTINATIONS, DESTINATION, SUBSCRIBE, LOCAL, SAMPLE, SENT_TO)

ssh_form = forms("SSH")
STELNET = ssh_form("stelnet ipv6 server enable")
SSH_USERS = ssh_form("ssh authentication-type default password")
VTY = ssh_form("user-interface vty 0 20")
VTY_ACL = ssh_form("acl ipv6 {acl} inbound")
VTY_AAA = ssh_form("authentication-mode aaa")
VTY_IDLE = ssh_form("idle-timeout {minutes:int} 0")
VTY_SSH = ssh_form("protocol inbound ssh")


def render(config: DeviceConfig) -> Iterator[Line]:
    """In the order in which the device prints them."""
    if config.ntp:
        for server in config.ntp.servers:
            yield NTP_SERVER(0, config.ntp.origin, server, config.ntp.source)
    if config.telemetry:
        yield from render_telemetry(config.telemetry, TELEMETRY)
    if config.aaa:
        yield from _aaa(config.aaa)
    if config.snmp:
        yield from _snmp(config.snmp)
    if config.syslog:
        yield LOG_SOURCE(0, config.syslog.origin, config.syslog.source)
        for host in config.syslog.hosts:
            yield LOG_HOST(0, config.syslog.origin, host)
    if config.ssh:
        yield STELNET(0, config.ssh.origin)
        yield SSH_USERS(0, config.ssh.origin)
        yield VTY(0, config.ssh.origin)
        yield VTY_ACL(1, config.ssh.origin, config.ssh.acl)
        yield VTY_AAA(1, config.ssh.origin)
        yield VTY_IDLE(1, config.ssh.origin, config.ssh.idle_minutes)
        yield VTY_SSH(1, config.ssh.origin)


def _aaa(aaa: Aaa) -> Iterator[Line]:
    at = aaa.origin
    yield TAC_ENABLE(0, at)
    yield TAC_TEMPLATE(0, at, TEMPLATE)
    for first, second in TAC_SERVERS.values():
        for form, server in zip((first, second), aaa.servers, strict=False):
            yield form(1, at, server)
    yield TAC_SOURCE(1, at, aaa.source)
    yield TAC_SECRET(1, at, secret(aaa.secret))
    yield AAA(0, at)
    yield USER(1, at, aaa.emergency_user, secret(aaa.emergency_secret))
    yield USER_SSH(1, at, aaa.emergency_user)
    yield USER_LEVEL(1, at, aaa.emergency_user)
    for scheme, mode in SCHEMES:
        yield scheme(1, at)
        yield mode(2, at)
    yield DOMAIN(1, at)
    for scheme, _ in SCHEMES:
        yield scheme(2, at)
    yield DOMAIN_TAC(2, at, TEMPLATE)


def _snmp(snmp: Snmp) -> Iterator[Line]:
    at = snmp.origin
    yield SNMP(0, at)
    yield SNMP_ACL(0, at, snmp.acl)
    if snmp.contact:
        yield SNMP_CONTACT(0, at, snmp.contact)
    if snmp.location:
        yield SNMP_LOCATION(0, at, snmp.location)
    yield SNMP_VERSION(0, at)
    yield SNMP_GROUP(0, at, GROUP)
    for host in snmp.hosts:
        yield SNMP_HOST(0, at, host, snmp.user)
    yield SNMP_USER(0, at, snmp.user)
    yield SNMP_IN_GROUP(0, at, snmp.user, GROUP)
    yield SNMP_AUTH(0, at, snmp.user, secret(snmp.auth))
    yield SNMP_PRIV(0, at, snmp.user, secret(snmp.priv))


def read(text: Section) -> dict[str, Any]:
    """What the model cannot hold whole is left whole."""
    found: dict[str, Any] = {}
    source = next((interface for _, interface in text.peek(NTP_SERVER)), "")
    if servers := text.all(NTP_SERVER, lambda _, interface: interface == source):
        found["ntp"] = Ntp(tuple(server for server, _ in servers), source)
    if hosts := text.all(LOG_HOST):
        found["syslog"] = Syslog(tuple(host for (host,) in hosts), text.value(LOG_SOURCE, ""))
    readers = {"telemetry": lambda view: read_telemetry(view, TELEMETRY), "aaa": _read_aaa, "snmp": _read_snmp, "ssh": _read_ssh}
    return found | {name: feature for name, reader in readers.items() if (feature := text.attempt(reader))}


def _read_ssh(text: Section) -> Ssh | None:
    vty = text.under(VTY)
    if (acl := vty.value(VTY_ACL)) is None:
        return None
    for line in (VTY_AAA, VTY_SSH):
        vty.has(line)
    text.has(STELNET)
    text.has(SSH_USERS)
    return Ssh(acl, vty.value(VTY_IDLE, 10))


def _read_aaa(text: Section) -> Aaa | None:
    """Servers are the same for all three, and one account is left for emergencies."""
    text.has(TAC_ENABLE)
    template = next((section for _, section in text.each(TAC_TEMPLATE, TEMPLATE.__eq__)), None)
    aaa = text.under(AAA)
    servers = {kind: _servers(template, ranks) for kind, ranks in TAC_SERVERS.items()} if template else {}
    user = aaa.one(USER)
    if template is None or user is None or len(set(servers.values())) != 1 or not next(iter(servers.values())):
        return None
    for ranks in TAC_SERVERS.values():
        for line in ranks:
            template.one(line)
    aaa.all(USER_SSH, user[0].__eq__)
    aaa.all(USER_LEVEL, user[0].__eq__)
    domain = aaa.under(DOMAIN)
    domain.all(DOMAIN_TAC, TEMPLATE.__eq__)
    for scheme, mode in SCHEMES:
        aaa.under(scheme).has(mode)
        domain.has(scheme)
    return Aaa(next(iter(servers.values())), secret_name(template.value(TAC_SECRET, "")), template.value(TAC_SOURCE, ""), user[0], secret_name(user[1]))


def _servers(template: Section, ranks: tuple[Form, Form]) -> tuple[str, ...]:
    return tuple(rows[0][0] for line in ranks if (rows := template.peek(line)))


def _read_snmp(text: Section) -> Snmp | None:
    """One user, who may read with authentication and encryption."""
    user = text.value(SNMP_USER)
    auth, priv = (next(iter(text.all(form, lambda name, _: name == user)), None) for form in (SNMP_AUTH, SNMP_PRIV))
    acl = text.value(SNMP_ACL)
    if None in (user, auth, priv, acl):
        return None
    for line in (SNMP, SNMP_VERSION):
        text.has(line)
    text.all(SNMP_GROUP, GROUP.__eq__)
    text.all(SNMP_IN_GROUP, lambda name, group: (name, group) == (user, GROUP))
    hosts = tuple(host for host, _ in text.all(SNMP_HOST, lambda _, name: name == user))
    contact, location = text.value(SNMP_CONTACT, ""), text.value(SNMP_LOCATION, "")
    return Snmp(user, secret_name(auth[1]), secret_name(priv[1]), hosts, acl, contact, location)  # type: ignore[index]

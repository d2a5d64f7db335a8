"""The one connection to a battery, shared by its entry and what is left of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address
import re
from typing import Any
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import format_mac
from homeassistant.util import dt as dt_util

from ._vendor.core.client.budget import Budget, Rule
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import integer, number, text
from ._vendor.core.client.errors import BadDataError, TransportError, UnsupportedError
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api.client import SonnenClient
from .const import (
    CONF_HTTPS,
    CONF_KEY,
    CONF_MAC,
    CONF_SERIAL,
    DEFAULT_PORT,
    DOMAIN,
    HOURLY_LIMIT,
    HTTPS_PORT,
    MIN_GAP,
    WRITE_RESERVE,
)

_HOSTNAME = re.compile(r"^sb-(\d+)", re.IGNORECASE | re.ASCII)
_SERIAL = re.compile(r"\d{3,20}", re.ASCII)
_WITH_PORT = re.compile(r"([^:/?#@\[\]]+|\[[^\]]*\]):\d+", re.ASCII)
# What must have answered for a document to be there
_ENDPOINTS: Mapping[str, str] = {
    "battery": "battery",
    "inverter": "inverter",
    "io": "io",
    "meters": "powermeter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a battery listens."""

    host: str
    port: int
    https: bool

    @property
    def url(self) -> str:
        """Its base URL. Raises ``InvalidServerUrl``: secrets are only for home."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "https" if self.https else "http"
        return server_url(f"{scheme}://{host}:{self.port}", "")


def address_of(data: Mapping[str, Any]) -> Address:
    """Return the address of an entry or a form. Raises ``InvalidServerUrl``.

    People copy addresses from the browser, so one with a port is understood too, and
    one with scheme and path. With https the usual port is that of https.
    """
    host = text(data.get(CONF_HOST)) or ""
    port = integer(data.get(CONF_PORT, DEFAULT_PORT), low=1, high=65535)
    https = data.get(CONF_HTTPS) is True
    if "://" in host or _WITH_PORT.fullmatch(host):
        try:
            parts = urlsplit(host if "://" in host else f"//{host}")
            host = parts.hostname or ""
            port = port if parts.port is None else parts.port or None
        except ValueError as err:
            raise InvalidServerUrl("invalid_host") from err
        https = https or parts.scheme == "https"
    if https and port == DEFAULT_PORT:
        port = HTTPS_PORT
    host = host.strip("[]").rstrip(".").casefold()
    if not host or port is None or not set("/?#@").isdisjoint(host):
        raise InvalidServerUrl("invalid_host")
    if ":" in host:
        try:
            IPv6Address(host)
        except ValueError as err:
            raise InvalidServerUrl("invalid_host") from err
    found = Address(host=host, port=port, https=https)
    _ = found.url
    return found


def serial_of(hostname: str | None) -> str | None:
    """Return the serial that a host name such as ``sb-123456`` holds."""
    match = _HOSTNAME.match(hostname or "")
    return match[1] if match is not None and _SERIAL.fullmatch(match[1]) else None


def typed_serial(value: object) -> str | None:
    """Return a serial as somebody typed it; None for nothing.

    Raises ``ValueError`` if it is none.
    """
    typed = (text(value) or "").replace(" ", "")
    if not typed:
        return None
    typed = serial_of(typed) or typed
    if _SERIAL.fullmatch(typed) is None:
        raise ValueError("not a serial")
    return typed


def is_address(host: str) -> bool:
    """Whether a host is an IP address, which may change, and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@callback
def known_identity(
    hass: HomeAssistant, host: str, expected: str | None = None
) -> tuple[str | None, str | None]:
    """Return serial and MAC address as far as name and home network tell them.

    An address may have been another device's before, and the network remembers that
    too: only what has a battery's name counts, first of all the ``expected`` one's.
    """
    found: dict[str, str] = {}
    if "dhcp" in hass.config.components:
        # Its requirements are only there while it is loaded.
        from homeassistant.components.dhcp.helpers import (  # noqa: PLC0415
            async_discovered_service_info,
        )

        for info in async_discovered_service_info(hass):
            name = serial_of(info.hostname)
            if name is not None and host in {info.ip, info.hostname}:
                found[name] = format_mac(info.macaddress)
    named = serial_of(host)
    for serial in (expected, named):
        if serial is not None and serial in found:
            return serial, found[serial]
    if named is None and len(found) == 1:
        return next(iter(found.items()))
    return named, None


def device_key(entry: ConfigEntry[Any]) -> str:
    """Return what stands for the battery in ids and in what is stored.

    It never changes, also when the serial becomes known later.
    """
    for found in (
        entry.data.get(CONF_KEY),
        entry.data.get(CONF_SERIAL),
        entry.unique_id,
    ):
        if (key := text(found)) is not None:
            return key
    return entry.entry_id


def trial_client(hass: HomeAssistant, address: Address, token: str) -> SonnenClient:
    """Return a client for a flow, which remembers nothing."""
    clock, redactor = SystemClock(), Redactor()
    redactor.add(token, "**token**")
    budget = Budget((), clock=clock, min_gap=MIN_GAP)
    return _client(hass, address, token, budget, redactor, clock)


async def async_check_status(client: SonnenClient) -> None:
    """See whether a sonnenBatterie answers (2.3); the token does not matter.

    Raises ``ApiError``: ``no_api`` for one without version 2, ``not_sonnen`` for
    what is no battery.
    """
    try:
        status = await client.status()
    except TransportError as err:
        if err.reason == "not_json":
            raise BadDataError(str(err), reason="not_sonnen") from err
        raise
    if not all(key in status for key in ("USOC", "Pac_total_W")):
        raise BadDataError("the status is no battery's", reason="not_sonnen")
    if number(status["USOC"]) is None and status["USOC"] is not None:
        raise BadDataError("the status is no battery's", reason="not_sonnen")


async def async_check_token(client: SonnenClient) -> None:
    """See whether the token may read (2.3). Raises ``ApiError``."""
    try:
        await client.configurations()
    except UnsupportedError:  # old firmware has only the keys one by one
        await client.latest()


async def async_connect(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address, token: str
) -> tuple[Account, SonnenClient]:
    """Return what is remembered of a battery, and a client that keeps to its budget."""
    clock = SystemClock()

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=Budget(
                [Rule(limit=HOURLY_LIMIT, window=3600, reserve=WRITE_RESERVE)],
                clock=clock,
                min_gap=MIN_GAP,
                on_change=changed,
                day=_today,
            ),
            redactor=Redactor(),
        )
        return made

    key = device_key(entry)
    account = await async_account(hass, DOMAIN, key, make)
    account.redactor.add(token, "**token**")
    account.redactor.add(key, "**battery**")
    for name, value in (
        ("serial", entry.data.get(CONF_SERIAL)),
        ("mac", entry.data.get(CONF_MAC)),
        ("unique id", entry.unique_id),
    ):
        account.redactor.add(text(value), f"**{name}**")
    answered = {
        endpoint
        for document, endpoint in _ENDPOINTS.items()
        if f"{key}/{document}" in account.documents
    }
    client = _client(
        hass, address, token, account.budget, account.redactor, clock, answered
    )
    return account, client


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> tuple[Account, SonnenClient]:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    if (token := text(entry.data.get(CONF_TOKEN))) is None:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    try:
        address = address_of(entry.data)
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_address"
        ) from err
    return await async_connect(hass, entry, address, token)


def _client(
    hass: HomeAssistant,
    address: Address,
    token: str,
    budget: Budget,
    redactor: Redactor,
    clock: SystemClock,
    answered: Collection[str] = (),
) -> SonnenClient:
    # The battery signs its certificate itself, so there is nothing to verify.
    session = async_get_clientsession(hass, verify_ssl=False)
    return SonnenClient(
        HttpClient(
            session, address.url, budget=budget, clock=clock, redact=redactor.text
        ),
        token,
        budget=budget,
        redact=redactor.text,
        clock=clock,
        answered=answered,
    )


def _today() -> date:
    return dt_util.now().date()

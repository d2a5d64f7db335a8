"""The one connection to an account on one host, shared by its entry and its flows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, AccountNotes, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api import hosts
from .api.classic_client import ClassicClient
from .api.classic_session import ClassicSession
from .api.limits import login_budget, token_budget
from .api.setter import LoginSetter, Setter, TokenSetter
from .api.token_client import TokenClient
from .api.user_agent import new_user_agent
from .const import (
    CONF_BASE_URL,
    CONF_MODE,
    CONF_PASSWORD_HASH,
    CONF_PLANTS,
    CONF_USER_AGENT,
    CONF_USER_ID,
    CONF_USER_NAME,
    DOMAIN,
    MODE_LOGIN,
    MODE_TOKEN,
    VERSION,
)
from .sources.base import Source
from .sources.login import LoginSource
from .sources.token import TokenSource

PLANTS_DOCUMENT = "plants"
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Credentials:
    """Who asks, and where."""

    mode: str
    base_url: str
    user_agent: str
    token: str = ""
    user_name: str = ""
    password_hash: str = ""

    @property
    def account_id(self) -> str:
        """What the account is remembered under; a new password is no new account."""
        return "\n".join((self.base_url, self.mode, self.token or self.user_name))

    @property
    def data(self) -> dict[str, Any]:
        """What an entry keeps of it."""
        who: dict[str, str] = {CONF_TOKEN: self.token}
        if self.mode == MODE_LOGIN:
            who = {
                CONF_USER_NAME: self.user_name,
                CONF_PASSWORD_HASH: self.password_hash,
            }
        return {
            CONF_MODE: self.mode,
            **who,
            CONF_BASE_URL: self.base_url,
            CONF_USER_AGENT: self.user_agent,
        }


@dataclass(eq=False, repr=False, kw_only=True)
class Connection:
    """What the entry and the flows of one account at one host share."""

    credentials: Credentials
    account: Account
    source: Source
    setter: Setter
    client: TokenClient | ClassicClient
    session: ClassicSession | None = None
    _plants: dict[str, int] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """What the host is called in ids: its key in the table, else its name."""
        return host_name(self.credentials.base_url)

    @property
    def locked_until(self) -> datetime | None:
        """When the lock of the account will end; None if there is none."""
        return self.session.locked_until if self.session is not None else None

    @property
    def last_lock(self) -> datetime | None:
        """When the last lock of the account ends or ended; None without any."""
        return self.session.last_lock if self.session is not None else None

    @callback
    def hide_plants(self, plants: Iterable[str]) -> None:
        """Keep the ids of plants out of logs and diagnostics."""
        for plant in plants:
            number = self._plants.setdefault(plant, len(self._plants) + 1)
            self.account.redactor.add(plant, f"plant {number}")

    @callback
    def hide_entry(self, entry: ConfigEntry[Any]) -> None:
        """Keep out of them what else tells whose account it is."""
        self.account.redactor.add(entry.unique_id, "**account**")
        self.account.redactor.add(text(entry.data.get(CONF_USER_ID)), "**user id**")
        for chosen in (entry.data, entry.options):
            if isinstance(plants := chosen.get(CONF_PLANTS), list):
                self.hide_plants(filter(None, map(text, plants)))


_CONNECTIONS: HassKey[dict[Credentials, Connection]] = HassKey(f"{DOMAIN}.connections")
_SESSION: HassKey[aiohttp.ClientSession] = HassKey(f"{DOMAIN}.session")


def host_name(base_url: str) -> str:
    """Return the key of a host of the vendor, else the name of the host."""
    return hosts.host_key(base_url) or urlsplit(base_url).hostname or base_url


def credentials_of(data: Mapping[str, Any]) -> Credentials:
    """Return the credentials of an entry; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    values = {
        key: text(data.get(key)) or ""
        for key in (CONF_TOKEN, CONF_USER_NAME, CONF_PASSWORD_HASH)
    }
    mode = text(data.get(CONF_MODE))
    needed = {
        MODE_TOKEN: {CONF_TOKEN},
        MODE_LOGIN: {CONF_USER_NAME, CONF_PASSWORD_HASH},
    }.get(mode or "")
    if needed is None or not all(values[key] for key in needed):
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    try:
        base_url = checked_url(text(data.get(CONF_BASE_URL)))
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_server_url"
        ) from err
    return Credentials(
        mode=mode or "",
        base_url=base_url,
        # The same text after each start, also where it was lost
        user_agent=text(data.get(CONF_USER_AGENT)) or new_user_agent(VERSION),
        **{key: value for key, value in values.items() if key in needed},
    )


def checked_url(value: str | None) -> str:
    """Return the address of a server, without a slash at its end.

    Raises ``InvalidServerUrl``. The vendor's own hosts are taken as they are: two of
    them have no https.
    """
    value = (value or "").strip().rstrip("/")
    if value in {host.url for host in hosts.HOSTS}:
        return value
    return server_url(value, hosts.HOSTS[0].url)


async def async_connect(hass: HomeAssistant, credentials: Credentials) -> Connection:
    """Return the connection with these credentials; nothing is sent."""
    account = await _async_account(hass, credentials)
    connections = hass.data.setdefault(_CONNECTIONS, {})
    if (known := connections.get(credentials)) is not None:
        return known
    http = HttpClient(
        _session(hass),
        credentials.base_url,
        budget=account.budget,
        clock=SystemClock(),
        redact=account.redactor.text,
        timeout=_TIMEOUT,
    )
    make = _with_token if credentials.mode == MODE_TOKEN else _with_login
    made = connections[credentials] = make(credentials, account, http)
    return made


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> Connection:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    connection = await async_connect(hass, credentials_of(entry.data))
    connection.hide_entry(entry)
    return connection


def _with_token(
    credentials: Credentials, account: Account, http: HttpClient
) -> Connection:
    client = TokenClient(
        http,
        credentials.token,
        user_agent=credentials.user_agent,
        budget=account.budget,
        clock=SystemClock(),
        redact=account.redactor.text,
    )
    return Connection(
        credentials=credentials,
        account=account,
        source=TokenSource(client, AccountNotes(account)),
        setter=TokenSetter(client),
        client=client,
    )


def _with_login(
    credentials: Credentials, account: Account, http: HttpClient
) -> Connection:
    clock = SystemClock()
    session = ClassicSession(
        http,
        credentials.user_name,
        credentials.password_hash,
        user_agent=credentials.user_agent,
        budget=account.budget,
        notes=AccountNotes(account),
        clock=clock,
        redactor=account.redactor,
    )
    client = ClassicClient(session, clock=clock)
    return Connection(
        credentials=credentials,
        account=account,
        source=LoginSource(client, AccountNotes(account)),
        setter=LoginSetter(client),
        client=client,
        session=session,
    )


async def _async_account(hass: HomeAssistant, credentials: Credentials) -> Account:
    """Return what is remembered of the account; its file is named by a hash."""
    budget = token_budget if credentials.mode == MODE_TOKEN else login_budget

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=budget(SystemClock(), on_change=changed, day=_today),
            redactor=Redactor(),
        )
        return made

    account = await async_account(hass, DOMAIN, credentials.account_id, make)
    account.redactor.add(credentials.token, "**token**")
    account.redactor.add(credentials.user_name, "**user name**")
    account.redactor.add(credentials.password_hash, "**password**")
    return account


@callback
def _session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return a session without cookies: those of an account are its own."""
    if (session := hass.data.get(_SESSION)) is None:
        # Not that of the entry that is set up just now, which would close it
        session = hass.data[_SESSION] = async_create_clientsession(
            hass, auto_cleanup=False, cookie_jar=aiohttp.DummyCookieJar()
        )

        @callback
        def close(_event: Event) -> None:
            session.detach()

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close)
    return session


def _today() -> date:
    return dt_util.now().date()

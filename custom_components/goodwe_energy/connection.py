"""The one connection to an account, shared by its entry and its flows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeIs

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, AccountNotes, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api.client import GoodWeClient
from .api.frame import TIMEOUT, Frame
from .api.limits import make_budget
from .api.regions import Hosts
from .api.session import Session
from .const import (
    CONF_ACCOUNT,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_REGION,
    CONF_SERVER,
    DOMAIN,
    REGION_AUTO,
    REGIONS,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Login:
    """Whose account it is, and where; ``server`` is another one than GoodWe's."""

    account: str
    password: str
    region: str = REGION_AUTO
    server: str | None = None

    @property
    def account_id(self) -> str:
        """What it is remembered under: a new password is no new account."""
        return f"{self.server or ''}\n{self.account.strip().lower()}"

    @property
    def data(self) -> dict[str, Any]:
        """What an entry keeps of it."""
        return {
            CONF_ACCOUNT: self.account,
            CONF_PASSWORD: self.password,
            CONF_REGION: self.region,
            CONF_SERVER: self.server,
        }


@dataclass(eq=False, repr=False, kw_only=True)
class Connection:
    """What the entry and the flows of one account share."""

    login: Login
    account: Account
    client: GoodWeClient

    @property
    def session(self) -> Session:
        """The session of the account."""
        return self.client.session

    @callback
    def hide_plants(self, plants: Iterable[str]) -> None:
        """Keep the ids of plants out of logs and diagnostics."""
        for plant in plants:
            self.client.hidden.station(plant)

    @callback
    def hide_entry(self, entry: ConfigEntry[Any]) -> None:
        """Keep out of them what else tells whose account it is."""
        self.account.redactor.add(entry.unique_id, "**account**")
        for chosen in (entry.data, entry.options):
            if isinstance(plants := chosen.get(CONF_PLANTS), list):
                self.hide_plants(filter(None, map(text, plants)))


_CONNECTIONS: HassKey[dict[Login, Connection]] = HassKey(f"{DOMAIN}.connections")


def login_of(data: Mapping[str, Any]) -> Login:
    """Return the login of an entry; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    account, password = text(data.get(CONF_ACCOUNT)), data.get(CONF_PASSWORD)
    if not account or not can_be_password(password):
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    region = text(data.get(CONF_REGION))
    try:
        server = server_url(text(data.get(CONF_SERVER)), "") or None
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_server_url"
        ) from err
    return Login(
        account=account,
        password=password,
        region=region if region in REGIONS else REGION_AUTO,
        server=server,
    )


def can_be_password(value: object) -> TypeIs[str]:
    """Whether this can be one: blanks belong to it, half characters cannot be sent."""
    return (
        isinstance(value, str) and value.encode(errors="ignore").decode() == value != ""
    )


async def async_connect(hass: HomeAssistant, login: Login) -> Connection:
    """Return the connection with this login; nothing is sent.

    Whoever asks with the same login gets the same one. Those of one account share its
    session: two would end each other (reference section 10.15).
    """
    account = await _async_account(hass, login)
    connections = hass.data.setdefault(_CONNECTIONS, {})
    if (known := connections.get(login)) is not None:
        return known
    made = connections[login] = _make(hass, login, account)
    return made


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> Connection:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    connection = await async_connect(hass, login_of(entry.data))
    connection.hide_entry(entry)
    return connection


def _make(hass: HomeAssistant, login: Login, account: Account) -> Connection:
    clock, redactor = SystemClock(), account.redactor

    def http(base_url: str) -> HttpClient:
        return HttpClient(
            async_get_clientsession(hass),
            base_url,
            budget=account.budget,
            clock=clock,
            redact=redactor.text,
            timeout=TIMEOUT,
        )

    frame = Frame(http, clock=clock, redact=redactor.text)
    session = Session(
        frame,
        Hosts(region=login.region, server=login.server, country=hass.config.country),
        login.account,
        login.password,
        budget=account.budget,
        notes=AccountNotes(account),
        redactor=redactor,
    )
    return Connection(
        login=login,
        account=account,
        client=GoodWeClient(frame, session, redactor=redactor),
    )


async def _async_account(hass: HomeAssistant, login: Login) -> Account:
    """Return what is remembered of the account; its file is named by a hash."""

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=make_budget(SystemClock(), on_change=changed, day=_today),
            redactor=Redactor(),
        )
        return made

    account = await async_account(hass, DOMAIN, login.account_id, make)
    account.redactor.add(login.account, "**account**")
    account.redactor.add(login.password, "**password**")
    return account


def _today() -> date:
    return dt_util.now().date()

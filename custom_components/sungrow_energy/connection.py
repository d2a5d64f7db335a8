"""The one connection to an application, shared by its entry and its flows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import mapping, text
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, AccountNotes, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api import frame as wire, regions
from .api.access import Flavour
from .api.client import SungrowClient
from .api.encryption import InvalidPublicKey
from .api.frame import TIMEOUT, Frame
from .api.limits import make_budget
from .api.login import LoginSession
from .api.oauth import OAuthClient
from .const import (
    CONF_APP_KEY,
    CONF_APPLICATION_ID,
    CONF_AUTH_USER,
    CONF_BASE_URL,
    CONF_MODE,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_PUBLIC_KEY,
    CONF_REGION,
    CONF_SECRET,
    CONF_TOKEN,
    CONF_USER_NAME,
    CONF_WEB_URL,
    DOMAIN,
    MODE_LOGIN,
    MODE_OAUTH,
)
from .credentials import OAuthCredentials, TokenKeeper
from .token_store import TokenState, TokenStore

_PLAIN = (CONF_MODE, CONF_REGION, CONF_BASE_URL, CONF_APP_KEY, CONF_SECRET)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Application:
    """An application of the developer portal, and whose plants it reads."""

    mode: str
    region: str
    base_url: str
    web_url: str
    app_key: str
    secret: str
    application_id: str = ""
    public_key: str | None = None
    user_name: str = ""
    password: str = ""

    @property
    def account_id(self) -> str:
        """What it is remembered under: a new secret or password is no new account."""
        who = self.application_id
        if self.mode == MODE_LOGIN:
            who = f"{self.app_key}\n{self.user_name}"
        return f"{self.base_url}\n{self.mode}\n{who}"

    @property
    def data(self) -> dict[str, Any]:
        """What an entry keeps of it."""
        who = {CONF_APPLICATION_ID: self.application_id}
        if self.mode == MODE_LOGIN:
            who |= {CONF_USER_NAME: self.user_name, CONF_PASSWORD: self.password}
        return {
            CONF_MODE: self.mode,
            CONF_REGION: self.region,
            CONF_BASE_URL: self.base_url,
            CONF_WEB_URL: self.web_url,
            CONF_APP_KEY: self.app_key,
            CONF_SECRET: self.secret,
            CONF_PUBLIC_KEY: self.public_key,
            **who,
        }


@dataclass(eq=False, repr=False, kw_only=True)
class Connection:
    """What the entry and the flows of one application share."""

    application: Application
    account: Account
    client: SungrowClient
    credentials: OAuthCredentials | LoginSession
    keeper: TokenKeeper | None = None
    oauth: OAuthClient | None = None
    session: LoginSession | None = None
    _plants: dict[str, int] = field(default_factory=dict)

    @property
    def entry_token(self) -> dict[str, Any]:
        """What an entry keeps of the tokens; empty without any."""
        state = self.keeper.state if self.keeper is not None else None
        return state.entry_token if state is not None else {}

    async def async_adopt(self, state: TokenState) -> None:
        """Take over the tokens of a new authorization; on disk when this returns.

        Raises ``TransportError`` if they cannot be written.
        """
        if self.keeper is not None:
            self.hide_tokens(await self.keeper.take(state))

    @callback
    def hide_plants(self, plants: Iterable[str]) -> None:
        """Keep the ids of plants out of logs and diagnostics."""
        for plant in plants:
            self.hide_plant(plant)

    @callback
    def hide_plant(self, plant: str) -> str:
        """Keep the id of a plant out of them; return what is shown in its place."""
        shown = f"plant {self._plants.setdefault(plant, len(self._plants) + 1)}"
        self.account.redactor.add(plant, shown)
        return shown

    @callback
    def hide_entry(self, entry: ConfigEntry[Any]) -> None:
        """Keep out of them what else tells whose account it is."""
        self.account.redactor.add(entry.unique_id, "**account**")
        self.account.redactor.add(text(entry.data.get(CONF_AUTH_USER)), "**user id**")
        token = mapping(entry.data.get(CONF_TOKEN))
        self.hide_tokens(TokenState.of(token))
        for chosen in (
            entry.data.get(CONF_PLANTS),
            entry.options.get(CONF_PLANTS),
            token.get("auth_ps_list"),
        ):
            if isinstance(chosen, list):
                self.hide_plants(filter(None, map(text, chosen)))

    @callback
    def hide_tokens(self, state: TokenState | None) -> None:
        """Keep tokens out of them."""
        if state is not None:
            self.account.redactor.add(state.access, "**token**")
            self.account.redactor.add(state.refresh, "**token**")


_CONNECTIONS: HassKey[dict[Application, Connection]] = HassKey(f"{DOMAIN}.connections")
_KEEPERS: HassKey[dict[str, TokenKeeper]] = HassKey(f"{DOMAIN}.token_keepers")


def application_of(data: Mapping[str, Any]) -> Application:
    """Return the application of an entry; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    mode, region, base_url, app_key, secret = (
        text(data.get(key)) or "" for key in _PLAIN
    )
    needed = {
        MODE_OAUTH: {CONF_APPLICATION_ID},
        MODE_LOGIN: {CONF_USER_NAME, CONF_PASSWORD},
    }.get(mode)
    who = {
        key: text(data.get(key)) or ""
        for key in (CONF_APPLICATION_ID, CONF_USER_NAME, CONF_PASSWORD)
    }
    known = app_key and secret and needed is not None
    if not known or not all(who[key] for key in needed or ()):
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    home = regions.region(region)
    try:
        base_url = server_url(base_url, home.base_url if home else "")
        web_url = server_url(
            text(data.get(CONF_WEB_URL)), home.web_url if home else base_url
        )
    except InvalidServerUrl as err:
        raise _invalid_url() from err
    if not base_url:
        raise _invalid_url()
    return Application(
        mode=mode,
        region=region,
        base_url=base_url,
        web_url=web_url,
        app_key=app_key,
        secret=secret,
        public_key=text(data.get(CONF_PUBLIC_KEY)),
        **{key: value for key, value in who.items() if key in (needed or ())},
    )


async def async_connect(hass: HomeAssistant, application: Application) -> Connection:
    """Return the connection of an application; nothing is sent.

    Raises ``InvalidPublicKey``.
    """
    account = await _async_account(hass, application)
    keeper = None
    if application.mode == MODE_OAUTH:
        keeper = _keeper(hass, application)
        await keeper.load()
    connections = hass.data.setdefault(_CONNECTIONS, {})
    if (known := connections.get(application)) is not None:
        return known
    made = connections[application] = _make(hass, application, account, keeper)
    return made


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> Connection:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    try:
        connection = await async_connect(hass, application_of(entry.data))
    except InvalidPublicKey as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_public_key"
        ) from err
    connection.hide_entry(entry)
    if connection.keeper is not None:
        await connection.keeper.load(TokenState.of(entry.data.get(CONF_TOKEN)))
    return connection


async def async_forget_tokens(hass: HomeAssistant, application: Application) -> None:
    """Delete the tokens of an application that no entry has any more."""
    keeper = hass.data.get(_KEEPERS, {}).pop(application.account_id, None)
    if keeper is not None:
        keeper.retire()
        connections = hass.data.get(_CONNECTIONS, {})
        for known in list(connections):
            if known.account_id == application.account_id:
                del connections[known]
    await TokenStore(hass, application.account_id).remove()


def _make(
    hass: HomeAssistant,
    application: Application,
    account: Account,
    keeper: TokenKeeper | None,
) -> Connection:
    clock, redactor = SystemClock(), account.redactor
    http = HttpClient(
        async_get_clientsession(hass),
        application.base_url,
        budget=account.budget,
        clock=clock,
        redact=redactor.text,
        timeout=TIMEOUT,
    )
    keys = wire.Application(
        app_key=application.app_key,
        secret=application.secret,
        public_key=application.public_key,
    )
    frame = Frame(http, keys, clock=clock, redact=redactor.text)
    if keeper is not None:
        keeper.begin_anew()
        oauth = OAuthClient(frame, keys, redactor=redactor)
        credentials = OAuthCredentials(keeper, oauth.refresh)
        return Connection(
            application=application,
            account=account,
            client=SungrowClient(frame, credentials, Flavour.OAUTH, clock=clock),
            credentials=credentials,
            keeper=keeper,
            oauth=oauth,
        )
    session = LoginSession(
        frame,
        keys,
        application.user_name,
        application.password,
        budget=account.budget,
        notes=AccountNotes(account),
        redactor=redactor,
    )
    return Connection(
        application=application,
        account=account,
        client=SungrowClient(frame, session, Flavour.LOGIN, clock=clock),
        credentials=session,
        session=session,
    )


@callback
def _keeper(hass: HomeAssistant, application: Application) -> TokenKeeper:
    """Return the one holder of the application's tokens."""
    keepers = hass.data.setdefault(_KEEPERS, {})
    if (found := keepers.get(application.account_id)) is None:
        found = keepers[application.account_id] = TokenKeeper(
            TokenStore(hass, application.account_id),
            clock=SystemClock(),
            # Home Assistant waits for it when it stops
            spawn=lambda work: hass.async_create_task(work, f"{DOMAIN} tokens"),
        )
    return found


async def _async_account(hass: HomeAssistant, application: Application) -> Account:
    """Return what is remembered of the account; its file is named by a hash."""

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=make_budget(SystemClock(), on_change=changed, day=_today),
            redactor=Redactor(),
        )
        return made

    account = await async_account(hass, DOMAIN, application.account_id, make)
    for value, label in (
        (application.secret, "**secret**"),
        (application.app_key, "**app key**"),
        (application.application_id, "**application**"),
        (application.user_name, "**user name**"),
        (application.password, "**password**"),
        (application.public_key, "**public key**"),
    ):
        account.redactor.add(value, label)
    return account


def _invalid_url() -> ConfigEntryError:
    return ConfigEntryError(
        translation_domain=DOMAIN, translation_key="invalid_server_url"
    )


def _today() -> date:
    return dt_util.now().date()

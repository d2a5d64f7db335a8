"""Setting up an account: token or login, region, plants."""

from collections.abc import Mapping
from datetime import datetime
import math
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_PASSWORD, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
import probatio

from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    NotPermittedError,
    ThrottledError,
)
from ._vendor.core.ha.flow import (
    CONF_SERVER_URL,
    SECTION_EXPERT,
    InvalidServerUrl,
    expert_url,
)
from ._vendor.core.ha.kept_secrets import KeptSecrets
from .api import hosts
from .api.errors import LOGIN_REFUSED
from .api.password import modified_md5
from .api.user_agent import new_user_agent, valid_user_agent
from .connection import Credentials, checked_url
from .const import (
    CONF_BASE_URL,
    CONF_MODE,
    CONF_PASSWORD_HASH,
    CONF_PLANTS,
    CONF_REGION,
    CONF_USER_AGENT,
    CONF_USER_ID,
    CONF_USER_NAME,
    DOMAIN,
    MODE_LOGIN,
    MODE_TOKEN,
    REGION_AUTOMATIC,
    VERSION,
)
from .control import async_center
from .discovery import Found
from .forms import login_form, plants_form, secret_form, token_form
from .memory import leave
from .options_flow import GrowattOptionsFlow
from .search import async_search

# What is said where nobody told how long to wait
_WAIT = 300.0
_REASONS = frozenset({"ua_blocked", "unknown_region", "wrong_host"})


class GrowattFlow(ConfigFlow, domain=DOMAIN):
    """Takes a token or a login, and the plants of it that are served."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._found: Found | None = None
        self._wait = _WAIT
        self._locked_until: datetime | None = None
        self._detail = ""
        self._secrets = KeptSecrets()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> GrowattOptionsFlow:
        """Return the flow for what may be tuned."""
        return GrowattOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let people choose how the account is reached."""
        return self.async_show_menu(step_id="user", menu_options=["token", "login"])

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change credentials or server; also from token to login and back."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["token", "login"],
            description_placeholders={"account": self._get_reconfigure_entry().title},
        )

    async def async_step_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the API token and try it."""
        return await self._credentials(MODE_TOKEN, user_input)

    async def async_step_login(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for user name and password and log in."""
        return await self._credentials(MODE_LOGIN, user_input)

    async def async_step_plants(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which plants are served, where there are several."""
        found, errors = self._account, {}
        if user_input is not None:
            if chosen := user_input[CONF_PLANTS]:
                return self._create(found, chosen)
            errors = {CONF_PLANTS: "no_plants_chosen"}
        names = {key: plant.name for key, plant in found.plants.items()}
        return self._form("plants", plants_form(names), errors)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the credentials were refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token or password; the server stays."""
        entry = self._get_reauth_entry()
        login = entry.data.get(CONF_MODE) == MODE_LOGIN
        field, errors = (CONF_PASSWORD if login else CONF_TOKEN), {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try(
                MODE_LOGIN if login else MODE_TOKEN,
                {**_server_of(entry), CONF_USER_NAME: _user_of(entry), **user_input},
                field,
            )
            if not errors:
                return await self._store(entry)
        return self._form(
            "reauth_confirm", secret_form(field), errors, account=entry.title
        )

    async def _credentials(
        self, mode: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        change = self.source == SOURCE_RECONFIGURE
        entry = self._get_reconfigure_entry() if change else None
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            field = CONF_TOKEN if mode == MODE_TOKEN else CONF_PASSWORD
            errors = await self._try(mode, user_input, field)
            if not errors and entry is not None:
                return await self._store(entry)
            if not errors:
                return await self._add()
        shown = user_input or {}
        if entry is not None and not shown:
            shown = {**_server_of(entry), CONF_USER_NAME: _user_of(entry)}
        make = token_form if mode == MODE_TOKEN else login_form
        return self._form(
            mode, make(shown), errors, account=entry.title if entry else ""
        )

    async def _add(self) -> ConfigFlowResult:
        found = self._account
        await self.async_set_unique_id(found.unique_id)
        self._abort_if_unique_id_configured()
        if len(found.plants) > 1:
            return await self.async_step_plants()
        return self._create(found, list(found.plants))

    def _create(self, found: Found, plants: list[str]) -> ConfigFlowResult:
        return self.async_create_entry(
            title=found.plants[plants[0]].name,
            data={
                **found.connection.credentials.data,
                CONF_USER_ID: found.user_id,
                CONF_PLANTS: plants,
            },
        )

    async def _store(self, entry: ConfigEntry[Any]) -> ConfigFlowResult:
        """Change the entry; it keeps its plants. Aborts for another account."""
        found = self._account.known_as(text(entry.data.get(CONF_USER_ID)))
        if found.user_id != entry.data.get(CONF_USER_ID):
            return self.async_abort(reason="wrong_account")
        for other in self._async_current_entries(include_ignore=False):
            if other is not entry and other.unique_id == found.unique_id:
                return self.async_abort(reason="already_configured")
        mode = found.connection.credentials.mode
        if mode != entry.data.get(CONF_MODE):
            # The other way may not be able to end what this one has begun.
            center = await async_center(self.hass)
            await center.async_end(entry, "reconfigured")
        leave(self.hass, entry)
        return self.async_update_reload_and_abort(
            entry,
            unique_id=found.unique_id,
            data={
                **found.connection.credentials.data,
                CONF_USER_ID: found.user_id,
                CONF_PLANTS: entry.data.get(CONF_PLANTS, []),
            },
            reason=(
                "reauth_successful"
                if self.source == SOURCE_REAUTH
                else "reconfigure_successful"
            ),
        )

    @property
    def _account(self) -> Found:
        if self._found is None:
            raise RuntimeError("no account was found yet")
        return self._found

    async def _try(
        self, mode: str, user_input: dict[str, Any], field: str
    ) -> dict[str, str]:
        """Reach the account; return the form's errors."""
        token = (text(user_input.get(CONF_TOKEN)) or "").strip()
        if mode == MODE_TOKEN and (not token or not token.isprintable()):
            return {CONF_TOKEN: "invalid_auth"}
        try:
            base_url = _url_of(user_input)
        except InvalidServerUrl as err:
            return {"base": str(err)}
        agent = _agent_of(user_input)
        if agent is None:
            return {"base": "invalid_user_agent"}
        who = (
            {CONF_TOKEN: token}
            if mode == MODE_TOKEN
            else {
                CONF_USER_NAME: (text(user_input.get(CONF_USER_NAME)) or "").strip(),
                CONF_PASSWORD_HASH: modified_md5(
                    str(user_input.get(CONF_PASSWORD, ""))
                ),
            }
        )
        credentials = Credentials(
            mode=mode, base_url=base_url or checked_url(None), user_agent=agent, **who
        )
        try:
            self._found = await async_search(
                self.hass, credentials, automatic=base_url is None
            )
        except ApiError as err:
            return self._error(err, field)
        if not self._found.plants or not self._found.user_id:
            return {"base": "no_plants"}
        return {}

    def _error(self, err: ApiError, field: str) -> dict[str, str]:
        """Return what a form says of an error."""
        if isinstance(err, LockedError):
            self._locked_until = err.until
            return {"base": "locked"}
        if err.reason == "permission" and isinstance(
            err, AuthError | NotPermittedError
        ):
            return {field: "permission"}
        if err.reason == LOGIN_REFUSED:
            self._detail = str(err)  # redacted, as all errors are
            return {"base": "login_refused"}
        if err.reason in _REASONS:
            return {"base": str(err.reason)}
        if isinstance(err, AuthError):
            return {field: "invalid_auth"}
        if isinstance(err, ThrottledError):
            self._wait = err.retry_after or _WAIT
            return {"base": "rate_limit"}
        return {"base": "cannot_connect"}

    def _form(
        self,
        step_id: str,
        schema: probatio.Schema,
        errors: dict[str, str],
        *,
        account: str = "",
    ) -> ConfigFlowResult:
        until = self._locked_until
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._secrets.marks(schema, errors)
            ),
            errors=errors,
            description_placeholders={
                "account": account,
                "default_url": checked_url(None),
                "detail": self._detail,
                "seconds": str(math.ceil(self._wait)),
                "until": (
                    dt_util.as_local(until).strftime("%Y-%m-%d %H:%M") if until else "?"
                ),
            },
        )


def _url_of(user_input: Mapping[str, Any]) -> str | None:
    """Return the server that was chosen; None to have it found.

    Raises ``InvalidServerUrl``.
    """
    expert = user_input.get(SECTION_EXPERT) or {}
    if text(expert.get(CONF_SERVER_URL)):
        return checked_url(expert_url(user_input, ""))
    region = user_input.get(CONF_REGION, REGION_AUTOMATIC)
    for host in hosts.HOSTS:
        if host.key == region:
            return host.url
    return None


def _agent_of(user_input: Mapping[str, Any]) -> str | None:
    """Return the User-Agent that was chosen, else a new one; None for a bad one."""
    agent = text((user_input.get(SECTION_EXPERT) or {}).get(CONF_USER_AGENT))
    if agent is None:
        return new_user_agent(VERSION)
    return agent if valid_user_agent(agent) else None


def _server_of(entry: ConfigEntry[Any]) -> dict[str, Any]:
    """Return the server of an entry as a form has it."""
    url = text(entry.data.get(CONF_BASE_URL))
    key = hosts.host_key(url) if url else None
    expert = {CONF_USER_AGENT: text(entry.data.get(CONF_USER_AGENT))}
    if key is None or url not in {host.url for host in hosts.HOSTS}:
        expert[CONF_SERVER_URL] = url
    return {CONF_REGION: key or REGION_AUTOMATIC, SECTION_EXPERT: expert}


def _user_of(entry: ConfigEntry[Any]) -> str | None:
    return text(entry.data.get(CONF_USER_NAME))

"""Setting up a site: token, site and name."""

from collections.abc import Mapping
import math
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_NAME, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
import probatio

from . import driver
from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import (
    ApiError,
    AuthError,
    ThrottledError,
    TransportError,
)
from ._vendor.core.ha.flow import InvalidServerUrl, expert_url
from ._vendor.core.ha.kept_secrets import KeptSecrets
from ._vendor.core.ha.reauth import end_reauth
from .api.client import DEFAULT_URL
from .connection import SITES_DOCUMENT, async_connect
from .const import CONF_BASE_URL, CONF_SITE_ID, DEVELOPER_URL, DOMAIN
from .driver import Site
from .forms import change_form, site_form, token_form
from .memory import credentials_of, entries_of, leave_connection
from .options_flow import AmberOptionsFlow

# What is said where nobody told how long to wait
_WAIT = 60.0


class AmberFlow(ConfigFlow, domain=DOMAIN):
    """Takes a token and one of its sites."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._data: dict[str, Any] = {}
        self._sites: dict[str, Site] = {}
        self._wait = _WAIT
        self._secrets = KeptSecrets()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> AmberOptionsFlow:
        """Return the flow for what may be tuned."""
        return AmberOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token and try it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try(user_input)
            if not errors and not (usable := _usable(self._sites)):
                errors = {"base": "no_site"}
            if not errors:
                taken = self._async_current_ids(include_ignore=False)
                self._sites = {site.id: site for site in usable if site.id not in taken}
                if not self._sites:
                    return self.async_abort(reason="already_configured")
                return await self.async_step_site()
        return self._form("user", token_form(_shown_url(user_input)), errors)

    async def async_step_site(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which site, and what it is called here."""
        if user_input is not None:
            site = self._sites[user_input[CONF_SITE_ID]]
            await self.async_set_unique_id(site.id)
            self._abort_if_unique_id_configured()
            name = (user_input.get(CONF_NAME) or "").strip() or _name(site)
            return self.async_create_entry(
                title=name, data={**self._data, CONF_SITE_ID: site.id}
            )
        sites = list(self._sites.values())
        suggested = _name(sites[0]) if len(sites) == 1 else None
        return self._form("site", site_form(sites, suggested), {})

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the token was refused, once for all sites of the token."""
        if self._asks_already():
            return self.async_abort(reason="already_in_progress")
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token."""
        return await self._change("reauth_confirm", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change token, name or server; the site is the entry itself."""
        return await self._change("reconfigure", user_input)

    async def _change(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        reauth = self.source == SOURCE_REAUTH
        entry = self._get_reauth_entry() if reauth else self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            token = text(entry.data.get(CONF_TOKEN)) or ""
            errors = await self._try({CONF_TOKEN: token, **user_input})
            if not errors and _site_id(entry) not in self._sites:
                errors = {CONF_TOKEN: "wrong_account"}
            if not errors:
                return self._store(entry, user_input.get(CONF_NAME) or "")
        url = _shown_url(user_input, entry.data.get(CONF_BASE_URL))
        if reauth:
            schema = token_form(url)
        else:
            shown = (user_input or {}).get(CONF_NAME) or entry.title
            schema = change_form(shown, url)
        return self._form(step_id, schema, errors, site=entry.title)

    def _store(self, entry: ConfigEntry[Any], name: str) -> ConfigFlowResult:
        """Change the entry; what it remembers comes along."""
        if self.source == SOURCE_REAUTH:
            self._store_for_others(entry)
        leave_connection(self.hass, entry)
        return self.async_update_reload_and_abort(
            entry, title=name.strip() or entry.title, data=self._data_of(entry)
        )

    def _store_for_others(self, entry: ConfigEntry[Any]) -> None:
        """Let the account's other sites use the new token: theirs is refused as well."""
        for other in entries_of(self.hass, credentials_of(entry)):
            if other is entry or _site_id(other) not in self._sites:
                continue
            leave_connection(self.hass, other)
            self.hass.config_entries.async_update_entry(
                other, data=self._data_of(other)
            )
            end_reauth(self.hass, [other])
            self.hass.config_entries.async_schedule_reload(other.entry_id)

    def _asks_already(self) -> bool:
        """Tell whether the token is asked for already, for another of its sites."""
        asking = {
            flow["context"].get("entry_id")
            for flow in self.hass.config_entries.flow.async_progress_by_handler(
                DOMAIN, match_context={"source": SOURCE_REAUTH}
            )
        }
        entry = self._get_reauth_entry()
        others = entries_of(self.hass, credentials_of(entry))
        return any(other.entry_id in asking for other in others if other is not entry)

    def _data_of(self, entry: ConfigEntry[Any]) -> dict[str, Any]:
        return {**self._data, CONF_SITE_ID: _site_id(entry)}

    async def _try(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Read the list of sites; return the form's errors."""
        token = user_input[CONF_TOKEN].strip()
        if not token or not token.isprintable():
            return {CONF_TOKEN: "invalid_auth"}
        try:
            base_url = expert_url(user_input, DEFAULT_URL)
        except InvalidServerUrl as err:
            return {"base": str(err)}
        connection = await async_connect(self.hass, token, base_url)
        try:
            raw = await connection.client.list_sites()
            received_at = dt_util.utcnow()
            self._sites = dict(driver.sites(raw, received_at).sites)
        except ApiError as err:
            return self._error(err)
        for site in self._sites.values():
            connection.hide(site.id, site.nmi)
        # The set-up that follows does not have to read it again.
        connection.account.put(SITES_DOCUMENT, raw, received_at)
        self._data = {CONF_TOKEN: token}
        if base_url != DEFAULT_URL:
            self._data[CONF_BASE_URL] = base_url
        return {}

    def _error(self, err: ApiError) -> dict[str, str]:
        match err:
            case AuthError():
                return {CONF_TOKEN: "invalid_auth"}
            case ThrottledError():
                self._wait = err.retry_after or _WAIT
            case TransportError(reason="gateway_throttled"):
                self._wait = _WAIT
            case _:
                return {"base": "cannot_connect"}
        return {"base": "rate_limited"}

    def _form(
        self,
        step_id: str,
        schema: probatio.Schema,
        errors: dict[str, str],
        *,
        site: str = "",
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._secrets.marks(schema, errors)
            ),
            errors=errors,
            description_placeholders={
                "portal": DEVELOPER_URL,
                "site": site,
                "default_url": DEFAULT_URL,
                "seconds": str(math.ceil(self._wait)),
            },
        )


def _site_id(entry: ConfigEntry[Any]) -> str | None:
    """Return an entry's site; it may be damaged."""
    return text(entry.data.get(CONF_SITE_ID)) or entry.unique_id


def _usable(sites: Mapping[str, Site]) -> list[Site]:
    """Return what can be set up: no closed site, active ones first, one per meter."""
    found: dict[str, Site] = {}
    for site in sorted(sites.values(), key=lambda site: site.status == "pending"):
        if site.status != "closed":
            found.setdefault(site.nmi or site.id, site)
    return list(found.values())


def _name(site: Site) -> str:
    return f"Amber {(site.nmi or site.id)[-4:]}"


def _shown_url(
    user_input: Mapping[str, Any] | None, known: str | None = None
) -> str | None:
    """Return what stands in the expert section."""
    if user_input is None:
        return known
    return (user_input.get("expert") or {}).get("server_url")

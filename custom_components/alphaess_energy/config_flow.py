"""Setting up an account: credentials, systems, options."""

from collections.abc import Mapping
from typing import Any, override
from zoneinfo import available_timezones

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import probatio

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.errors import error_key
from ._vendor.core.ha.flow import (
    PASSWORD,
    InvalidServerUrl,
    expert_section,
    expert_url,
)
from ._vendor.core.ha.kept_secrets import KeptSecrets
from .api.client import DEFAULT_URL
from .binding import BindingSteps
from .connection import async_connect
from .const import (
    CONF_ALLOW_CONTROL,
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_ASSUME_ENABLED,
    CONF_BASE_URL,
    CONF_HISTORY_DAYS,
    CONF_LIVE_INTERVAL,
    CONF_TIME_ZONE,
    DOMAIN,
    HISTORY_MAX_DAYS,
    LIVE_INTERVAL,
    LIVE_INTERVAL_MAX,
    LIVE_INTERVAL_MIN,
    NAME,
    PORTAL_URL,
)


class AlphaEssFlow(BindingSteps, ConfigFlow, domain=DOMAIN):
    """Takes the developer's credentials; adds a system where there is none yet."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing known."""
        super().__init__()
        self._data: dict[str, Any] = {}
        self._secrets = KeptSecrets()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> AlphaEssOptionsFlow:
        """Return the flow for what may be tuned."""
        return AlphaEssOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials and try them."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            app_id = user_input[CONF_APP_ID].strip()
            await self.async_set_unique_id(app_id)
            self._abort_if_unique_id_configured()
            errors = await self._try(app_id, user_input)
            if not errors:
                if self.found:
                    return await self.async_finish()
                return await self.async_step_add_system()
        return self._credentials_form("user", user_input, errors, ask_app_id=True)

    @override
    async def async_finish(self) -> ConfigFlowResult:
        """Store the account."""
        app_id = self._data[CONF_APP_ID]
        return self.async_create_entry(title=f"{NAME} {app_id[-4:]}", data=self._data)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the credentials were refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new secret."""
        return await self._change("reauth_confirm", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the secret or the server."""
        return await self._change("reconfigure", user_input)

    async def _change(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        entry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try(entry.data[CONF_APP_ID], user_input)
            if not errors:
                return self.async_update_reload_and_abort(entry, data=self._data)
        shown = user_input or {"expert": {"server_url": entry.data.get(CONF_BASE_URL)}}
        return self._credentials_form(
            step_id, shown, errors, ask_app_id=False, account=entry.title
        )

    async def _try(self, app_id: str, user_input: dict[str, Any]) -> dict[str, str]:
        """Read the list of systems; return the form's errors."""
        secret = user_input[CONF_APP_SECRET].strip()
        try:
            base_url = expert_url(user_input, DEFAULT_URL)
        except InvalidServerUrl as err:
            return {"base": str(err)}
        self.account, self.client = await async_connect(
            self.hass, app_id, secret, base_url
        )
        try:
            await self.async_read_systems()
        except ApiError as err:
            key = error_key(err)
            field = CONF_APP_SECRET if key == "invalid_auth" else "base"
            return {field: key}
        self._data = {CONF_APP_ID: app_id, CONF_APP_SECRET: secret}
        if base_url != DEFAULT_URL:
            self._data[CONF_BASE_URL] = base_url
        return {}

    def _credentials_form(
        self,
        step_id: str,
        shown: dict[str, Any] | None,
        errors: dict[str, str],
        *,
        ask_app_id: bool,
        account: str = "",
    ) -> ConfigFlowResult:
        shown = shown or {}
        fields: dict[Any, Any] = {}
        if ask_app_id:
            fields[
                probatio.Required(
                    CONF_APP_ID,
                    description={"suggested_value": shown.get(CONF_APP_ID)},
                )
            ] = TextSelector()
        fields[probatio.Required(CONF_APP_SECRET)] = PASSWORD
        fields |= expert_section((shown.get("expert") or {}).get("server_url"))
        schema = probatio.Schema(fields)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._secrets.marks(schema, errors)
            ),
            errors=errors,
            description_placeholders={
                "portal": PORTAL_URL,
                "account": account,
                "default_url": DEFAULT_URL,
            },
        )


class AlphaEssOptionsFlow(BindingSteps, OptionsFlowWithReload):
    """Tunes an account, or adds a system to it."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose."""
        return self.async_show_menu(
            step_id="init", menu_options=["settings", "bind"], sort=False
        )

    async def async_step_bind(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a system with the entry's own credentials."""
        data = self.config_entry.data
        self.account, self.client = await async_connect(
            self.hass,
            data[CONF_APP_ID],
            data[CONF_APP_SECRET],
            data.get(CONF_BASE_URL, DEFAULT_URL),
        )
        return await self.async_step_add_system()

    @override
    async def async_finish(self) -> ConfigFlowResult:
        """Have the new system show up; the options stay as they are."""
        self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for cadence, zone, history and control."""
        if user_input is not None:
            return self.async_create_entry(
                data={
                    **user_input,
                    CONF_LIVE_INTERVAL: int(user_input[CONF_LIVE_INTERVAL]),
                    CONF_HISTORY_DAYS: int(user_input[CONF_HISTORY_DAYS]),
                }
            )
        zones = await self.hass.async_add_executor_job(_time_zones)
        schema = probatio.Schema(
            {
                probatio.Required(CONF_LIVE_INTERVAL, default=LIVE_INTERVAL): (
                    NumberSelector(
                        NumberSelectorConfig(
                            min=LIVE_INTERVAL_MIN,
                            max=LIVE_INTERVAL_MAX,
                            step=1,
                            unit_of_measurement="s",
                            mode=NumberSelectorMode.BOX,
                        )
                    )
                ),
                probatio.Optional(CONF_TIME_ZONE): SelectSelector(
                    SelectSelectorConfig(
                        options=zones, mode=SelectSelectorMode.DROPDOWN
                    )
                ),
                probatio.Required(CONF_HISTORY_DAYS, default=0): NumberSelector(
                    NumberSelectorConfig(
                        min=0,
                        max=HISTORY_MAX_DAYS,
                        step=1,
                        unit_of_measurement="d",
                        mode=NumberSelectorMode.BOX,
                    )
                ),
                probatio.Required(CONF_ALLOW_CONTROL, default=True): BooleanSelector(),
                probatio.Required(
                    CONF_ASSUME_ENABLED, default=False
                ): BooleanSelector(),
            }
        )
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                schema, self.config_entry.options
            ),
            description_placeholders={"zone": self.hass.config.time_zone},
        )


def _time_zones() -> list[str]:
    return sorted(available_timezones())

"""Setting up an account: login, plants, whether to control."""

from collections.abc import Mapping
import math
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import callback
import probatio

from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import (
    ApiError,
    MaintenanceError,
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
from .api.errors import AGREEMENT, LOGIN_PARAMETERS, SESSION, WRONG_PASSWORD
from .connection import Login, can_be_password
from .const import (
    CONF_ACCOUNT,
    CONF_ALLOW_CONTROL,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_REGION,
    CONF_SERVER,
    DOMAIN,
    NAME,
    PORTAL_URL,
)
from .discovery import (
    Found,
    Rights,
    async_log_in,
    async_plants,
    async_renamed,
    async_rights,
    rights_texts,
)
from .forms import account_form, control_form, plants_form
from .options_flow import GoodWeOptionsFlow
from .readings import PlantEntry

# What is said where nobody told how long to wait
_WAIT = 300.0


class GoodWeFlow(ConfigFlow, domain=DOMAIN):
    """Takes the login of an account, and the plants of it that are served."""

    VERSION = 1
    MINOR_VERSION = 1

    # Known from the step on that finds them
    _found: Found
    _plants: dict[str, PlantEntry]
    _chosen: list[str]
    _rights: Rights

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._wait = _WAIT
        self._secrets = KeptSecrets()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> GoodWeOptionsFlow:
        """Return the flow for what may be tuned."""
        return GoodWeOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the login of an account and try it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            if self._has(user_input):
                return self.async_abort(reason="already_configured")
            errors = await self._log_in(user_input) or await self._list()
            if not errors:
                return await self._begin()
        return self._form("user", account_form(user_input or {}), errors)

    async def async_step_plants(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which plants are served, where there are several."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if chosen := user_input[CONF_PLANTS]:
                return await self._choose(chosen)
            errors = {CONF_PLANTS: "no_plants_chosen"}
        names = {key: plant.name for key, plant in self._plants.items()}
        return self._form("plants", plants_form(names), errors)

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether settings may be changed."""
        if user_input is not None:
            return self._create(allow_control=user_input[CONF_ALLOW_CONTROL])
        return self._form("control", control_form(rights_texts(self._rights)))

    async def async_step_view_only(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell that settings cannot be changed, and how they could be."""
        if user_input is not None:
            return self._create(allow_control=False)
        schema = probatio.Schema({})
        return self._form("view_only", schema, **rights_texts(self._rights))

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the password was refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password of the same account."""
        return await self._change("reauth_confirm", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change password, region or server."""
        return await self._change("reconfigure", user_input)

    async def _change(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Log in with something else; the plants and the options stay."""
        entry = (
            self._get_reauth_entry()
            if self.source == SOURCE_REAUTH
            else self._get_reconfigure_entry()
        )
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            errors = await self._log_in(user_input)
            if not errors:
                return await self._store(entry)
        shown = user_input or _entered(entry)
        return self._form(step_id, account_form(shown), errors, account=entry.title)

    async def _store(self, entry: ConfigEntry[Any]) -> ConfigFlowResult:
        """Change the entry, with all that is remembered. Aborts for another account."""
        if entry.unique_id != self._found.uid:
            return self.async_abort(reason="wrong_account")
        await async_renamed(self.hass, entry, self._found.connection)
        return self.async_update_reload_and_abort(
            entry, data_updates=self._found.connection.login.data
        )

    async def _log_in(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Log in once; return the form's errors."""
        account = (text(user_input[CONF_ACCOUNT]) or "").strip()
        if not account:
            return {CONF_ACCOUNT: "no_account"}
        if not (password := user_input[CONF_PASSWORD]):
            return {CONF_PASSWORD: "no_password"}
        if not can_be_password(password):
            return {CONF_PASSWORD: "wrong_password"}
        try:
            login = Login(
                account=account,
                password=password,
                region=user_input[CONF_REGION],
                server=expert_url(user_input, "") or None,
            )
        except InvalidServerUrl as err:
            return {"base": str(err)}
        try:
            self._found = await async_log_in(self.hass, login)
        except ApiError as err:
            return self._errors(err)
        return {}

    async def _list(self) -> dict[str, str]:
        """Read the plants; return the form's errors."""
        try:
            self._plants = await async_plants(self._found)
        except ApiError as err:
            return self._errors(err)
        return {} if self._plants else {"base": "no_plants"}

    async def _begin(self) -> ConfigFlowResult:
        """Go on with an account that is new."""
        # Who began before may have left a dialog open
        await self.async_set_unique_id(self._found.uid, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        if len(self._plants) > 1:
            return await self.async_step_plants()
        return await self._choose(list(self._plants))

    async def _choose(self, plants: list[str]) -> ConfigFlowResult:
        self._chosen = plants
        self._rights = await async_rights(
            self._found, [self._plants[key] for key in plants]
        )
        if self._rights.possible:
            return await self.async_step_control()
        return await self.async_step_view_only()

    def _create(self, *, allow_control: bool) -> ConfigFlowResult:
        return self.async_create_entry(
            title=self._plants[self._chosen[0]].name,
            data={**self._found.connection.login.data, CONF_PLANTS: self._chosen},
            options={CONF_ALLOW_CONTROL: allow_control},
        )

    def _has(self, user_input: Mapping[str, Any]) -> bool:
        """Tell whether an entry has this account, so that nobody logs in in vain."""
        try:
            server = expert_url(user_input, "")
        except InvalidServerUrl:
            return False
        wanted = (_folded(user_input[CONF_ACCOUNT]), server)
        return any(
            (_folded(entry.data.get(CONF_ACCOUNT)), entry.data.get(CONF_SERVER) or "")
            == wanted
            for entry in self._async_current_entries(include_ignore=False)
        )

    def _errors(self, err: ApiError) -> dict[str, str]:
        """Return what a form says of an error, at the field where it is mended."""
        if err.reason == WRONG_PASSWORD:
            return {CONF_PASSWORD: "wrong_password"}
        if err.reason == AGREEMENT:
            return {"base": "agreement"}
        if err.reason in {LOGIN_PARAMETERS, SESSION}:
            return {"base": "login_not_taken"}
        if isinstance(err, ThrottledError):
            self._wait = err.retry_after or _WAIT
            return {"base": "rate_limit"}
        if isinstance(err, NotPermittedError):
            return {"base": "no_rights"}
        if isinstance(err, MaintenanceError):
            return {"base": "maintenance"}
        return {"base": "cannot_connect"}

    def _form(
        self,
        step_id: str,
        schema: probatio.Schema,
        errors: dict[str, str] | None = None,
        /,
        **placeholders: str,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._secrets.marks(schema, errors or {})
            ),
            errors=errors,
            description_placeholders={
                "account": NAME,
                "minutes": str(math.ceil(self._wait / 60)),
                "portal": PORTAL_URL,
                **placeholders,
            },
        )


def _entered(entry: ConfigEntry[Any]) -> dict[str, Any]:
    """Return what an entry holds as the form has it; it may be damaged."""
    return {
        CONF_ACCOUNT: text(entry.data.get(CONF_ACCOUNT)),
        CONF_REGION: text(entry.data.get(CONF_REGION)),
        SECTION_EXPERT: {CONF_SERVER_URL: text(entry.data.get(CONF_SERVER))},
    }


def _folded(account: object) -> str:
    return (text(account) or "").strip().lower()

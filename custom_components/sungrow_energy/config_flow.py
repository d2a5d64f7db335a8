"""Setting up an account: an application with OAuth2, or one with a login."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import callback

from ._vendor.core.client.errors import ApiError
from .const import (
    CONF_APPLICATION_ID,
    CONF_USER_NAME,
    DOMAIN,
    MODE_LOGIN,
    MODE_OAUTH,
)
from .discovery import async_logged_in
from .entered import InvalidEntry, application, entered_of, flat, mode_of
from .forms import login_form, reauth_form
from .oauth_flow import redirect_choices
from .oauth_steps import OAuthSteps
from .options_flow import SungrowOptionsFlow


class SungrowFlow(OAuthSteps, domain=DOMAIN):
    """Takes an application of the developer portal, and the plants that are served."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> SungrowOptionsFlow:
        """Return the flow for what may be tuned."""
        return SungrowOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let people choose which kind of application they have."""
        return self.async_show_menu(step_id="user", menu_options=["oauth", "login"])

    async def async_step_login(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an application without OAuth2 and log in."""
        entry = self._entry
        if entry is not None and not self._entered:
            self._entered = entered_of(entry.data)
        errors = self._take_trouble()
        if user_input is not None:
            self._entered = flat(user_input, self._entered)
            if not (errors := await self._log_in()):
                return await self._finish()
        return self._form("login", login_form(self._entered), errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change region, keys or server; the kind of application stays."""
        if mode_of(self._get_reconfigure_entry().data) == MODE_LOGIN:
            return await self.async_step_login()
        return await self.async_step_oauth()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the credentials were refused."""
        self._entered = entered_of(entry_data)
        return await self.async_step_reauth_confirm()

    @override
    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the keys of the same application; server and user stay.

        If something else has to be mended, all is asked for.
        """
        login = mode_of(self._get_reauth_entry().data) == MODE_LOGIN
        errors = self._take_trouble()
        if user_input is None:
            beyond = self._damage(login=login)
        else:
            self._entered |= flat(user_input, self._entered)
            errors = await self._log_in() if login else self._take_application()
            if not errors and login:
                return await self._finish()
            if not errors:
                return await self._authorize()
            beyond = _beyond_keys(errors)
        if beyond:
            self._trouble = beyond
            return await (self.async_step_login() if login else self.async_step_oauth())
        return self._form(
            "reauth_confirm",
            reauth_form(self._entered, redirect_choices(self.hass), login=login),
            errors,
        )

    def _damage(self, *, login: bool) -> dict[str, str]:
        """Return the errors of what the entry holds besides keys."""
        try:
            application(MODE_LOGIN if login else MODE_OAUTH, self._entered)
        except InvalidEntry as err:
            return _beyond_keys(err.errors) | {
                key: error for key, error in err.errors.items() if key == "base"
            }
        return {}

    async def _log_in(self) -> dict[str, str]:
        """Log in and read the plants; return the form's errors."""
        try:
            access = await async_logged_in(
                self.hass, application(MODE_LOGIN, self._entered)
            )
        except InvalidEntry as err:
            return err.errors
        except ApiError as err:
            return self._errors(err)
        return await self._list(access)


def _beyond_keys(errors: Mapping[str, str]) -> dict[str, str]:
    """Return the errors of fields that are not asked for with the keys."""
    fields = {CONF_APPLICATION_ID, CONF_USER_NAME}
    return {key: error for key, error in errors.items() if key in fields}

"""The steps of an authorization with OAuth2 (reference section 2.3).

One flow, three ways to finish: Home Assistant's own callback when the ``state`` comes
back, the integration's own views, and pasting the address that the browser ended at.
"""

from abc import abstractmethod
import secrets
from typing import Any, override

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigFlowResult
from homeassistant.core import callback

from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import ApiError
from .api import regions
from .connection import Application
from .const import CONF_APPLICATION_ID, CONF_REDIRECT_URI, MODE_OAUTH
from .discovery import async_authorized, unique_id
from .entered import InvalidEntry, application, entered_of, flat
from .flow_base import OF_APPLICATION, FlowBase
from .forms import CONF_ADDRESS, CONF_NEXT, oauth_form, paste_form, retry_form
from .oauth_flow import (
    checked_redirect,
    comes_to_own_view,
    redirect_choices,
    signed_state,
)
from .paste import CODE, InvalidPaste, read_pasted
from .unfinished import async_recall, async_remember
from .views import STEP, async_forget, async_register_views


class OAuthSteps(FlowBase):
    """Sends the browser to iSolarCloud and takes what it brings back."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        super().__init__()
        self._application: Application | None = None
        self._states: set[str] = set()
        self._code = ""
        self._trouble: dict[str, str] = {}

    async def async_step_oauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the application."""
        entry = self._entry
        if entry is not None and not self._entered:
            self._entered = entered_of(entry.data)
        if entry is None and not self._entered:
            self._entered = async_recall(self.hass)
        errors = self._take_trouble()
        if user_input is not None:
            self._entered = flat(user_input, self._entered)
            if not (errors := self._take_application()):
                return await self._authorize()
        return self._form(
            "oauth",
            oauth_form(self._entered, redirect_choices(self.hass)),
            errors,
        )

    def _take_application(self) -> dict[str, str]:
        """Take the application that was entered; return the form's errors."""
        try:
            self._application = application(MODE_OAUTH, self._entered)
        except InvalidEntry as err:
            return err.errors
        self._entered[CONF_APPLICATION_ID] = self._application.application_id
        self._entered[CONF_REDIRECT_URI] = checked_redirect(
            self._entered[CONF_REDIRECT_URI]
        )
        return {}

    async def _authorize(self) -> ConfigFlowResult:
        wanted = unique_id(self._applied, None)
        entry = self._entry
        if entry is None:
            # Who began before may wait for a browser that never comes
            await self.async_set_unique_id(wanted, raise_on_progress=False)
            self._abort_if_unique_id_configured()
        elif _application_id(entry) != self._applied.application_id:
            return self.async_abort(reason="wrong_account")
        elif (taken := self._taken(entry, wanted)) is not None:
            return taken
        return await self.async_step_authorize()

    async def async_step_authorize(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let people choose how they come back."""
        return self.async_show_menu(
            step_id="authorize",
            menu_options=[STEP, "paste", "change"],
            description_placeholders={"redirect_url": self._redirect_url},
        )

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to what was entered."""
        if self.source == SOURCE_REAUTH:
            return await self.async_step_reauth_confirm()
        return await self.async_step_oauth()

    @abstractmethod
    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the keys again."""

    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send the browser away, or take what it brought back."""
        if user_input and user_input.keys() & {"code", "error"}:
            self._code = str(user_input.get("code", ""))
            return self.async_external_step_done(next_step_id="creation")
        redirect_uri = self._redirect_url
        state = await signed_state(self.hass, self.flow_id, redirect_uri)
        url = self._address(state)
        if comes_to_own_view(redirect_uri):
            views = async_register_views(self.hass)
            url = views.depart(self.flow_id, url, state, redirect_uri)
        return self.async_external_step(step_id=STEP, url=url)

    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Turn the code into tokens."""
        if not CODE.fullmatch(self._code):
            return self._retry({"base": "declined"})
        if errors := await self._exchange(self._code):
            return await self._mend(errors)
        return await self.async_step_listing()

    async def async_step_paste(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the address that the browser ended at."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not (errors := await self._take_pasted(user_input[CONF_ADDRESS])):
                return await self.async_step_listing()
            if _of_application(errors):
                return await self._mend(errors)
        # Home Assistant's own page then keeps its hands off, so that the code is
        # still unused when it is pasted.
        state = secrets.token_urlsafe(24)
        return self._form(
            "paste", paste_form(), errors, authorize_url=self._address(state)
        )

    async def _take_pasted(self, text: str) -> dict[str, str]:
        try:
            pasted = read_pasted(text)
        except InvalidPaste as err:
            return {CONF_ADDRESS: str(err)}
        if pasted.state and pasted.state not in self._states:
            return {CONF_ADDRESS: "foreign_state"}
        errors = await self._exchange(pasted.code)
        if errors.keys() == {"base"} and not _of_application(errors):
            return {CONF_ADDRESS: errors["base"]}
        return errors

    async def async_step_listing(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Read the plants with the new tokens."""
        if errors := await self._list(self._accessed):
            return await self._mend(errors)
        try:
            return await self._finish()
        except ApiError as err:
            return self._retry(self._errors(err))

    async def async_step_retry(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let people choose how to go on after something went wrong."""
        if user_input is None:
            return self._retry({})
        step = getattr(self, f"async_step_{user_input[CONF_NEXT]}")
        found: ConfigFlowResult = await step()
        return found

    @callback
    @override
    def async_remove(self) -> None:
        """Take no browser back when the dialog is closed."""
        async_forget(self.hass, self.flow_id)

    async def _exchange(self, code: str) -> dict[str, str]:
        """Spend a code; return the form's errors."""
        self._access = None
        try:
            self._access = await async_authorized(
                self.hass, self._applied, code, self._redirect_url
            )
        except ApiError as err:
            return self._errors(err)
        return {}

    async def _mend(self, errors: dict[str, str]) -> ConfigFlowResult:
        """Show an error where it can be mended."""
        if not _of_application(errors):
            return self._retry(errors)
        self._trouble = errors
        return await self.async_step_change()

    def _retry(self, errors: dict[str, str]) -> ConfigFlowResult:
        ways = [STEP, "paste", "change"]
        if self._access is not None:
            ways.insert(0, "listing")
        return self._form("retry", retry_form(ways), errors)

    def _take_trouble(self) -> dict[str, str]:
        trouble, self._trouble = self._trouble, {}
        return trouble

    def _address(self, state: str) -> str:
        """Return where the browser goes, with a state that is this flow's own."""
        self._states.add(state)
        known = regions.region(self._applied.region) or regions.REGIONS[0]
        if self._entry is None:
            async_remember(self.hass, self._entered)
        return regions.authorize_url(
            self._applied.web_url,
            known.cloud_id,
            self._applied.application_id,
            self._redirect_url,
            state,
        )

    @property
    def _applied(self) -> Application:
        if self._application is None:
            raise RuntimeError("no application was entered yet")
        return self._application


def _application_id(entry: ConfigEntry[Any]) -> str:
    """Return which application is the entry's, also if it is damaged."""
    kept = text(entry.data.get(CONF_APPLICATION_ID))
    return kept or (entry.unique_id or "").rpartition("_")[2]


def _of_application(errors: dict[str, str]) -> bool:
    return not OF_APPLICATION.isdisjoint(errors.values())

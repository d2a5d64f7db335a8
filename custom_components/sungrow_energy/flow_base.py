"""What all ways to an account have in common: errors, plants, the entry."""

from collections.abc import Mapping
import math
from typing import Any

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.exceptions import HomeAssistantError
import probatio

from ._vendor.core.client.errors import ApiError, AuthError, ThrottledError
from ._vendor.core.ha.kept_secrets import marks
from .api import errors as reasons
from .api.login import LoginRefused
from .connection import application_of, async_forget_tokens
from .const import (
    CONF_APP_KEY,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_REDIRECT_URI,
    CONF_SECRET,
    CONF_USER_NAME,
    DOMAIN,
    MODE_OAUTH,
)
from .credentials import NOT_SAVED
from .discovery import Access, async_plants, served, suggested
from .entered import mode_of
from .forms import plants_form
from .oauth_flow import redirect_choices
from .unfinished import async_forget_typed

# Where each of these is mended
_FIELDS = {
    reasons.WRONG_APP_KEY: CONF_APP_KEY,
    reasons.WRONG_SECRET: CONF_SECRET,
    reasons.WRONG_APP: CONF_SECRET,
    reasons.REDIRECT_MISMATCH: CONF_REDIRECT_URI,
    reasons.WRONG_PASSWORD: CONF_PASSWORD,
    reasons.NO_ACCOUNT: CONF_USER_NAME,
}
# What another authorization does not mend: people have to look at the application.
OF_APPLICATION = frozenset(
    {
        reasons.WRONG_APP_KEY,
        reasons.WRONG_SECRET,
        reasons.WRONG_APP,
        reasons.REDIRECT_MISMATCH,
        reasons.NOT_APPROVED,
        reasons.SERVICE_EXPIRED,
        reasons.IP_NOT_ALLOWED,
        reasons.USER_NOT_ALLOWED,
        reasons.ENCRYPTION_REQUIRED,
        reasons.CLOCK_SKEW,
        reasons.NO_PERMISSION,
    }
)
_OTHERS = frozenset({reasons.CODE_USED, reasons.LOCKED, reasons.DISABLED, NOT_SAVED})
# What is said where nobody told how long to wait
_WAIT = 300.0


class FlowBase(ConfigFlow):
    """Ends in an entry once an account let us in."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._entered: dict[str, Any] = {}
        self._access: Access | None = None
        self._plants: dict[str, str] = {}
        self._wait = _WAIT
        self._remaining: int | None = None

    @property
    def _entry(self) -> ConfigEntry[Any] | None:
        """The entry that is changed; None when one is added."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return None

    async def _list(self, access: Access) -> dict[str, str]:
        """Read the plants; return the form's errors."""
        self._access = access
        try:
            self._plants = await async_plants(access)
        except ApiError as err:
            return self._errors(err)
        return {} if self._plants else {"base": "no_plants"}

    async def _finish(self) -> ConfigFlowResult:
        """Change the entry, or ask which plants a new one serves.

        Raises ``ApiError`` if the tokens cannot be written.
        """
        access = self._accessed
        entry = self._entry
        if entry is not None:
            return await self._store(entry, access)
        # Who began before may wait for a browser that never comes
        await self.async_set_unique_id(access.unique_id, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        if access.connection.application.mode == MODE_OAUTH or len(self._plants) > 1:
            return await self.async_step_plants()
        return await self._create(list(self._plants))

    async def async_step_plants(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which plants are served.

        After OAuth2 always, so that nobody adds plants that somebody else's code
        brought in without having seen their names.
        """
        errors: dict[str, str] = {}
        if user_input is not None:
            if not user_input[CONF_PLANTS]:
                errors = {CONF_PLANTS: "no_plants_chosen"}
            else:
                try:
                    return await self._create(user_input[CONF_PLANTS])
                except ApiError as err:
                    errors = self._errors(err)
        chosen = suggested(self._plants, self._accessed.granted)
        return self._form("plants", plants_form(self._plants, chosen), errors)

    async def _create(self, plants: list[str]) -> ConfigFlowResult:
        await self._accessed.async_keep(self.hass)
        async_forget_typed(self.hass)
        return self.async_create_entry(
            title=self._plants[plants[0]],
            data={**self._accessed.data, CONF_PLANTS: plants},
        )

    async def _store(self, entry: ConfigEntry[Any], access: Access) -> ConfigFlowResult:
        """Change the entry; it keeps its plants. Aborts for another account."""
        before = served(entry.options) or served(entry.data)
        known = before and not set(before) & set(self._plants)
        oauth = mode_of(entry.data) == MODE_OAUTH
        if known or (not oauth and not self._same_user(entry, access)):
            return self.async_abort(reason="wrong_account")
        if (found := self._taken(entry, access.unique_id)) is not None:
            return found
        await access.async_keep(self.hass)
        former = entry.data
        result = self.async_update_reload_and_abort(
            entry,
            unique_id=access.unique_id,
            data={
                **access.data,
                CONF_PLANTS: served(entry.data) or list(self._plants),
            },
        )
        await self._leave(former, access)
        return result

    async def _leave(self, former: Mapping[str, Any], access: Access) -> None:
        """Forget the tokens of the account that the entry was, if it is another now."""
        try:
            left = application_of(former)
        except HomeAssistantError:  # the entry was damaged
            return
        if left.account_id != access.connection.application.account_id:
            await async_forget_tokens(self.hass, left)

    @staticmethod
    def _same_user(entry: ConfigEntry[Any], access: Access) -> bool:
        _, _, user_id = (entry.unique_id or "").partition("_user_")
        return user_id == access.user_id

    def _taken(self, entry: ConfigEntry[Any], wanted: str) -> ConfigFlowResult | None:
        """Abort if another entry already is what this one would become."""
        other = self.hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, wanted
        )
        if other is None or other is entry:
            return None
        return self.async_abort(reason="already_configured")

    @property
    def _accessed(self) -> Access:
        if self._access is None:
            raise RuntimeError("no account let us in yet")
        return self._access

    def _errors(self, err: ApiError) -> dict[str, str]:
        """Return what a form says of an error."""
        reason = err.reason or ""
        if isinstance(err, LoginRefused) and reason == reasons.WRONG_PASSWORD:
            self._remaining = err.remaining
            known = err.remaining is not None
            return {CONF_PASSWORD: "wrong_password_left" if known else reason}
        if reason in _FIELDS:
            return {_FIELDS[reason]: reason}
        if reason in OF_APPLICATION | _OTHERS:
            return {"base": reason}
        if isinstance(err, ThrottledError):
            self._wait = err.retry_after or _WAIT
            return {"base": "rate_limit"}
        if isinstance(err, AuthError):
            return {"base": "invalid_auth"}
        return {"base": "cannot_connect"}

    def _form(
        self,
        step_id: str,
        schema: probatio.Schema,
        errors: dict[str, str] | None = None,
        **placeholders: str,
    ) -> ConfigFlowResult:
        entry = self._entry
        fields = {str(key) for key in schema.schema}
        # People see no error of a field that is not there
        errors = {
            key if key in fields else "base": text
            for key, text in (errors or {}).items()
        }
        known = marks(schema, errors, self._entered)
        if step_id == "reauth_confirm":
            # Its text says that it stays if it is left out
            known.pop(CONF_SECRET, None)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, known),
            errors=errors,
            description_placeholders={
                "account": entry.title if entry else "iSolarCloud",
                "minutes": str(math.ceil(self._wait / 60)),
                "remaining": str(self._remaining),
                "redirect_url": self._redirect_url,
                "own_redirect_url": (redirect_choices(self.hass) or ["?"])[-1],
                **placeholders,
            },
        )

    @property
    def _redirect_url(self) -> str:
        """The redirect URL that has to be registered, as far as it is known."""
        chosen = self._entered.get(CONF_REDIRECT_URI)
        return str(chosen or (redirect_choices(self.hass) or ["?"])[0])

"""The steps that bind a system to the account, shared by both flows.

The vendor mails a code to the system's owner, who types it in (reference 3.10, 3.11).
"""

from abc import abstractmethod
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowHandler
from homeassistant.helpers.selector import TextSelector
from homeassistant.util import dt as dt_util
import probatio

from . import driver
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.errors import error_key
from ._vendor.core.model import Site
from .api.client import AlphaEssClient
from .connection import SITES_DOCUMENT

_FIELD_OF = {
    "wrong_check_code": "check_code",
    "unknown_serial": "serial_number",
    "not_registered": "serial_number",
    "wrong_code": "code",
}


class BindingSteps(FlowHandler[Any, ConfigFlowResult, Any]):
    """Asks for serial number and check code, then for the code that was mailed."""

    account: Account
    client: AlphaEssClient
    found: dict[str, Site]

    def __init__(self) -> None:
        """Begin with no system in mind."""
        self.found = {}
        self._serial = ""
        self._code: str | None = None

    @abstractmethod
    async def async_finish(self) -> ConfigFlowResult:
        """End the flow: the system is bound."""

    async def async_read_systems(self) -> None:
        """Read the list of systems, and keep it for the set-up that follows."""
        raw = await self.client.systems()
        received_at = dt_util.utcnow()
        self.found = dict(driver.sites(raw, received_at).sites)
        self.account.put(SITES_DOCUMENT, raw, received_at)

    async def async_step_add_system(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have a code mailed to the owner."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._serial = user_input["serial_number"].strip()
            self.account.redactor.add(self._serial, "new system")
            try:
                self._code = await self.client.send_verification_code(
                    self._serial, user_input["check_code"].strip()
                )
            except ApiError as err:
                errors = _errors(err)
            else:
                return await self.async_step_verify()
        schema = probatio.Schema(
            {
                probatio.Required("serial_number"): TextSelector(),
                probatio.Required("check_code"): TextSelector(),
            }
        )
        return self.async_show_form(
            step_id="add_system",
            # The check code is as good as a password: it is not written back.
            data_schema=self.add_suggested_values_to_schema(
                schema, {"serial_number": self._serial} if self._serial else None
            ),
            errors=errors,
        )

    async def async_step_verify(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Bind with the code, and see the system in the list; none asks for another."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if not (code := user_input.get("code", "").strip()):
                return await self.async_step_add_system()
            try:
                await self.client.bind(self._serial, code)
                await self.async_read_systems()
            except ApiError as err:
                errors = _errors(err)
            else:
                listed = {serial.casefold() for serial in self.found}
                if self._serial.casefold() in listed:
                    return await self.async_finish()
                errors = {"base": "no_systems"}
        return self.async_show_form(
            step_id="verify",
            data_schema=self.add_suggested_values_to_schema(
                probatio.Schema({probatio.Optional("code"): TextSelector()}),
                # Some answers hold the code that others only mail.
                user_input or {"code": self._code},
            ),
            errors=errors,
            description_placeholders={"serial_number": self._serial},
        )


def _errors(err: ApiError) -> dict[str, str]:
    key = error_key(err)
    return {_FIELD_OF.get(key, "base"): key}

"""Setting up a battery: where it is, its token, options."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.util.uuid import random_uuid_hex

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.errors import error_key
from ._vendor.core.ha.flow import InvalidServerUrl
from .connection import (
    Address,
    address_of,
    async_check_status,
    async_check_token,
    device_key,
    is_address,
    known_identity,
    serial_of,
    trial_client,
    typed_serial,
)
from .const import (
    CONF_HTTPS,
    CONF_KEY,
    CONF_MAC,
    CONF_SERIAL,
    DOMAIN,
    FIND_URL,
    NAME,
)
from .forms import SECTION_EXPERT, battery_form, confirm_form, token_form
from .options_flow import SonnenOptionsFlow

_KNOWN = "already_configured"


class SonnenFlow(ConfigFlow, domain=DOMAIN):
    """Takes address and token of one battery."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._found: dict[str, Any] = {}
        self._data: dict[str, Any] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> SonnenOptionsFlow:
        """Return the flow for what may be tuned."""
        return SonnenOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address and the token, and try them."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._try(user_input)
            if not errors:
                return await self._async_add()
        return self.async_show_form(
            step_id="user",
            data_schema=battery_form(user_input or {}),
            errors=errors,
            description_placeholders={"find": FIND_URL},
        )

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Follow a battery to its new address, or offer one that is new."""
        serial = serial_of(discovery_info.hostname)
        found = {
            CONF_HOST: discovery_info.ip,
            CONF_SERIAL: serial,
            CONF_MAC: format_mac(discovery_info.macaddress),
        }
        if (entry := await self._async_entry_of(found)) is not None:
            return await self._async_follow(entry, found)
        if serial is None:
            return self.async_abort(reason="not_sonnen")
        await self.async_set_unique_id(serial)
        self._abort_if_unique_id_configured()
        if not await self._async_answers(address_of(found)):
            return self.async_abort(reason="not_sonnen")
        self._found = found
        self.context["title_placeholders"] = {"name": _title(serial)}
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token of a battery that was found."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._try({**self._found, **user_input})
            if not errors:
                return await self._async_add()
        return self.async_show_form(
            step_id="confirm",
            data_schema=confirm_form(user_input or {}),
            errors=errors,
            description_placeholders={
                "name": _title(self._found[CONF_SERIAL]),
                "host": self._found[CONF_HOST],
            },
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin again after the token was refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new token."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._try({**entry.data, **user_input})
            if not errors:
                return self.async_update_reload_and_abort(
                    entry, data_updates={CONF_TOKEN: self._data[CONF_TOKEN]}
                )
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=token_form(),
            errors=errors,
            description_placeholders={"battery": entry.title},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the address, the token, or add the serial."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            kept = {CONF_TOKEN: entry.data.get(CONF_TOKEN)}
            errors = await self._try({**kept, **user_input}, entry)
            if not errors:
                return await self._async_change(entry)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=battery_form(user_input or entry.data, token_known=True),
            errors=errors,
            description_placeholders={"battery": entry.title, "find": FIND_URL},
        )

    async def _try(
        self, user_input: Mapping[str, Any], entry: ConfigEntry[Any] | None = None
    ) -> dict[str, str]:
        """Look at the battery; return the form's errors (order of reference 2.3).

        ``entry`` is the one that must be meant, as far as that can be known.
        """
        token = str(user_input.get(CONF_TOKEN) or "").strip()
        try:
            serial = typed_serial(user_input.get(CONF_SERIAL))
        except ValueError:
            return {CONF_SERIAL: "invalid_serial"}
        try:
            address = address_of({**user_input, **_expert(user_input)})
        except InvalidServerUrl as err:
            return {CONF_HOST if CONF_HOST in user_input else "base": str(err)}
        if not token or not token.isprintable():
            return {CONF_TOKEN: "invalid_auth"}
        found, mac = known_identity(self.hass, address.host)
        known = entry.data.get(CONF_SERIAL) if entry is not None else None
        if len({serial, found, known} - {None}) > 1:
            return {"base": "wrong_battery"}
        client = trial_client(self.hass, address, token)
        try:
            await async_check_status(client)
            await async_check_token(client)
        except ApiError as err:
            key = error_key(err)
            if key == "no_api":
                return {"base": "not_supported"}
            return {CONF_TOKEN if key == "invalid_auth" else "base": key}
        mac = mac or user_input.get(CONF_MAC)
        self._data = {
            CONF_HOST: address.host,
            CONF_PORT: address.port,
            CONF_TOKEN: token,
            CONF_HTTPS: address.https,
            CONF_SERIAL: serial or found or known,
        }
        if mac:
            self._data[CONF_MAC] = mac
        return {}

    async def _async_add(self) -> ConfigFlowResult:
        """Store the battery, unless it is there already."""
        serial, mac = self._data[CONF_SERIAL], self._data.get(CONF_MAC)
        if (entry := await self._async_entry_of(self._data)) is not None:
            return await self._async_follow(entry, self._data)
        self._async_abort_entries_match(
            {key: self._data[key] for key in (CONF_HOST, CONF_PORT)}
        )
        # Raised in the same way for a battery of which nothing is known
        await self.async_set_unique_id(serial or mac or random_uuid_hex())
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=_title(serial), data=self._data)

    async def _async_entry_of(
        self, found: Mapping[str, Any]
    ) -> ConfigEntry[Any] | None:
        """Return the entry of a battery by serial or MAC; or by its token."""
        entries = self._async_current_entries(include_ignore=False)
        for key in (CONF_SERIAL, CONF_MAC):
            for entry in entries:
                if found.get(key) and entry.data.get(key) == found[key]:
                    return entry
        for entry in entries:
            # Set up by address before anything else was known of it
            if entry.data.get(CONF_HOST) != found[CONF_HOST]:
                continue
            if entry.data.get(CONF_SERIAL) or CONF_TOKEN in found:
                continue
            if await self._async_opens(entry):
                return entry
        return None

    async def _async_follow(
        self, entry: ConfigEntry[Any], found: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Note where a known battery is now, and what else is new of it."""
        updates: dict[str, Any] = {}
        if is_address(str(entry.data.get(CONF_HOST))):
            moved = entry.data[CONF_HOST] != found[CONF_HOST]
            address = address_of({**entry.data, CONF_HOST: found[CONF_HOST]})
            if moved and not await self._async_answers(address):
                return self.async_abort(reason="not_sonnen")
            updates[CONF_HOST] = found[CONF_HOST]
        if found.get(CONF_MAC):
            updates[CONF_MAC] = found[CONF_MAC]
        updates |= _adopted(entry, found.get(CONF_SERIAL))
        return self.async_update_reload_and_abort(
            entry,
            unique_id=updates.get(CONF_SERIAL) or entry.unique_id,
            data_updates=updates,
            reason=_KNOWN,
            reload_even_if_entry_is_unchanged=False,
        )

    async def _async_change(self, entry: ConfigEntry[Any]) -> ConfigFlowResult:
        updates = {**self._data, **_adopted(entry, self._data[CONF_SERIAL])}
        unique_id = entry.unique_id
        if CONF_KEY in updates:
            unique_id = self._data[CONF_SERIAL]
            if await self.async_set_unique_id(unique_id) is not None:
                return self.async_abort(reason="already_configured")
        return self.async_update_reload_and_abort(
            entry, unique_id=unique_id, data_updates=updates
        )

    async def _async_answers(self, address: Address) -> bool:
        """Whether a battery answers there; it is not shown any token."""
        try:
            await async_check_status(trial_client(self.hass, address, ""))
        except ApiError:
            return False
        return True

    async def _async_opens(self, entry: ConfigEntry[Any]) -> bool:
        """Whether the battery at an entry's address takes the entry's token."""
        try:
            client = trial_client(
                self.hass, address_of(entry.data), str(entry.data[CONF_TOKEN])
            )
            await async_check_token(client)
        except ApiError, InvalidServerUrl:
            return False
        return True


def _expert(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the collapsed section holds; nothing where there is none."""
    return {
        key: value
        for key, value in (user_input.get(SECTION_EXPERT) or {}).items()
        if key == CONF_HTTPS
    }


def _adopted(entry: ConfigEntry[Any], serial: str | None) -> dict[str, Any]:
    """Return what changes when an entry without a serial learns it.

    The ids of its entities stay as they were.
    """
    if serial is None or entry.data.get(CONF_SERIAL):
        return {}
    return {CONF_SERIAL: serial, CONF_KEY: device_key(entry)}


def _title(serial: str | None) -> str:
    return f"{NAME} {serial[-4:]}" if serial else NAME

"""Setting up a battery: where it is, its token, options."""

from collections.abc import Mapping
from typing import Any, Self, override

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
import probatio

from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.errors import error_key
from ._vendor.core.ha.flow import InvalidServerUrl
from ._vendor.core.ha.kept_secrets import KeptSecrets
from .connection import (
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
from .known import async_answers, async_entry_of, entries_at, entries_meant
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
        self._pending: SonnenFlow | None = None
        self._secrets = KeptSecrets()

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
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try(user_input)
            if not errors:
                return await self._async_add()
        return self._form("user", battery_form(user_input or {}), errors, find=FIND_URL)

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
        if (entry := await async_entry_of(self.hass, self._entries, found)) is not None:
            return await self._async_follow(entry, found)
        if serial is None:
            return self.async_abort(reason="not_sonnen")
        address = address_of(found)
        if entries_at(self._entries, address, unknown=True):
            return self.async_abort(reason=_KNOWN)
        await self.async_set_unique_id(serial, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        pending = self._pending_offer()
        if pending is not None and pending.offers(found):
            return self.async_abort(reason="already_in_progress")
        if not await async_answers(self.hass, address):
            return self.async_abort(reason="not_sonnen")
        if pending is not None:
            pending.offer(found)
            return self.async_abort(reason="already_in_progress")
        self._found = found
        self.context["title_placeholders"] = {"name": _title(serial)}
        return await self.async_step_confirm()

    @override
    def is_matching(self, other_flow: Self) -> bool:
        """Whether another flow offers the same battery; it is kept in mind."""
        serial = other_flow.offered_serial
        same: bool = serial is not None and serial == self.context.get("unique_id")
        if same:
            self._pending = other_flow
        return same

    @property
    def offered_serial(self) -> str | None:
        """The serial of the battery that was discovered and is offered here."""
        return text(self._found.get(CONF_SERIAL))

    def offers(self, found: Mapping[str, Any]) -> bool:
        """Whether this is where the battery is offered."""
        return bool(self._found.get(CONF_HOST) == found[CONF_HOST])

    def offer(self, found: dict[str, Any]) -> None:
        """Offer the battery at the address that it has now."""
        self._found = found

    def _pending_offer(self) -> SonnenFlow | None:
        """Return the flow that offers this battery already."""
        self.hass.config_entries.flow.async_has_matching_flow(self)
        return self._pending

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token of a battery that was found."""
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try({**self._found, **user_input})
            if not errors:
                return await self._async_add()
        return self._form(
            "confirm",
            confirm_form(user_input or {}),
            errors,
            name=_title(self._found[CONF_SERIAL]),
            host=self._found[CONF_HOST],
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
            user_input = self._secrets.filled_in(user_input)
            errors = await self._try({**entry.data, **user_input}, entry)
            if not errors:
                return self.async_update_reload_and_abort(
                    entry, data_updates={CONF_TOKEN: self._data[CONF_TOKEN]}
                )
        return self._form("reauth_confirm", token_form(), errors, battery=entry.title)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the address, the token, or add the serial."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            user_input = self._secrets.filled_in(user_input)
            kept = {CONF_TOKEN: entry.data.get(CONF_TOKEN)}
            errors = await self._try({**kept, **user_input}, entry)
            if not errors:
                return await self._async_change(entry)
        return self._form(
            "reconfigure",
            battery_form(user_input or entry.data, token_known=True),
            errors,
            battery=entry.title,
            find=FIND_URL,
        )

    def _form(
        self,
        step_id: str,
        schema: probatio.Schema,
        errors: dict[str, str],
        /,
        **placeholders: str,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._secrets.marks(schema, errors)
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _try(
        self, user_input: Mapping[str, Any], entry: ConfigEntry[Any] | None = None
    ) -> dict[str, str]:
        """Look at the battery; return the form's errors (order of reference 2.3).

        ``entry`` is the one that must be meant, as far as that can be known. Where it
        stays at its address, what the network says of that is no reason to doubt it.
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
        known = entry.data.get(CONF_SERIAL) if entry is not None else None
        found, mac = known_identity(self.hass, address.host, serial or known)
        if len({serial, known} - {None}) > 1:
            return {"base": "wrong_battery"}
        if len({serial or known, found} - {None}) > 1:
            if entry is None or entry.data.get(CONF_HOST) != address.host:
                return {"base": "wrong_battery"}
            found = mac = None
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
        if (
            entry := await async_entry_of(self.hass, self._entries, self._data)
        ) is not None:
            return await self._async_follow(entry, self._data)
        if entries_at(self._entries, address_of(self._data)):
            return self.async_abort(reason=_KNOWN)
        # Who types it in does not have to end the offer of the same battery first.
        await self.async_set_unique_id(
            serial or mac or random_uuid_hex(), raise_on_progress=False
        )
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=_title(serial), data=self._data)

    @property
    def _entries(self) -> list[ConfigEntry[Any]]:
        return self._async_current_entries(include_ignore=False)

    async def _async_follow(
        self, entry: ConfigEntry[Any], found: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Note where a known battery is now, and what else is new of it."""
        updates: dict[str, Any] = {}
        if is_address(str(entry.data.get(CONF_HOST))):
            moved = entry.data[CONF_HOST] != found[CONF_HOST]
            address = address_of({**entry.data, CONF_HOST: found[CONF_HOST]})
            if moved and not await async_answers(self.hass, address):
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
        if entries_meant(self._entries, self._data) - {entry.entry_id}:
            return self.async_abort(reason=_KNOWN)
        updates = {**self._data, **_adopted(entry, self._data[CONF_SERIAL])}
        unique_id = entry.unique_id
        if CONF_KEY in updates:
            unique_id = self._data[CONF_SERIAL]
            if await self.async_set_unique_id(unique_id) is not None:
                return self.async_abort(reason=_KNOWN)
        return self.async_update_reload_and_abort(
            entry, unique_id=unique_id, data_updates=updates
        )


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

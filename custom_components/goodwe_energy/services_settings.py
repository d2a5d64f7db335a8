"""The action that answers what is set on a device, as the vendor says it (section 6)."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import verify_domain_control
from homeassistant.util import dt as dt_util
import probatio

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.account import AccountNotes
from ._vendor.core.ha.actions import DEVICES
from ._vendor.core.ha.control_calls import each_target
from .const import DOMAIN
from .control.discovery import Discovery, Found
from .control.inverter_settings import InverterSettings
from .control.settings_reader import NAMED, REGISTER, SettingsReader
from .device import Device
from .runtime import GoodWeRuntime
from .services_control import find

GET_SETTINGS = "get_settings"
SETTINGS_SCHEMA = probatio.Schema(DEVICES)

type _Asked = tuple[GoodWeRuntime, Device]


@callback
def async_setup_settings(hass: HomeAssistant) -> None:
    """Register the action, for who may control the vendor's entities."""
    guard = verify_domain_control(DOMAIN)
    hass.services.async_register(
        DOMAIN, GET_SETTINGS, guard(_get), SETTINGS_SCHEMA, SupportsResponse.ONLY
    )


def _find(runtime: GoodWeRuntime, identifier: str) -> _Asked | None:
    device = find(runtime, identifier)
    return (runtime, device) if device is not None else None


async def _get(call: ServiceCall) -> ServiceResponse:
    """Answer all settings; nothing is written, so that control may be off."""

    def check(item: _Asked) -> None:
        device = item[1]
        if device.cls not in ("inverter", "charger"):
            raise Refusal("nothing_to_set")
        if not device.plant.may_read_settings:
            raise Refusal("no_read_right")

    async def read(item: _Asked) -> dict[str, Any]:
        runtime, device = item
        charger = device.cls == "charger"
        found = await (_of_charger if charger else _of_inverter)(runtime, device)
        shown: dict[str, Any] = runtime.account.redactor.data(found)
        return shown

    return await each_target(call, DOMAIN, _find, read, check)


async def _of_charger(runtime: GoodWeRuntime, device: Device) -> dict[str, Any]:
    answer = await runtime.client.charger(
        device.plant.id, device.serial, device.entry.model
    )
    return {"settings": dict(answer)}


async def _of_inverter(runtime: GoodWeRuntime, device: Device) -> dict[str, Any]:
    """Answer both kinds of settings, and what they mean. Raises ``ApiError``."""
    notes, discovery = AccountNotes(runtime.account), _discovery(runtime, device)
    await discovery.renew()
    reader = SettingsReader(device.serial, runtime.client, discovery, notes)
    document = await reader.fetch()
    values = reader.decode(document, dt_util.utcnow(), None).values
    return {
        "work_mode_version": discovery.found.dialect
        and discovery.found.dialect.version,
        "settings": document.get(NAMED, {}),
        "registers": _registers(discovery.found, document.get(REGISTER, {})),
        "values": dict(values),
    }


def _discovery(runtime: GoodWeRuntime, device: Device) -> Discovery:
    """Return what was found out about a device, or what can find it out."""
    manager = device.control
    if manager is not None and isinstance(manager.driver, InverterSettings):
        return manager.driver.discovery
    index = next(
        (
            one.entry.bat_index
            for one in device.plant.devices
            if one.parent is device and one.entry.bat_index
        ),
        None,
    )
    return Discovery(
        device.serial,
        runtime.client,
        notes=AccountNotes(runtime.account),
        clock=SystemClock(),
        battery=lambda: index,
    )


def _registers(found: Found, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return each register with its value and whose setting it is.

    Null is one that the cloud knows nothing of: it was never written through it.
    """
    return {
        function.address: {"setting": key, "value": raw.get(function.address)}
        for key, function in found.functions.items()
        if function.readable
    }

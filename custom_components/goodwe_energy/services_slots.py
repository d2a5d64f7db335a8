"""The action that sets one time-of-use slot, whole (reference section 6.4)."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import verify_domain_control
import probatio

from ._vendor.core.client.decode import mapping
from ._vendor.core.control.driver import Range
from ._vendor.core.control.intent import SetValues
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import format_time, minute_of
from ._vendor.core.control.validate import PERCENT, check_range, whole_minute
from ._vendor.core.ha.actions import DEVICES, SHORT_TEXT
from ._vendor.core.ha.control_actions import answer
from ._vendor.core.ha.control_calls import async_execute, each_target
from ._vendor.core.ha.control_schemas import time_of_day, weekday
from ._vendor.core.ha.control_times import number
from .const import DOMAIN
from .control.inverter_driver import InverterDriver
from .control.named import can_limit_export
from .control.schedule import MODES
from .control.settings_reader import NAMED
from .control.slot_edit import slot_edit
from .control.slots import LATEST
from .device import Device
from .services_control import find, manager_of, slots_of

SET_SLOT = "set_tou_slot"
# What the power of a slot that discharges is the power of
BATTERY, EXPORT = "battery", "export"
_MONTHS = range(1, 13)
# Fields of the action that change the slot, any of which is enough
_CHANGES = (
    *("enabled", "mode", "start", "end", "power"),
    *("cutoff_soc", "days", "months", "limit"),
)


def _month(value: Any) -> int:
    """Validate a month, 1 to 12."""
    month = number(value)
    if month not in _MONTHS:
        raise probatio.Invalid("expected 1 to 12")
    return int(month)


def _choice(options: tuple[str, ...]) -> Any:
    return probatio.All(SHORT_TEXT, probatio.In(list(options)))


SLOT_SCHEMA = probatio.All(
    probatio.Schema(
        {
            **DEVICES,
            probatio.Required("slot"): number,
            probatio.Optional("enabled"): cv.boolean,
            probatio.Optional("mode"): _choice(MODES),
            probatio.Optional("start"): time_of_day,
            probatio.Optional("end"): time_of_day,
            probatio.Optional("power"): number,
            probatio.Optional("cutoff_soc"): number,
            probatio.Optional("days"): probatio.All(
                probatio.EnsureList(), [weekday], probatio.Length(min=1, max=7)
            ),
            probatio.Optional("months"): probatio.All(
                probatio.EnsureList(), [_month], probatio.Length(min=1, max=12)
            ),
            probatio.Optional("limit"): _choice((BATTERY, EXPORT)),
        }
    ),
    probatio.AtLeastOne(*_CHANGES),
)


@callback
def async_setup_slots(hass: HomeAssistant) -> None:
    """Register the action, for who may control the vendor's entities."""
    guard = verify_domain_control(DOMAIN)
    hass.services.async_register(
        DOMAIN, SET_SLOT, guard(_set_slot), SLOT_SCHEMA, SupportsResponse.OPTIONAL
    )


async def _set_slot(call: ServiceCall) -> ServiceResponse:
    """Set what is said of a slot, in one write; all else of it stays."""

    async def work(device: Device) -> dict[str, Any]:
        driver = slots_of(device)
        manager = manager_of(device)
        if not manager.allowed:
            raise Refusal("control_off")
        parts = _parts(call.data)
        dialect = driver.discovery.found.dialect
        assert dialect is not None  # there are no slots without
        slot = call.data["slot"]
        check_range(slot, Range(low=1, high=dialect.slots), "setting_range")
        if not float(slot).is_integer():
            raise Refusal("setting_range", low=1, high=dialect.slots)
        if parts.get("limits_export"):
            await _check_limit(driver)
        intent = SetValues(edits=(slot_edit(int(slot), dialect, **parts),))
        return answer(await async_execute(call.hass, DOMAIN, manager, intent))

    return await each_target(call, DOMAIN, find, work)


def _parts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a slot that were said. Raises ``Refusal``."""
    check_range(data.get("power"), PERCENT, "percent_range")
    check_range(data.get("cutoff_soc"), PERCENT, "soc_range")
    parts: dict[str, Any] = {
        "on": data.get("enabled"),
        "mode": data.get("mode"),
        "power": data.get("power"),
        "soc": data.get("cutoff_soc"),
    }
    for name in ("start", "end"):
        if (moment := data.get(name)) is not None:
            parts[name] = _time(moment, end=name == "end")
    for name in ("days", "months"):
        if (found := data.get(name)) is not None:
            parts[name] = tuple(sorted(set(found)))
    if (limit := data.get("limit")) is not None:
        parts["limits_export"] = limit == EXPORT
    return {name: part for name, part in parts.items() if part is not None}


def _time(moment: time, *, end: bool) -> str:
    """Return a time as a slot has it; midnight is the last minute that can end one."""
    minute = minute_of(whole_minute(moment))
    return format_time(LATEST if end and not minute else minute)


async def _check_limit(driver: InverterDriver) -> None:
    """Raise ``Refusal`` unless a slot's power can be that of what is fed in."""
    document = await driver.fetch()
    if not can_limit_export(mapping(document.get(NAMED))):
        raise Refusal("no_export_slots")

"""The actions that battery managers expect of Growatt, under their usual names.

Fields and answers are those of Home Assistant's own Growatt integration; they go the way
of every write all the same. What is left out stays as it is set.
"""

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
import probatio

from ._vendor.core.control.driver import Range, Settings
from ._vendor.core.control.intent import Edit, SetValues, Values
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import format_time
from ._vendor.core.control.validate import check_range
from ._vendor.core.ha.actions import SHORT_TEXT
from ._vendor.core.ha.control_schemas import time_of_day
from ._vendor.core.ha.control_times import number
from .const import DOMAIN
from .control_common import PERCENT
from .control_min import segments
from .control_min.min_driver import MinDriver
from .control_sph import edits
from .control_sph.groups import AC, CHARGE, DISCHARGE, POWER, SLOTS, STOP_SOC
from .control_sph.period_driver import PeriodDriver
from .device import Device
from .services_control import ONE_DEVICE, Guard, manager_of, one, set_values

UPDATE_SEGMENT, READ_SEGMENTS = "update_time_segment", "read_time_segments"
# The names of an action and its fields <- the side of the periods
_SIDES = {"charge": CHARGE, "discharge": DISCHARGE}
_SEGMENTS = Range(low=1, high=len(segments.KEYS))
_NO_TIME = "00:00"

SEGMENT_SCHEMA = probatio.Schema(
    {
        **ONE_DEVICE,
        probatio.Required("segment_id"): number,
        probatio.Optional("batt_mode"): probatio.All(
            SHORT_TEXT, probatio.In(list(segments.MODES))
        ),
        probatio.Optional("start_time"): time_of_day,
        probatio.Optional("end_time"): time_of_day,
        probatio.Optional("enabled"): cv.boolean,
    }
)


@callback
def async_setup_periods(hass: HomeAssistant, guard: Guard) -> None:
    """Register the actions; ``guard`` lets in only who may control."""
    writes, reads = SupportsResponse.OPTIONAL, SupportsResponse.ONLY
    one_device = probatio.Schema(ONE_DEVICE)
    register = hass.services.async_register
    register(DOMAIN, UPDATE_SEGMENT, guard(_update_segment), SEGMENT_SCHEMA, writes)
    register(DOMAIN, READ_SEGMENTS, guard(_read_segments), one_device, reads)
    for name in _SIDES:
        _register_side(hass, guard, name)


def _register_side(hass: HomeAssistant, guard: Guard, name: str) -> None:
    async def write(call: ServiceCall) -> ServiceResponse:
        return await _write_times(call, name)

    async def read(call: ServiceCall) -> ServiceResponse:
        return await _read_times(call, name)

    hass.services.async_register(
        DOMAIN,
        f"write_ac_{name}_times",
        guard(write),
        _times_schema(name),
        SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        f"read_ac_{name}_times",
        guard(read),
        probatio.Schema(ONE_DEVICE),
        SupportsResponse.ONLY,
    )


def _times_schema(name: str) -> probatio.Schema:
    fields: dict[Any, Any] = {
        **ONE_DEVICE,
        probatio.Optional(f"{name}_power"): number,
        probatio.Optional(f"{name}_stop_soc"): number,
    }
    if name == "charge":
        fields[probatio.Optional("mains_enabled")] = cv.boolean
    for slot in SLOTS:
        fields[probatio.Optional(f"period_{slot}_start")] = time_of_day
        fields[probatio.Optional(f"period_{slot}_end")] = time_of_day
        fields[probatio.Optional(f"period_{slot}_enabled")] = cv.boolean
    return probatio.Schema(fields)


async def _update_segment(call: ServiceCall) -> ServiceResponse:
    """Change one of the nine segments of a MIN (reference section 6.3)."""

    async def work(device: Device) -> dict[str, Any]:
        _min_driver(device)
        data = call.data
        check_range(data["segment_id"], _SEGMENTS, "setting_range")
        edit = segments.edit(
            int(data["segment_id"]),
            mode=data.get("batt_mode"),
            start=data.get("start_time"),
            end=data.get("end_time"),
            enabled=data.get("enabled"),
        )
        return await set_values(call, device, SetValues(edits=(edit,)))

    return await one(call, work)


async def _read_segments(call: ServiceCall) -> ServiceResponse:
    """Answer all nine; one that cannot be read is an unused one."""

    async def work(device: Device) -> dict[str, Any]:
        values = (await _min_driver(device).read()).values
        return {
            "time_segments": [
                _segment(number, values.get(key))
                for number, key in enumerate(segments.KEYS, 1)
            ]
        }

    return await one(call, work)


def _segment(number: int, value: Any) -> dict[str, Any]:
    mode, start, end, enabled = value if isinstance(value, list) else segments.EMPTY
    return {
        "segment_id": number,
        "start_time": start,
        "end_time": end,
        "batt_mode": segments.MODES[mode],
        "enabled": enabled,
    }


async def _write_times(call: ServiceCall, name: str) -> ServiceResponse:
    """Change power, stop SoC and periods of a side (reference section 6.4)."""

    async def work(device: Device) -> dict[str, Any]:
        _period_driver(device)
        wanted = _edits(call.data, name)
        return await set_values(call, device, SetValues(edits=tuple(wanted)))

    return await one(call, work)


def _edits(data: Mapping[str, Any], name: str) -> list[Edit]:
    """Return what the fields change. Raises ``Refusal``."""
    side = _SIDES[name]
    heads = {
        f"{side}.{POWER}": data.get(f"{name}_power"),
        f"{side}.{STOP_SOC}": data.get(f"{name}_stop_soc"),
        f"{side}.{AC}": data.get("mains_enabled"),
    }
    said = {key: value for key, value in heads.items() if value is not None}
    for key, value in said.items():
        check_range(value, PERCENT, "setting_range")
        if value != int(value):
            raise Refusal("setting_whole", setting=key)
    found: list[Edit] = [lambda values: _settable(said, values)]
    for slot in SLOTS:
        start, end = (
            _minute(data.get(f"period_{slot}_{at}")) for at in ("start", "end")
        )
        on = data.get(f"period_{slot}_enabled")
        if (start, end, on) != (None, None, None):
            found.append(edits.set_period(side, slot, start=start, end=end, on=on))
    return found


def _settable(said: Values, values: Values) -> Values:
    """Return what was said, unless the device has no such switch (SPA of the app)."""
    if (switch := f"{CHARGE}.{AC}") in said and switch not in values:
        raise Refusal("unknown_setting", setting="mains_enabled")
    return said


def _minute(moment: time | None) -> time | None:
    if moment is not None:
        segments.whole_minute(moment)
    return moment


async def _read_times(call: ServiceCall, name: str) -> ServiceResponse:
    """Answer a side; what cannot be read is null, and a time then 00:00 and off."""

    async def work(device: Device) -> dict[str, Any]:
        return _times(await _period_driver(device).read(), name)

    return await one(call, work)


def _times(settings: Settings, name: str) -> dict[str, Any]:
    values, side = settings.values, _SIDES[name]
    found: dict[str, Any] = {
        f"{name}_power": values.get(f"{side}.{POWER}"),
        f"{name}_stop_soc": values.get(f"{side}.{STOP_SOC}"),
    }
    if name == "charge":
        found["mains_enabled"] = values.get(f"{side}.{AC}")
    found["periods"] = [_period(values, side, slot) for slot in SLOTS]
    return found


def _period(values: Values, side: str, slot: int) -> dict[str, Any]:
    period = edits.period_of(values, side, slot)
    return {
        "period_id": slot,
        "start_time": format_time(period.start) if period else _NO_TIME,
        "end_time": format_time(period.end % 1440) if period else _NO_TIME,
        "enabled": period.on if period else False,
    }


def _min_driver(device: Device) -> MinDriver:
    """Return the driver of a MIN. Raises ``Refusal``."""
    driver = manager_of(device).driver
    if not isinstance(driver, MinDriver):
        raise Refusal("no_segments")
    return driver


def _period_driver(device: Device) -> PeriodDriver:
    """Return the driver of an SPH or SPA. Raises ``Refusal``."""
    driver = manager_of(device).driver
    if not isinstance(driver, PeriodDriver):
        raise Refusal("no_periods")
    return driver

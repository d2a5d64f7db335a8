"""Actions that read: the cloud's other answers, and the past (sections 3.F and 7)."""

from collections.abc import Mapping
from datetime import date, timedelta
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

from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.actions import DEVICES, past_day
from ._vendor.core.ha.control_calls import each_target
from ._vendor.core.ha.history_import import HistoryImport
from .api.classic_client import Timespan
from .cloud import CloudReader, Question, What
from .const import DOMAIN, HISTORY_MAX_DAYS
from .device import Device
from .plant import Plant
from .runtime import GrowattRuntime
from .services_control import async_setup_control
from .services_periods import async_setup_periods
from .services_plant import async_setup_plant
from .services_settings import async_setup_settings

READ_CLOUD = "read_cloud"
READ_HISTORY = "read_history"
IMPORT_HISTORY = "import_history"

TIMESPANS: Mapping[str, Timespan] = {
    timespan.name.lower(): timespan for timespan in Timespan
}

READ_CLOUD_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("what"): probatio.In([what.value for what in What]),
        probatio.Optional("date"): past_day,
        probatio.Optional("timespan", default="hour"): probatio.In(list(TIMESPANS)),
    }
)
READ_HISTORY_SCHEMA = probatio.Schema({**DEVICES, probatio.Required("date"): past_day})
IMPORT_HISTORY_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("start"): past_day,
        probatio.Optional("end"): past_day,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    control = verify_domain_control(DOMAIN)
    for name, action, schema, response in (
        (READ_CLOUD, _read_cloud, READ_CLOUD_SCHEMA, SupportsResponse.ONLY),
        (READ_HISTORY, _read_history, READ_HISTORY_SCHEMA, SupportsResponse.ONLY),
        (
            IMPORT_HISTORY,
            _import_history,
            IMPORT_HISTORY_SCHEMA,
            SupportsResponse.OPTIONAL,
        ),
    ):
        hass.services.async_register(DOMAIN, name, control(action), schema, response)
    for set_up in (
        async_setup_control,
        async_setup_periods,
        async_setup_settings,
        async_setup_plant,
    ):
        set_up(hass, control)


def find_device(runtime: GrowattRuntime, identifier: str) -> Device | None:
    """Return the device with a serial; its batteries stand for it."""
    return runtime.devices.get(identifier)


type _Asked = tuple[CloudReader, Device | Plant]
type _Past = tuple[GrowattRuntime, Device]


def _find_any(runtime: GrowattRuntime, identifier: str) -> _Asked | None:
    plants = {plant.key: plant for plant in runtime.plants.values()}
    found = runtime.devices.get(identifier) or plants.get(identifier)
    return (runtime.cloud, found) if found is not None else None


def _find_past(runtime: GrowattRuntime, identifier: str) -> _Past | None:
    device = find_device(runtime, identifier)
    return (runtime, device) if device is not None else None


async def _read_cloud(call: ServiceCall) -> ServiceResponse:
    """Answer what the cloud says, as it says it."""
    what, timespan = What(call.data["what"]), TIMESPANS[call.data["timespan"]]

    def ask(item: _Asked) -> Question:
        reader, target = item
        plant = target if isinstance(target, Plant) else target.plant
        day: date = call.data.get("date", _today(plant))
        _check_past(day, plant)
        return reader.question(what, target, day, timespan)

    async def read(item: _Asked) -> dict[str, Any]:
        return {"what": what.value, "data": await item[0].read(ask(item))}

    def check(item: _Asked) -> None:
        ask(item)

    return await each_target(call, DOMAIN, _find_any, read, check)


async def _read_history(call: ServiceCall) -> ServiceResponse:
    """Answer the raw 5-minute records of a day."""
    day: date = call.data["date"]

    async def read(item: _Past) -> dict[str, Any]:
        runtime, device = item
        records = await runtime.source.history(
            device.family, device.serial, day, device.plant.zone
        )
        return {"records": records}

    return await each_target(
        call, DOMAIN, _find_past, read, lambda item: _check_past(day, item[1].plant)
    )


async def _import_history(call: ServiceCall) -> ServiceResponse:
    """Start an import for each device; it goes on in the background."""
    start: date = call.data["start"]

    def end(device: Device) -> date:
        last: date = call.data.get("end", _today(device.plant))
        return last

    def check(item: _Past) -> None:
        _check_range(start, end(item[1]), item[1].plant)
        _job(item)

    async def begin(item: _Past) -> dict[str, Any]:
        return _job(item).start(start, end(item[1]))

    return await each_target(call, DOMAIN, _find_past, begin, check)


def _job(item: _Past) -> HistoryImport:
    runtime, device = item
    if "recorder" not in runtime.hass.config.components:
        raise Refusal("no_recorder")
    if (job := runtime.histories.of(device)) is None:
        raise Refusal("no_history")
    return job


def _check_range(start: date, end: date, plant: Plant) -> None:
    _check_past(start, plant)
    _check_past(end, plant)
    oldest = _today(plant) - timedelta(days=HISTORY_MAX_DAYS)
    if not oldest <= start <= end:
        raise Refusal("wrong_range", days=HISTORY_MAX_DAYS)


def _today(plant: Plant) -> date:
    return dt_util.now(plant.zone).date()


def _check_past(day: date, plant: Plant) -> None:
    if day > _today(plant):
        raise Refusal("future_date", date=day.isoformat())

"""Actions that read the past (reference section 7)."""

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
from .const import DOMAIN
from .past_values import PastValues, Resolution
from .plant import Plant
from .runtime import GoodWeRuntime
from .services_control import async_setup_control
from .services_settings import async_setup_settings
from .services_slots import async_setup_slots

READ_HISTORY = "read_history"
IMPORT_HISTORY = "import_history"

# An hour's energies cost two requests a day, the others one a month or year
_READ_DAYS = {Resolution.HOUR: 7, Resolution.DAY: 366}
_READ_MOST_DAYS = 366 * 30
# Of hours, at some three seconds a day; the cloud keeps all since the plant was made.
_IMPORT_DAYS = 366 * 15

_SPAN = {
    probatio.Required("start"): past_day,
    probatio.Optional("end"): past_day,
}
READ_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        **_SPAN,
        probatio.Optional("resolution", default="hour"): probatio.In(
            [resolution.value for resolution in Resolution]
        ),
    }
)
IMPORT_SCHEMA = probatio.Schema({**DEVICES, **_SPAN})

type _Past = tuple[GoodWeRuntime, Plant]


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    control = verify_domain_control(DOMAIN)
    for name, action, schema, response in (
        (READ_HISTORY, _read_history, READ_SCHEMA, SupportsResponse.ONLY),
        (IMPORT_HISTORY, _import_history, IMPORT_SCHEMA, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, control(action), schema, response)
    for set_up in (async_setup_control, async_setup_slots, async_setup_settings):
        set_up(hass)


def find_plant(runtime: GoodWeRuntime, identifier: str) -> Plant | None:
    """Return the plant with a key, or that of the device with a serial number."""
    if (device := runtime.devices.get(identifier)) is not None:
        return device.plant
    plants = {plant.key: plant for plant in runtime.plants.values()}
    return plants.get(identifier)


def _find(runtime: GoodWeRuntime, identifier: str) -> _Past | None:
    plant = find_plant(runtime, identifier)
    return (runtime, plant) if plant is not None else None


async def _read_history(call: ServiceCall) -> ServiceResponse:
    """Answer the energies of past hours, days, months or years."""
    start: date = call.data["start"]
    end: date = call.data.get("end", start)
    resolution = Resolution(call.data["resolution"])
    most = _READ_DAYS.get(resolution, _READ_MOST_DAYS)

    def check(item: _Past) -> None:
        _check_past(end, item[1])
        if end < start:
            raise Refusal("wrong_order")
        if end >= start + timedelta(days=most):
            raise Refusal("span_too_long", days=most)

    async def read(item: _Past) -> dict[str, Any]:
        runtime, plant = item
        past = PastValues(runtime, plant, runtime.histories.source(plant))
        return await past.read(start, end, resolution)

    return await each_target(call, DOMAIN, _find, read, check)


async def _import_history(call: ServiceCall) -> ServiceResponse:
    """Start an import for each plant; it goes on in the background."""
    start: date = call.data["start"]

    def end(plant: Plant) -> date:
        last: date = call.data.get("end", _today(plant) - timedelta(days=1))
        return last

    def check(item: _Past) -> None:
        runtime, plant = item
        if "recorder" not in runtime.hass.config.components:
            raise Refusal("no_recorder")
        _check_past(end(plant), plant)
        oldest = _today(plant) - timedelta(days=_IMPORT_DAYS)
        if not oldest <= start <= end(plant):
            raise Refusal("wrong_range", days=_IMPORT_DAYS)

    async def begin(item: _Past) -> dict[str, Any]:
        runtime, plant = item
        return runtime.histories.source(plant).start(start, end(plant))

    return await each_target(call, DOMAIN, _find, begin, check)


def _today(plant: Plant) -> date:
    return dt_util.now(plant.zone).date()


def _check_past(end: date, plant: Plant) -> None:
    """The totals of a day are right when the day is over (section 10.1)."""
    if end >= (today := _today(plant)):
        raise Refusal("history_until_yesterday", date=today.isoformat())

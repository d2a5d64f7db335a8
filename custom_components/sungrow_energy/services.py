"""Actions that read: points, and the past (reference sections 3.11 and 7)."""

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
from ._vendor.core.ha.actions import DEVICES, SHORT_TEXT, past_day
from ._vendor.core.ha.control_calls import each_target
from .const import DOMAIN, HISTORY_MAX_DAYS
from .device import Device
from .listed_points import device_points, plant_points
from .past_values import PastValues
from .plant import Plant
from .resolution import MOST_YEARS, Resolution
from .runtime import SungrowRuntime
from .services_control import async_setup_control
from .services_parameters import async_setup_parameters

LIST_POINTS = "list_points"
READ_HISTORY = "read_history"
IMPORT_HISTORY = "import_history"

# A question for more hours than this would be hundreds of requests.
_READ_DAYS = 7
_DAYS_PER_YEAR = 366

LIST_SCHEMA = probatio.Schema(DEVICES)
_SPAN = {
    probatio.Required("start"): past_day,
    probatio.Optional("end"): past_day,
}
READ_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        **_SPAN,
        probatio.Optional("points"): probatio.All(
            probatio.EnsureList(), [SHORT_TEXT], probatio.Length(min=1, max=100)
        ),
        probatio.Optional("resolution", default="hour"): probatio.In(
            [resolution.value for resolution in Resolution]
        ),
    }
)
IMPORT_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        **_SPAN,
        probatio.Optional("resolution", default="hour"): probatio.In(
            [Resolution.HOUR, Resolution.DAY, Resolution.MONTH]
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    control = verify_domain_control(DOMAIN)
    for name, action, schema, response in (
        (LIST_POINTS, _list_points, LIST_SCHEMA, SupportsResponse.ONLY),
        (READ_HISTORY, _read_history, READ_SCHEMA, SupportsResponse.ONLY),
        (IMPORT_HISTORY, _import_history, IMPORT_SCHEMA, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, control(action), schema, response)
    async_setup_control(hass)
    async_setup_parameters(hass)


type _Asked = tuple[SungrowRuntime, Device | Plant]
type _Past = tuple[SungrowRuntime, Plant]


def _find_any(runtime: SungrowRuntime, identifier: str) -> _Asked | None:
    plants = {plant.key: plant for plant in runtime.plants.values()}
    found = runtime.devices.get(identifier) or plants.get(identifier)
    return (runtime, found) if found is not None else None


def _find_plant(runtime: SungrowRuntime, identifier: str) -> Plant | None:
    if (found := _find_any(runtime, identifier)) is None:
        return None
    target = found[1]
    return target if isinstance(target, Plant) else target.plant


def _plant_of(target: Device | Plant) -> Plant:
    return target if isinstance(target, Plant) else target.plant


async def _list_points(call: ServiceCall) -> ServiceResponse:
    """Answer all points that have a value."""

    async def answer(item: _Asked) -> dict[str, Any]:
        target = item[1]
        if isinstance(target, Plant):
            return plant_points(target)
        return device_points(target)

    return await each_target(call, DOMAIN, _find_any, answer)


async def _read_history(call: ServiceCall) -> ServiceResponse:
    """Answer the values of past days, months or years."""
    start: date = call.data["start"]
    end: date = call.data.get("end", start)
    resolution = Resolution(call.data["resolution"])
    most = _READ_DAYS if resolution is Resolution.HOUR else MOST_YEARS * _DAYS_PER_YEAR

    def past(item: _Asked) -> PastValues:
        return PastValues(item[0].client, item[1], call.data.get("points"))

    def check(item: _Asked) -> None:
        past(item)
        _check_past(end, _plant_of(item[1]))
        if end < start:
            raise Refusal("wrong_order")
        if end >= start + timedelta(days=most):
            raise Refusal("span_too_long", days=most)

    async def read(item: _Asked) -> dict[str, Any]:
        return await past(item).read(start, end, resolution)

    return await each_target(call, DOMAIN, _find_any, read, check)


async def _import_history(call: ServiceCall) -> ServiceResponse:
    """Start an import for each plant; it goes on in the background."""
    start: date = call.data["start"]
    resolution = Resolution(call.data["resolution"])

    def end(plant: Plant) -> date:
        last: date = call.data.get("end", _today(plant) - timedelta(days=1))
        return last

    def check(item: _Past) -> None:
        runtime, plant = item
        if "recorder" not in runtime.hass.config.components:
            raise Refusal("no_recorder")
        _check_past(end(plant), plant)
        most = HISTORY_MAX_DAYS
        if resolution is not Resolution.HOUR:
            most = MOST_YEARS * _DAYS_PER_YEAR
        oldest = _today(plant) - timedelta(days=most)
        if not oldest <= start <= end(plant):
            raise Refusal("wrong_range", days=most)

    async def begin(item: _Past) -> dict[str, Any]:
        runtime, plant = item
        return runtime.histories.start(plant, start, end(plant), resolution)

    def find(runtime: SungrowRuntime, identifier: str) -> _Past | None:
        plant = _find_plant(runtime, identifier)
        return (runtime, plant) if plant is not None else None

    return await each_target(call, DOMAIN, find, begin, check)


def _today(plant: Plant) -> date:
    return dt_util.now(plant.zone).date()


def _check_past(end: date, plant: Plant) -> None:
    """The cloud has no history of the current day (section 7)."""
    if end >= (today := _today(plant)):
        raise Refusal("history_until_yesterday", date=today.isoformat())

"""The actions of the integration."""

from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import verify_domain_control
import probatio

from ._vendor.core.control.driver import Range
from ._vendor.core.control.intent import Kind, SetReserve
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.validate import check_range
from ._vendor.core.ha.actions import ATTR_DEVICE_ID, DEVICES, for_each, targets
from ._vendor.core.ha.control_actions import (
    VendorActions,
    answer,
    async_register_control,
)
from ._vendor.core.ha.control_calls import async_execute, refusal_error
from ._vendor.core.ha.control_schemas import row_data
from ._vendor.core.ha.control_times import number
from .api.keys import LOWEST_RESERVE
from .const import DOMAIN
from .coordinator import SonnenBattery
from .tou import MODES, rows
from .writable import SCHEDULE

SET_RESERVE_TO_CURRENT = "set_backup_reserve_to_current"

SET_RESERVE_TO_CURRENT_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Optional("offset", default=0): number,
        probatio.Optional("minimum", default=LOWEST_RESERVE): number,
    }
)
_OFFSET = Range(low=-100, high=100)
_MINIMUM = Range(low=LOWEST_RESERVE, high=100)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SET_RESERVE_TO_CURRENT,
        verify_domain_control(DOMAIN)(_set_reserve_to_current),
        SET_RESERVE_TO_CURRENT_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    async_register_control(hass, CONTROL)


def _battery(battery: SonnenBattery, identifier: str) -> SonnenBattery | None:
    """Return the entry's battery; its meters stand for it through their parent."""
    return battery if identifier == battery.serial else None


def _manager(battery: SonnenBattery) -> ControlManager:
    """Return who controls the battery. Raises ``Refusal``."""
    if battery.control is None:
        if (refusal := battery.refusal) is not None:
            raise Refusal(refusal.key, **refusal.placeholders)
        raise Refusal("no_control_yet")
    return battery.control


async def _read_schedule(battery: SonnenBattery) -> dict[str, Any]:
    """Answer what the battery has now. Raises ``ApiError``."""
    schedule = (await _manager(battery).driver.read()).values.get(SCHEDULE)
    answer: dict[str, Any] = {"rows": [row_data(row) for row in rows(schedule)]}
    if isinstance(schedule, str):
        # Windows of another shape, which can only be cleared from here (6.5)
        answer["raw"] = schedule
    return answer


CONTROL: VendorActions[SonnenBattery] = VendorActions(
    domain=DOMAIN,
    find=_battery,
    manager=_manager,
    kinds=frozenset(
        {
            Kind.FORCE_CHARGE,
            Kind.FORCE_DISCHARGE,
            Kind.HOLD,
            Kind.SET_RESERVE,
            Kind.SET_SCHEDULE,
        }
    ),
    modes=MODES,
    read_schedule=_read_schedule,
)


async def _set_reserve_to_current(call: ServiceCall) -> ServiceResponse:
    """Let what is in the battery, and so much more or less, be its reserve."""
    found = targets(call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], _battery)
    offset, minimum = call.data["offset"], call.data["minimum"]

    async def work(battery: SonnenBattery) -> dict[str, Any]:
        try:
            manager = _manager(battery)
            check_range(offset, _OFFSET, "percent_range")
            check_range(minimum, _MINIMUM, "soc_range")
            reserve = min(100.0, max(minimum, _soc(manager) + offset))
        except Refusal as err:
            raise await refusal_error(call.hass, DOMAIN, err) from err
        intent = SetReserve(soc=reserve)
        return answer(await async_execute(call.hass, DOMAIN, manager, intent))

    return await for_each(call.hass, DOMAIN, found, work)


def _soc(manager: ControlManager) -> float:
    """Return what is in the battery now, in percent. Raises ``Refusal``."""
    seen = manager.driver.observation()
    if seen.soc is None or not seen.fresh:
        raise Refusal("soc_unknown")
    return seen.soc

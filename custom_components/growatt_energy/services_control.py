"""The actions that control: those of all vendors, and what they share with ours."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
import probatio

from ._vendor.core.control.intent import Kind, Row, SetValues
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.actions import (
    ATTR_DEVICE_ID,
    DEVICES,
    SHORT_TEXT,
    targets,
)
from ._vendor.core.ha.control_actions import (
    VendorActions,
    answer,
    async_register_control,
)
from ._vendor.core.ha.control_calls import async_execute, each_target, told
from ._vendor.core.ha.control_schemas import row_data
from .const import DOMAIN
from .control_min import min_driver
from .control_min.min_driver import MinDriver
from .control_min.segments import MODES
from .control_rest import noah_segments
from .control_rest.noah_driver import NoahDriver
from .control_settings import CLOCK
from .control_sph import period_driver
from .control_sph.period_driver import PeriodDriver
from .device import Device
from .runtime import GrowattRuntime

SYNC_CLOCK = "sync_clock"

# HA's own integration calls these with one device, and answers without its id.
ONE_DEVICE = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), [SHORT_TEXT], probatio.Length(min=1, max=1)
    )
}

type Handler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
type Guard = Callable[[Handler], Handler]


@callback
def async_setup_control(hass: HomeAssistant, guard: Guard) -> None:
    """Register the actions; ``guard`` lets in only who may control."""
    async_register_control(hass, CONTROL)
    hass.services.async_register(
        DOMAIN,
        SYNC_CLOCK,
        guard(_sync_clock),
        probatio.Schema(DEVICES),
        SupportsResponse.OPTIONAL,
    )


def find(runtime: GrowattRuntime, identifier: str) -> Device | None:
    """Return the device with a serial; its batteries stand for it."""
    return runtime.devices.get(identifier)


def manager_of(device: Device) -> ControlManager:
    """Return who controls a device. Raises ``Refusal``."""
    if device.control is not None:
        return device.control
    if (refusal := device.refusal) is not None:
        raise Refusal(refusal.key, **refusal.placeholders)
    raise Refusal("no_control_yet" if device.controllable else "nothing_to_set")


async def one(
    call: ServiceCall, work: Callable[[Device], Awaitable[dict[str, Any]]]
) -> ServiceResponse:
    """Do the work for the one device that is meant, and return what it answers."""
    [device] = targets(call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], find).values()
    return await told(call.hass, DOMAIN, work(device))


async def each(
    call: ServiceCall, work: Callable[[Device], Awaitable[dict[str, Any]]]
) -> ServiceResponse:
    """Do the work for every device that is meant, and answer for all of them."""
    return await each_target(call, DOMAIN, find, work)


async def set_values(
    call: ServiceCall, device: Device, intent: SetValues
) -> dict[str, Any]:
    """Change settings of a device. Raises ``Refusal`` or what an action raises."""
    return answer(await async_execute(call.hass, DOMAIN, manager_of(device), intent))


async def _read_schedule(device: Device) -> dict[str, Any]:
    """Answer what the device has now. Raises ``Refusal`` or ``ApiError``."""
    driver = manager_of(device).driver
    rows: list[Row]
    switches: dict[str, bool] = {}
    match driver:
        case MinDriver():
            rows, switches = min_driver.read_schedule(await driver.read())
        case PeriodDriver():
            rated = device.entry_info.rated_power
            rows, switches = period_driver.read_schedule(
                await driver.read(), driver.store, rated
            )
        case NoahDriver():
            rows = noah_segments.rows((await driver.read()).values)
        case _:
            raise Refusal("no_schedule")
    return {"rows": [row_data(row) for row in rows], **switches}


CONTROL: VendorActions[Device] = VendorActions(
    domain=DOMAIN,
    find=find,
    manager=manager_of,
    kinds=frozenset(
        {
            Kind.FORCE_CHARGE,
            Kind.FORCE_DISCHARGE,
            Kind.HOLD,
            Kind.SET_RESERVE,
            Kind.SET_EXPORT_LIMIT,
            Kind.SET_SCHEDULE,
        }
    ),
    modes=(*MODES, "smart"),
    switches=("ac_charge",),
    read_schedule=_read_schedule,
)


async def _sync_clock(call: ServiceCall) -> ServiceResponse:
    """Tell clocks the time of their plants (reference section 6.2)."""
    intent = SetValues(edits=(lambda _: {CLOCK: True},))
    return await each(call, lambda device: set_values(call, device, intent))

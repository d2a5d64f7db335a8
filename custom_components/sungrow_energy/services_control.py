"""The actions that control: those of all vendors, and whom they are for."""

from typing import Any

from homeassistant.core import HomeAssistant, callback

from ._vendor.core.control.intent import Kind
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control_actions import VendorActions, async_register_control
from ._vendor.core.ha.control_schemas import row_data
from .const import DOMAIN
from .control.catalogue import FORCED
from .control.schedule import CHARGE_MODE, rows_of
from .control_drivers import CONTROLLED
from .device import Device
from .registry import BATTERIES, HYBRID
from .runtime import SungrowRuntime


@callback
def async_setup_control(hass: HomeAssistant) -> None:
    """Register the actions, each for who may control the vendor's entities."""
    async_register_control(hass, CONTROL)


def find(runtime: SungrowRuntime, identifier: str) -> Device | None:
    """Return the device that is meant.

    A battery or a plant stands for the hybrid inverter that leads it, if there is one.
    """
    device = runtime.devices.get(identifier)
    plant = next((p for p in runtime.plants.values() if p.key == identifier), None)
    if device is not None and device.type in BATTERIES:
        plant = device.plant
    if plant is None:
        return device
    hybrids = [one for one in plant.devices if one.type == HYBRID]
    return hybrids[0] if len(hybrids) == 1 else device


def manager_of(device: Device) -> ControlManager:
    """Return who controls a device. Raises ``Refusal``."""
    if device.control is not None:
        return device.control
    if (refusal := device.refusal) is not None:
        raise Refusal(refusal.key, **refusal.placeholders)
    if device.type in CONTROLLED and device.uuid:
        raise Refusal("no_control_yet")
    raise Refusal("nothing_to_set")


async def _read_schedule(device: Device) -> dict[str, Any]:
    """Answer what the device has now. Raises ``Refusal`` or ``ApiError``."""
    driver = manager_of(device).driver
    if Kind.SET_SCHEDULE not in driver.capabilities.intents:
        raise Refusal("no_schedule")
    rows, switches = rows_of((await driver.read()).values)
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
    modes=(CHARGE_MODE,),
    switches=(FORCED,),
    read_schedule=_read_schedule,
)

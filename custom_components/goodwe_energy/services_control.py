"""The actions that control: those of all vendors, and whom they are for."""

from typing import Any

from homeassistant.core import HomeAssistant, callback

from ._vendor.core.control.intent import Kind
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control_actions import VendorActions, async_register_control
from ._vendor.core.ha.control_schemas import row_data
from .const import DOMAIN
from .control.catalogue import TOU
from .control.inverter_driver import InverterDriver
from .control.schedule import MODES, read_schedule
from .device import Device
from .runtime import GoodWeRuntime

# What has settings of its own
_INVERTER, _BATTERY, _CHARGER = "inverter", "battery", "charger"


@callback
def async_setup_control(hass: HomeAssistant) -> None:
    """Register the actions, each for who may control the vendor's entities."""
    async_register_control(hass, CONTROL)


def find(runtime: GoodWeRuntime, identifier: str) -> Device | None:
    """Return the device that is meant.

    A battery stands for its inverter, a plant for the only inverter that it has, or
    the only one with a battery.
    """
    device = runtime.devices.get(identifier)
    if device is not None and device.cls != _BATTERY:
        return device
    if device is not None and device.parent is not None:
        return device.parent
    plant = next((p for p in runtime.plants.values() if p.key == identifier), None)
    if device is not None:
        plant = device.plant
    if plant is None:
        return None
    inverters = [one for one in plant.devices if one.cls == _INVERTER]
    storage = [one for one in inverters if one.entry.storage] or inverters
    return storage[0] if len(storage) == 1 else device


def manager_of(device: Device) -> ControlManager:
    """Return who controls a device. Raises ``Refusal``."""
    if device.control is not None:
        return device.control
    if (refusal := device.refusal) is not None:
        raise Refusal(refusal.key, **refusal.placeholders)
    if device.cls not in (_INVERTER, _CHARGER):
        raise Refusal("nothing_to_set")
    if not device.plant.may_write:
        raise Refusal("no_remote_right")
    raise Refusal("no_control_yet")


def slots_of(device: Device) -> InverterDriver:
    """Return the driver of a device that has slots. Raises ``Refusal``."""
    driver = manager_of(device).driver
    if not isinstance(driver, InverterDriver) or not driver.has_slots:
        raise Refusal("no_schedule")
    return driver


async def _read_schedule(device: Device) -> dict[str, Any]:
    """Answer what the device has now. Raises ``Refusal`` or ``ApiError``."""
    driver = slots_of(device)
    settings = await driver.read()
    rows, switches = read_schedule(settings.values, driver.what.rated)
    return {"rows": [row_data(row) for row in rows], **switches}


CONTROL: VendorActions[Device] = VendorActions(
    domain=DOMAIN,
    find=find,
    manager=manager_of,
    kinds=frozenset(
        {
            Kind.FORCE_CHARGE,
            Kind.FORCE_DISCHARGE,
            Kind.SET_RESERVE,
            Kind.SET_EXPORT_LIMIT,
            Kind.SET_SCHEDULE,
        }
    ),
    modes=MODES,
    switches=(TOU,),
    read_schedule=_read_schedule,
)

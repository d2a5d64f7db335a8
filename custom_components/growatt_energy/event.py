"""Events of a device: its alarms, the import of its past, what its control does."""

from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.alarm_events import RAISED_ALARMS, AlarmEvents, Listed
from ._vendor.core.ha.control_entity import LEASES
from ._vendor.core.ha.control_state import CONTROL_EVENTS, ControlEvents
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .device import Device
from .entity import control_device
from .readings import Alarm, Alarms
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for serial, device in runtime.devices.items():
        if (alarms := device.alarms) is not None and alarms.known:
            make = partial(_alarms, runtime, device, alarms)
            found.append((serial, RAISED_ALARMS.key, make))
        if (job := runtime.histories.of(device)) is not None:
            history = partial(HistoryEvents, job, serial, device.device_info)
            found.append((serial, HISTORY_EVENTS.key, history))
        control = control_device(device)
        if control and control.manager.driver.capabilities.intents & LEASES:
            found.append(
                (
                    serial,
                    CONTROL_EVENTS.key,
                    partial(ControlEvents, control, CONTROL_EVENTS),
                )
            )
    return found


def _alarms(
    runtime: GrowattRuntime, device: Device, coordinator: BundleCoordinator[Alarms]
) -> AlarmEvents[Alarms]:
    """Return the event entity of a device's alarms of the day."""

    def listed() -> Listed | None:
        if not coordinator.known:
            return None
        return {_key(alarm): _data(alarm) for alarm in coordinator.data.alarms}

    return AlarmEvents(
        runtime.account,
        coordinator,
        device.serial,
        listed,
        unique_id=f"{device.serial}_{RAISED_ALARMS.key}",
        device=device.device_info,
        description=RAISED_ALARMS,
    )


def _key(alarm: Alarm) -> str:
    return f"{alarm.code} {alarm.started}"


def _data(alarm: Alarm) -> dict[str, Any]:
    return {
        "code": alarm.code,
        "message": alarm.message,
        "started": alarm.started,
        "ended": alarm.ended,
    }

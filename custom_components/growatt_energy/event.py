"""Events of a device: its alarms, the import of its past, what its control does."""

from functools import partial
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

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

ALARMS = EventEntityDescription(
    key="alarm",
    translation_key="alarm",
    entity_category=EntityCategory.DIAGNOSTIC,
    event_types=["raised"],
)


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
            make = partial(AlarmEvents, runtime, device, alarms)
            found.append((serial, ALARMS.key, make))
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


class AlarmEvents(CoordinatorEntity[BundleCoordinator[Alarms]], EventEntity):
    """Tells what a device complains of.

    The cloud lists the alarms of a day; which of them were told stands in the account's
    file, so that a restart tells none a second time. What an account's first list holds
    is taken as known.
    """

    _attr_has_entity_name = True
    entity_description = ALARMS

    def __init__(
        self,
        runtime: GrowattRuntime,
        device: Device,
        coordinator: BundleCoordinator[Alarms],
    ) -> None:
        """Bind to the device's list of alarms."""
        super().__init__(coordinator)
        self._account = runtime.account
        self._note = f"{device.serial}/alarms"
        self._attr_unique_id = f"{device.serial}_{ALARMS.key}"
        self._attr_device_info = device.device_info

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.fresh

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._look()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if not self._look():
            self.async_write_ha_state()

    @callback
    def _look(self) -> bool:
        """Tell what is new in the list; return whether anything was."""
        if not self.coordinator.known:
            return False
        told: Any = self._account.notes.get(self._note)
        listed = {_key(alarm): alarm for alarm in self.coordinator.data.alarms}
        if told != list(listed):
            self._account.note(self._note, list(listed))
        if not isinstance(told, list):
            return False
        news = [alarm for key, alarm in listed.items() if key not in told]
        for alarm in news:
            self._trigger_event(
                "raised",
                {
                    "code": alarm.code,
                    "message": alarm.message,
                    "started": alarm.started,
                    "ended": alarm.ended,
                },
            )
            self.async_write_ha_state()
        return bool(news)


def _key(alarm: Alarm) -> str:
    return f"{alarm.code} {alarm.started}"

"""What shows how an import of the past goes on: a sensor and an event entity."""

from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory, UnitOfRatio
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo

from .history_import import HistoryImport, Progress

HISTORY_IMPORT = SensorEntityDescription(
    key="history_import",
    translation_key="history_import",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    entity_category=EntityCategory.DIAGNOSTIC,
)
HISTORY_EVENTS = EventEntityDescription(
    key="history_import_events",
    translation_key="history_import_events",
    entity_category=EntityCategory.DIAGNOSTIC,
    event_types=["started", "finished", "failed"],
)


class HistorySensor(SensorEntity):
    """How far the import of the past has come; unknown if none was ever started."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = HISTORY_IMPORT

    def __init__(self, history: HistoryImport, serial: str, device: DeviceInfo) -> None:
        """Bind to the import of the system ``serial``."""
        self._history = history
        self._attr_unique_id = f"{serial}_{HISTORY_IMPORT.key}"
        self._attr_device_info = device
        self._attr_native_value = None
        self._attr_extra_state_attributes: dict[str, Any] = {}
        self._show(history.progress)

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self._history.async_listen(self._changed))

    @callback
    def _changed(self, _event: str, progress: Progress) -> None:
        before = self._attr_native_value, self._attr_extra_state_attributes
        self._show(progress)
        if before != (self._attr_native_value, self._attr_extra_state_attributes):
            self.async_write_ha_state()

    def _show(self, progress: Progress | None) -> None:
        if progress is None:
            return
        self._attr_native_value = progress.percent
        self._attr_extra_state_attributes = {
            "state": progress.state,
            "first": progress.first.isoformat(),
            "last": progress.last.isoformat(),
        }


class HistoryEvents(EventEntity):
    """Tells when an import of the past starts and how it ends."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = HISTORY_EVENTS

    def __init__(self, history: HistoryImport, serial: str, device: DeviceInfo) -> None:
        """Bind to the import of the system ``serial``."""
        self._history = history
        self._attr_unique_id = f"{serial}_{HISTORY_EVENTS.key}"
        self._attr_device_info = device

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self._history.async_listen(self._changed))

    @callback
    def _changed(self, event: str, progress: Progress) -> None:
        if event in self.event_types:
            self._trigger_event(event, progress.as_dict())
            self.async_write_ha_state()

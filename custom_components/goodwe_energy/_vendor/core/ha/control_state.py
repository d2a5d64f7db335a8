"""What is told of a device's control: state, end, writes, events."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback

from ..control.outcome import ControlState, EventType
from .control_entity import ControlEntity
from .midnight import each_day

if TYPE_CHECKING:
    from ..control.manager import ControlManager
    from ..control.news import ControlEvent


@dataclass(frozen=True, kw_only=True)
class ControlSensorDescription(SensorEntityDescription):
    """Says what of the manager it shows; ``daily`` if it begins anew each day."""

    value_fn: Callable[[ControlManager], str | int | datetime | None]
    daily: bool = False


CONTROL_SENSORS = (
    ControlSensorDescription(
        key="control_state",
        translation_key="control_state",
        device_class=SensorDeviceClass.ENUM,
        options=[str(state) for state in ControlState],
        value_fn=lambda manager: str(manager.state),
    ),
    ControlSensorDescription(
        key="control_ends",
        translation_key="control_ends",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda manager: manager.ends,
    ),
    ControlSensorDescription(
        key="setting_writes_today",
        translation_key="setting_writes_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda manager: manager.writes_today,
        daily=True,
    ),
)

CONTROL_EVENTS = EventEntityDescription(
    key="control_events",
    translation_key="control_events",
    event_types=[str(event) for event in EventType],
)


class ControlSensor(ControlEntity, SensorEntity):
    """A value that the manager knows."""

    entity_description: ControlSensorDescription

    @property
    @override
    def native_value(self) -> str | int | datetime | None:
        return self.entity_description.value_fn(self.manager)

    @property
    @override
    def shown(self) -> Hashable:
        return self.native_value

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.entity_description.daily:
            self.async_on_remove(each_day(self.hass, self._changed))


class ControlEvents(ControlEntity, EventEntity):
    """Tells what happens to a force, a hold or a limit."""

    @property
    @override
    def shown(self) -> Hashable:
        return None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.manager.listen_events(self._happened))

    @callback
    def _happened(self, event: ControlEvent) -> None:
        self._trigger_event(str(event.type), _plain(event.data))
        self.async_write_ha_state()


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in data.items()
    }

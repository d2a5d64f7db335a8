"""An event entity that tells what a system complains of, and when that is over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..model import Snapshot
from .account import Account
from .coordinator import BundleCoordinator

_CLEARED = "cleared"

ALARMS = EventEntityDescription(
    key="alarm",
    translation_key="alarm",
    entity_category=EntityCategory.DIAGNOSTIC,
    event_types=["raised", _CLEARED],
)

# For a vendor whose lists do not say that an alarm is over
RAISED_ALARMS = replace(ALARMS, event_types=["raised"])

# By what tells one alarm from another: what its event carries
type Listed = Mapping[str, dict[str, Any]]


class AlarmEvents[T: Snapshot](CoordinatorEntity[BundleCoordinator[T]], EventEntity):
    """Tells what is new in a list of alarms, and what left it.

    What was told stands in the account's file, so that a restart tells nothing a second
    time. What an account's first list holds is taken as known.
    """

    _attr_has_entity_name = True

    def __init__(
        self,
        account: Account,
        coordinator: BundleCoordinator[T],
        owner: str,
        listed: Callable[[], Listed | None],
        *,
        unique_id: str,
        device: DeviceInfo,
        description: EventEntityDescription = ALARMS,
    ) -> None:
        """Bind to a list of alarms.

        Args:
            account: remembers what was told
            coordinator: tells that the list was read again
            owner: key of the plant or device in the account's file
            listed: the newest list, None while there is none
            unique_id: that of the entity
            device: whose alarms they are
            description: without ``cleared`` among its event types, only what is new is
                told
        """
        super().__init__(coordinator)
        self.entity_description = description
        self._account, self._note, self._listed = account, f"{owner}/alarms", listed
        self._attr_unique_id = unique_id
        self._attr_device_info = device

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
        """Tell what changed in the list; return whether anything did."""
        if (listed := self._listed()) is None:
            return False
        told: Any = self._account.notes.get(self._note)
        clears = _CLEARED in self.event_types
        # What will be over is told with what it was
        now: Any = dict(listed) if clears else list(listed)
        if told != now:
            self._account.note(self._note, now)
        if not isinstance(told, type(now)):
            return False
        news = [("raised", listed[key]) for key in listed if key not in told]
        if clears:
            gone = [(_CLEARED, told[key]) for key in told if key not in listed]
            news = [*gone, *news]
        for event, data in news:
            self._trigger_event(event, data)
            self.async_write_ha_state()
        return bool(news)

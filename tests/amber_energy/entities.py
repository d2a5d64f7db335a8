"""The entities of a site, found by their keys."""

from typing import Any

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import CONF_SITE_ID, DOMAIN


def entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str | None:
    """Return the entity of a key, None if there is none."""
    unique_id = f"{entry.data[CONF_SITE_ID]}_{key}"
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)


class Shown:
    """What an entry's entities show."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Look at an entry."""
        self.hass, self.entry = hass, entry

    def id(self, platform: str, key: str) -> str:
        """Return the entity id of a key."""
        found = entity_id(self.hass, self.entry, platform, key)
        assert found is not None, key
        return found

    def of(self, platform: str, key: str) -> State:
        """Return the state of a key."""
        state = self.hass.states.get(self.id(platform, key))
        assert state is not None, key
        return state

    def sensor(self, key: str) -> str:
        """Return what a sensor shows."""
        return self.of("sensor", key).state

    def number(self, key: str) -> float:
        """Return what a sensor shows, as a number."""
        return float(self.sensor(key))

    def attributes(self, key: str) -> dict[str, Any]:
        """Return a sensor's attributes."""
        return dict(self.of("sensor", key).attributes)

    def binary(self, key: str) -> str:
        """Return what a binary sensor shows."""
        return self.of("binary_sensor", key).state

    async def call(self, platform: str, action: str, key: str, **data: Any) -> None:
        """Call an entity's action."""
        data |= {"entity_id": self.id(platform, key)}
        await self.hass.services.async_call(platform, action, data, blocking=True)

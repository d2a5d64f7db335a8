"""Finding the integration's entities by the ends of their unique ids."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from custom_components.sonnen_energy.const import DOMAIN

from .conftest import SERIAL


def entity_id(
    hass: HomeAssistant, key: str, platform: str = "sensor", serial: str = SERIAL
) -> str | None:
    """Return the id of an entity, None if it is not registered."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{serial}_{key}")


def state(
    hass: HomeAssistant, key: str, platform: str = "sensor", serial: str = SERIAL
) -> State:
    """Return the state of an entity that is there."""
    found = entity_id(hass, key, platform, serial)
    assert found is not None, key
    shown = hass.states.get(found)
    assert shown is not None, key
    return shown


def shown(
    hass: HomeAssistant, key: str, platform: str = "sensor", serial: str = SERIAL
) -> str:
    """Return what an entity shows."""
    return state(hass, key, platform, serial).state

"""Looks entities up by what never changes: their unique ids."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from custom_components.goodwe_energy.const import DOMAIN


def entity_id(hass: HomeAssistant, platform: str, unique_id: str) -> str:
    """Return the id of an entity, which must exist."""
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert found is not None, unique_id
    return found


def state_of(hass: HomeAssistant, platform: str, unique_id: str) -> State:
    """Return the state of an entity that is enabled."""
    state = hass.states.get(entity_id(hass, platform, unique_id))
    assert state is not None, unique_id
    return state


def shown(hass: HomeAssistant, unique_id: str) -> str:
    """Return what a sensor shows."""
    return state_of(hass, "sensor", unique_id).state


def enabled(hass: HomeAssistant, platform: str = "sensor") -> dict[str, bool]:
    """Return for each unique id of a platform whether the entity is enabled."""
    return {
        entry.unique_id: entry.disabled_by is None
        for entry in er.async_get(hass).entities.values()
        if entry.domain == platform and entry.platform == DOMAIN
    }


def table(hass: HomeAssistant, *platforms: str) -> list[str]:
    """Return each entity of some platforms in one line, in the order of their ids."""
    registry = er.async_get(hass)
    lines = []
    for entry in registry.entities.values():
        if entry.platform != DOMAIN or entry.domain not in platforms:
            continue
        state = hass.states.get(entry.entity_id)
        attributes = state.attributes if state is not None else {}
        parts = (
            f"{entry.domain}/{entry.unique_id}",
            entry.entity_id.partition(".")[2],
            entry.original_device_class,
            attributes.get("state_class"),
            entry.unit_of_measurement,
            entry.entity_category,
            "disabled" if entry.disabled_by else None,
            state.state if state is not None else None,
        )
        lines.append(" | ".join("" if part is None else str(part) for part in parts))
    return sorted(lines)

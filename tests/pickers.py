"""Which devices the form of an action offers, by the rules of the frontend."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .translation_rules import Texts

# What moves or holds a battery, or plans for it, in every integration that has it
BATTERY_ACTIONS = {
    "force_charge",
    "force_discharge",
    "hold",
    "read_schedule",
    "set_reserve",
    "set_schedule",
}


def offered(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the names of the devices that each action for a battery offers."""
    described = load_yaml_dict(str(Texts(entry.domain).folder / "services.yaml"))
    each = [
        _offered(hass, entry, described[name]["fields"]["device_id"]["selector"])
        for name in BATTERY_ACTIONS & set(described)
    ]
    assert each
    assert all(names == each[0] for names in each)
    return each[0]


def with_mode(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the names of the devices with a *Battery mode*."""
    return {
        device.name or ""
        for device in _devices(hass, entry)
        for entity in er.async_entries_for_device(er.async_get(hass), device.id)
        if entity.unique_id.endswith("_battery_mode")
    }


def _offered(
    hass: HomeAssistant, entry: MockConfigEntry, selector: dict[str, Any]
) -> set[str]:
    config = selector["device"]
    assert config["filter"] == [{"integration": entry.domain}]
    return {
        device.name or ""
        for device in _devices(hass, entry)
        if "entity" not in config
        or any(
            _fits(hass, entity, wanted)
            for entity in er.async_entries_for_device(er.async_get(hass), device.id)
            for wanted in config["entity"]
        )
    }


def _fits(
    hass: HomeAssistant, entity: er.RegistryEntry, wanted: dict[str, str]
) -> bool:
    """Tell whether an entity is one; what has no state is not looked at."""
    if (state := hass.states.get(entity.entity_id)) is None:
        return False
    found = {
        "integration": entity.platform,
        "domain": entity.domain,
        "device_class": state.attributes.get("device_class"),
    }
    return all(found[key] == value for key, value in wanted.items())


def _devices(hass: HomeAssistant, entry: MockConfigEntry) -> list[Any]:
    registry = dr.async_get(hass)
    return dr.async_entries_for_config_entry(registry, entry.entry_id)

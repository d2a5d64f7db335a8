"""Numbers of a battery: what a force goes by, the reserve, and what few homes have."""

from functools import partial

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import (
    EntityCategory,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Range, Settings
from ._vendor.core.control.intent import SetReserve, Value
from ._vendor.core.ha.control_numbers import FORCE_NUMBERS, ForceNumber
from ._vendor.core.ha.control_settings import NumberSettingDescription, SettingNumber
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .coordinator import SonnenBattery, SonnenConfigEntry
from .entity import control_device
from .store import store_source
from .writable import (
    CHP_MAX,
    CHP_MIN,
    GENERATOR,
    HEATER_MAX,
    HEATER_MIN,
    NUMBERS,
    RESERVE,
    first,
)

PARALLEL_UPDATES = 0


def _value(settings: Settings, names: tuple[str, ...]) -> float | None:
    """Return the value of the one name that this battery has."""
    key = first(settings.values, names)
    value: Value = settings.values[key] if key is not None else None
    return value if isinstance(value, int | float) else None


def _number(
    key: str,
    *names: str,
    device_class: NumberDeviceClass | None = None,
    unit: str,
) -> NumberSettingDescription:
    """Describe a setting of devices that few homes have: disabled at first."""
    return NumberSettingDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        exists_fn=lambda settings: first(settings.values, names) is not None,
        value_fn=lambda settings: _value(settings, names),
        range_fn=lambda *_: NUMBERS[names[0]],
        change_fn=lambda value, settings, _able: {
            first(settings.values, names) or names[0]: value
        },
    )


BACKUP_RESERVE = NumberSettingDescription(
    key="backup_reserve",
    translation_key="backup_reserve",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    mode=NumberMode.SLIDER,
    entity_category=EntityCategory.CONFIG,
    exists_fn=lambda settings: RESERVE in settings.values,
    value_fn=lambda settings: _value(settings, (RESERVE,)),
    range_fn=lambda _, able: able.reserve or Range(low=0, high=100),
    intent_fn=lambda value: SetReserve(soc=value),
)
SETTINGS = (
    BACKUP_RESERVE,
    _number(
        "generator_power",
        GENERATOR,
        device_class=NumberDeviceClass.POWER,
        unit=UnitOfPower.WATT,
    ),
    _number("chp_min_soc", *CHP_MIN, unit=UnitOfRatio.PERCENTAGE),
    _number("chp_max_soc", *CHP_MAX, unit=UnitOfRatio.PERCENTAGE),
    _number(
        "heater_temperature_min",
        HEATER_MIN,
        device_class=NumberDeviceClass.TEMPERATURE,
        unit=UnitOfTemperature.CELSIUS,
    ),
    _number(
        "heater_temperature_max",
        HEATER_MAX,
        device_class=NumberDeviceClass.TEMPERATURE,
        unit=UnitOfTemperature.CELSIUS,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a battery that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    found: list[Candidate] = []
    if (device := control_device(battery)) is not None and battery.config.known:
        able = device.manager.driver.capabilities
        found += [
            (battery.serial, force.key, partial(ForceNumber, device, force))
            for force in FORCE_NUMBERS
            if force.allowed(able) is not None
        ]
    if (store := store_source(battery)) is None or (
        settings := store.settings()
    ) is None:
        return found
    return found + [
        (battery.serial, setting.key, partial(SettingNumber, store, setting))
        for setting in SETTINGS
        if setting.exists_fn(settings)
    ]

"""Numbers of systems: what a force goes by, limits, powers, household current."""

from functools import partial

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfRatio,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Capabilities, Range, Settings
from ._vendor.core.control.intent import SetReserve
from ._vendor.core.ha.control_numbers import FORCE_NUMBERS, ForceNumber
from ._vendor.core.ha.control_settings import NumberSettingDescription, SettingNumber
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .battery import LEAST_POWER
from .charging import CURRENT, LEAST_CURRENT, MOST_CURRENT
from .entity import control_device, household_source, store_source
from .stores.parts import limit, power, set_limit, set_power

PARALLEL_UPDATES = 0

_POWER_STEP = 100


def _power_range(
    side: str, number: int, settings: Settings, able: Capabilities
) -> Range:
    """Return what a power may be in W: the app makes some above the rating."""
    most = able.power.high if able.power is not None else LEAST_POWER
    current = power(settings, side, number) or 0
    return Range(low=LEAST_POWER, high=max(most, current), step=_POWER_STEP)


def _current(settings: Settings) -> float | None:
    current = settings.values.get(CURRENT)
    return current if isinstance(current, int | float) else None


def _power(side: str, number: int) -> NumberSettingDescription:
    key = f"{side}_power_{number}"
    return NumberSettingDescription(
        key=key,
        translation_key=key,
        device_class=NumberDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        exists_fn=lambda settings: power(settings, side, number) is not None,
        value_fn=lambda settings: power(settings, side, number),
        range_fn=partial(_power_range, side, number),
        change_fn=lambda value, _settings, _able: set_power(side, number, value),
    )


CHARGE_LIMIT = NumberSettingDescription(
    key="charge_limit",
    translation_key="charge_limit",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    mode=NumberMode.SLIDER,
    entity_category=EntityCategory.CONFIG,
    value_fn=lambda settings: limit(settings, "charge"),
    range_fn=lambda _, able: able.target_soc,
    change_fn=lambda value, _settings, _able: set_limit("charge", value),
)
BACKUP_RESERVE = NumberSettingDescription(
    key="backup_reserve",
    translation_key="backup_reserve",
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    mode=NumberMode.SLIDER,
    entity_category=EntityCategory.CONFIG,
    value_fn=lambda settings: limit(settings, "discharge"),
    range_fn=lambda _, able: able.reserve or Range(low=0, high=100),
    intent_fn=lambda value: SetReserve(soc=value),
)
POWERS = tuple(
    _power(side, number) for side in ("charge", "discharge") for number in (1, 2)
)
STORE = (CHARGE_LIMIT, BACKUP_RESERVE, *POWERS)

HOUSEHOLD_CURRENT = NumberSettingDescription(
    key="household_current",
    translation_key="household_current",
    device_class=NumberDeviceClass.CURRENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    mode=NumberMode.BOX,
    entity_category=EntityCategory.CONFIG,
    value_fn=_current,
    range_fn=lambda *_: Range(low=LEAST_CURRENT, high=MOST_CURRENT),
    change_fn=lambda value, _settings, _able: {CURRENT: value},
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers with their data."""
    runtime = entry.runtime_data
    # It was a sensor once.
    runtime.devices.remove_sensors(
        (f"{serial}_{HOUSEHOLD_CURRENT.key}" for serial in runtime.systems),
        platforms=("sensor",),
    )
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    found: list[Candidate] = []

    def add(serial: str, description: NumberEntityDescription, make: object) -> None:
        found.append((serial, description.key, make))  # type: ignore[arg-type]

    for serial, system in runtime.systems.items():
        if (device := control_device(runtime, system)) is not None:
            able = device.manager.driver.capabilities
            for force in FORCE_NUMBERS:
                if force.allowed(able) is not None and system.settings.known:
                    add(serial, force, partial(ForceNumber, device, force))
        if (store := store_source(runtime, system)) is not None:
            if (settings := store.settings()) is not None:
                for description in STORE:
                    if description.exists_fn(settings):
                        make = partial(SettingNumber, store, description)
                        add(serial, description, make)
        if system.has_chargers and system.household.known:
            if (household := household_source(runtime, system)) is not None:
                make = partial(SettingNumber, household, HOUSEHOLD_CURRENT)
                add(serial, HOUSEHOLD_CURRENT, make)
    return found

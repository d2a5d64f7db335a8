"""Selects: what the battery does, modes of slots and of chargers (section 9)."""

from collections.abc import Sequence
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Edit, Kind
from ._vendor.core.ha.control_choice import ChoiceSettingDescription, SettingChoice
from ._vendor.core.ha.control_entity import FORCES, ControlDevice
from ._vendor.core.ha.control_mode import BatteryMode, battery_mode
from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.control_vendor_mode import VendorBatteryMode, VendorModes
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.catalogue import MODES as OPERATION_MODES, OPERATION
from .control.charger_driver import MODE, MODES as CHARGER_MODES, ChargerDriver
from .control.dialect import Dialect
from .control.inverter_settings import InverterSettings
from .control_entities import control_device, settable
from .control_slots import (
    BATTERY,
    EXPORT,
    LIMITS,
    MODES,
    changed,
    described_part,
    limits_export,
    of_slots,
    shown_slots,
    slot_maker,
    slot_of,
)
from .led_device import LedDevice
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0

BATTERY_MODE = battery_mode([Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE])
# The first dialect's own modes beside self-use, which all have
OWN_MODES: Sequence[str] = tuple(
    mode for mode in OPERATION_MODES if mode != Kind.SELF_USE
)


def describe_mode(n: int, dialect: Dialect) -> ChoiceSettingDescription:
    """Return what the battery does in a slot."""

    def value(settings: Settings) -> str | None:
        slot = slot_of(settings, n)
        return None if slot is None else slot.mode

    def change(option: str, *_: object) -> Edit:
        return changed(n, dialect, mode=option)

    return ChoiceSettingDescription(
        **described_part(n, "mode"),
        options=list(MODES),
        value_fn=value,
        change_fn=change,
    )


def describe_limit(n: int, dialect: Dialect) -> ChoiceSettingDescription:
    """Return what the power of a slot limits that discharges."""

    def value(settings: Settings) -> str | None:
        slot = slot_of(settings, n)
        if slot is None or slot.power <= 0:
            return None
        return EXPORT if slot.limits_export else BATTERY

    def change(option: str, *_: object) -> Edit:
        return changed(n, dialect, limits_export=option == EXPORT)

    return ChoiceSettingDescription(
        **described_part(n, "discharge_limit"),
        options=list(LIMITS),
        value_fn=value,
        change_fn=change,
    )


SLOT_MODES = of_slots(describe_mode)
SLOT_LIMITS = of_slots(describe_limit)


def _charger_mode(settings: Settings) -> str | None:
    found = settings.values.get(MODE)
    return found if isinstance(found, str) else None


CHARGER = ChoiceSettingDescription(
    key="mode",
    translation_key="charge_mode",
    options=list(CHARGER_MODES),
    exists_fn=lambda settings: MODE in settings.values,
    value_fn=_charger_mode,
    change_fn=lambda option, *_: {MODE: option},
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for led, source in settable(runtime):
        found += _battery_mode(led, source)
        if isinstance(led.driver, ChargerDriver) and led.driver.has(MODE):
            make = partial(SettingChoice, source, CHARGER)
            found.append((source.serial, CHARGER.key, make))
    for source, settings, place, used in shown_slots(runtime):
        parts = [SLOT_MODES[place]]
        if limits_export(settings):
            parts.append(SLOT_LIMITS[place])
        for part in parts:
            choice = slot_maker(SettingChoice, source, part, used)
            found.append((source.serial, part.key, choice))
    return found


def _battery_mode(led: LedDevice, source: SettingSource) -> list[Candidate]:
    control, driver = control_device(led), led.driver
    if control is None or not isinstance(driver, InverterSettings):
        return []
    if not driver.capabilities.intents & FORCES:
        return []
    make = partial(_make_battery_mode, control, source, driver)
    return [(control.serial, BATTERY_MODE.key, make)]


def _make_battery_mode(
    control: ControlDevice, source: SettingSource, driver: InverterSettings
) -> BatteryMode:
    def current() -> str | None:
        """Return in which of its own modes it is."""
        settings = source.settings()
        mode = settings.values.get(OPERATION) if settings is not None else None
        return mode if isinstance(mode, str) and mode in OWN_MODES else None

    def offered() -> Sequence[str]:
        """Off grid is shown, not chosen: it cuts the house off (section 6.3)."""
        modes = [mode for mode in driver.modes if mode in OWN_MODES]
        mode = current()
        return modes if mode is None or mode in modes else [*modes, mode]

    modes = VendorModes(
        offered=offered,
        current=current,
        known=lambda: source.settings() is not None,
        listen=source.coordinator.async_add_listener,
    )
    return VendorBatteryMode(control, BATTERY_MODE, modes)

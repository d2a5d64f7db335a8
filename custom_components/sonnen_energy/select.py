"""Selects of a battery: what it does by order or by itself, and the heater."""

from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import HoldBlock, Kind
from ._vendor.core.ha.control_choice import ChoiceSettingDescription, SettingChoice
from ._vendor.core.ha.control_mode import HoldBlockSelect, battery_mode, hold_block
from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.control_vendor_mode import VendorBatteryMode, VendorModes
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .battery import BatteryDriver
from .coordinator import SonnenBattery, SonnenConfigEntry
from .entity import control_device
from .modes import SELF_CONSUMPTION
from .plans import MODE_NAMES, OFFERED
from .store import store_source
from .writable import HEATER_MODE, MODE

PARALLEL_UPDATES = 0

BATTERY_MODE = battery_mode([Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE, Kind.HOLD])
HOLD_BLOCK = hold_block([HoldBlock.DISCHARGE, HoldBlock.BOTH])
_HEATER_MODES = ("self_consumption", "feed_in_optimisation")


def _heater_mode(settings: Settings) -> str | None:
    value = settings.values.get(HEATER_MODE)
    return _HEATER_MODES[value] if isinstance(value, int) and value in (0, 1) else None


HEATER = ChoiceSettingDescription(
    key="heater_mode",
    translation_key="heater_mode",
    options=list(_HEATER_MODES),
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    exists_fn=lambda settings: HEATER_MODE in settings.values,
    value_fn=_heater_mode,
    change_fn=lambda option, *_: {HEATER_MODE: _HEATER_MODES.index(option)},
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a battery that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    device, store = control_device(battery), store_source(battery)
    if device is None or store is None:
        return []
    modes = _vendor_modes(battery, store)
    found: list[Candidate] = [
        (
            battery.serial,
            BATTERY_MODE.key,
            partial(VendorBatteryMode, device, BATTERY_MODE, modes),
        ),
        (battery.serial, HOLD_BLOCK.key, partial(HoldBlockSelect, device, HOLD_BLOCK)),
    ]
    settings = store.settings()
    if settings is not None and HEATER.exists_fn(settings):
        found.append(
            (battery.serial, HEATER.key, partial(SettingChoice, store, HEATER))
        )
    return found


def _vendor_modes(battery: SonnenBattery, store: SettingSource) -> VendorModes:
    """Return the modes to choose from: also those that the battery once was in."""
    driver = store.manager.driver
    assert isinstance(driver, BatteryDriver)

    def offered() -> list[str]:
        had = {MODE_NAMES[mode] for mode in driver.modes}
        return [*OFFERED, *sorted(had.difference(OFFERED))]

    def current() -> str | None:
        settings = store.settings()
        mode = settings.values.get(MODE) if settings is not None else None
        return MODE_NAMES.get(str(mode))

    def known() -> bool:
        settings = store.settings()
        if settings is None:
            return False
        mode = str(settings.values.get(MODE))
        return mode == SELF_CONSUMPTION or mode in MODE_NAMES

    return VendorModes(
        offered=offered,
        current=current,
        known=known,
        listen=battery.config.async_add_listener,
    )

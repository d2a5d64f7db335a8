"""Selects of devices: what the battery does, export limit, modes of segments."""

from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import HoldBlock, Kind
from ._vendor.core.ha.control_choice import ChoiceSettingDescription, SettingChoice
from ._vendor.core.ha.control_entity import LEADS, ControlDevice
from ._vendor.core.ha.control_mode import (
    BatteryMode,
    HoldBlockSelect,
    battery_mode,
    hold_block,
)
from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.control_vendor_mode import VendorBatteryMode, VendorModes
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control_min.plans import DAY_MODES, MODE_KEY
from .control_min.segments import LOAD, MODES
from .control_min.values import EXPORT, EXPORT_MODES
from .control_store import store_source, stores
from .control_windows import MIN_MODES, WINDOWS, Window
from .device import Device
from .entity import control_device
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0

BATTERY_MODE = battery_mode([Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE, Kind.HOLD])
HOLD_BLOCK = hold_block(list(HoldBlock))


def _export_limit(settings: Settings) -> str | None:
    value = settings.values.get(EXPORT)
    return value if isinstance(value, str) else None


EXPORT_LIMIT = ChoiceSettingDescription(
    key="export_limit",
    translation_key="export_limit",
    options=list(EXPORT_MODES),
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    exists_fn=lambda settings: EXPORT in settings.values,
    value_fn=_export_limit,
    change_fn=lambda option, *_: {EXPORT: option},
)


def _mode(window: Window) -> ChoiceSettingDescription:
    def value(settings: Settings) -> str | None:
        parts = window.parts(settings.values)
        return parts.mode if parts is not None else None

    text = "segment_mode" if window.modes == MIN_MODES else "noah_segment_mode"
    return ChoiceSettingDescription(
        key=f"{window.name}_mode",
        translation_key=text,
        translation_placeholders={"number": str(window.number)},
        options=list(window.modes),
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        exists_fn=lambda settings: window.key in settings.values,
        value_fn=value,
        change_fn=lambda option, *_: window.change(mode=option),
    )


SETTINGS = (EXPORT_LIMIT, *(_mode(window) for window in WINDOWS if window.modes))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for device in runtime.devices.values():
        found += _of_battery(device)
    for device, source, settings in stores(runtime):
        found += [
            (device.serial, setting.key, partial(SettingChoice, source, setting))
            for setting in SETTINGS
            if setting.exists_fn(settings)
        ]
    return found


def _of_battery(device: Device) -> list[Candidate]:
    control, source = control_device(device), store_source(device)
    if control is None or source is None or not device.has_battery:
        return []
    able = control.manager.driver.capabilities
    found: list[Candidate] = []
    if able.intents & LEADS:
        make = partial(_battery_mode, control, source)
        found.append((device.serial, BATTERY_MODE.key, make))
    if len(able.blocks) > 1:
        hold = partial(HoldBlockSelect, control, HOLD_BLOCK)
        found.append((device.serial, HOLD_BLOCK.key, hold))
    return found


def _battery_mode(control: ControlDevice, source: SettingSource) -> BatteryMode:
    if Kind.SET_MODE not in control.manager.driver.capabilities.intents:
        return BatteryMode(control, BATTERY_MODE)

    def current() -> str | None:
        """Return what the segment of the whole day says, which is ours."""
        settings = source.settings()
        if settings is None or not isinstance(
            value := settings.values.get(MODE_KEY), list
        ):
            return None
        mode, start, end, enabled = value
        whole = (start, end, enabled) == ("00:00", "23:59", True)
        # Without any segment the load comes first: that is self-use.
        return MODES[mode] if whole and mode != LOAD else None

    modes = VendorModes(
        offered=lambda: DAY_MODES,
        current=current,
        known=lambda: source.settings() is not None,
        listen=source.coordinator.async_add_listener,
    )
    return VendorBatteryMode(control, BATTERY_MODE, modes)

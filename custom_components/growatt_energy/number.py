"""Numbers of devices: what a force goes by, limits, powers (reference section 9)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import EntityCategory, UnitOfPower, UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Range, Settings
from ._vendor.core.control.intent import Intent, SetExportLimit, SetReserve
from ._vendor.core.ha.control_entity import FORCES, LEADS
from ._vendor.core.ha.control_numbers import FORCE_DURATION, FORCE_NUMBERS, ForceNumber
from ._vendor.core.ha.control_settings import NumberSettingDescription, SettingNumber
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control_common import PERCENT
from .control_rest.noah_driver import LEAST_MOST_POWER, OUTPUT_POWER, NoahDriver
from .control_store import first, stores, value_of
from .control_vpp_plans import RESERVE, RESERVES
from .control_windows import WINDOWS, Window
from .device import Device
from .entity import control_device
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0

_FROM_ONE = Range(low=1, high=100)
_FROM_FIVE = Range(low=5, high=100)
_FROM_TEN = Range(low=10, high=100)


def _number(settings: Settings, names: tuple[str, ...]) -> float | None:
    value = value_of(settings, names)
    return value if isinstance(value, int | float) else None


def _percent(
    key: str,
    ranges: Mapping[str, Range],
    *,
    enabled: bool = True,
    intent: type[SetReserve] | None = None,
) -> NumberSettingDescription:
    """Describe a percentage; ``ranges`` by the name that it has in a driver."""
    names = tuple(ranges)
    return NumberSettingDescription(
        key=key,
        translation_key=key,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        mode=NumberMode.SLIDER,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=enabled,
        exists_fn=lambda settings: first(settings.values, names) is not None,
        value_fn=lambda settings: _number(settings, names),
        range_fn=lambda settings, _: ranges[first(settings.values, names) or names[0]],
        change_fn=lambda value, settings, _able: {
            first(settings.values, names) or names[0]: value
        },
        intent_fn=(lambda value: intent(soc=value)) if intent is not None else None,
    )


def _export_limit(value: float) -> Intent:
    return SetExportLimit(percent=value)


# Of the battery: only where there is one
BATTERY = (
    _percent(
        "backup_reserve",
        {
            "on_grid_discharge_stop_soc": _FROM_TEN,
            "reserve": Range(low=0, high=30),
            RESERVE: RESERVES,
        },
        intent=SetReserve,
    ),
    _percent(
        "charge_limit",
        {
            "charge_stop_soc": PERCENT,
            "charge.stop_soc": _FROM_FIVE,
            "charge_limit": Range(low=70, high=100),
        },
    ),
    _percent(
        "charge_power_limit", {"charge_power": PERCENT, "charge.power": _FROM_ONE}
    ),
    _percent(
        "discharge_power_limit",
        {"discharge_power": PERCENT, "discharge.power": PERCENT},
    ),
    # In an outage; that on the grid is the backup reserve
    _percent("discharge_soc_limit", {"discharge_stop_soc": _FROM_TEN}),
    # Of the times in which it is discharged to the grid
    _percent("discharge_stop_soc", {"discharge.stop_soc": _FROM_FIVE}),
    # Nobody has proved that these are obeyed.
    _percent("load_first_stop_soc", {"load_first_stop_soc": _FROM_TEN}, enabled=False),
    _percent(
        "ac_charge_soc_limit", {"ub_ac_charging_stop_soc": PERCENT}, enabled=False
    ),
    _percent(
        "ac_charge_soc",
        {"ac_charge_soc": Range(low=10, high=80)},
    ),
)
OUTPUT_LIMIT = NumberSettingDescription(
    key="output_power_limit",
    translation_key="output_power_limit",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    mode=NumberMode.BOX,
    entity_category=EntityCategory.CONFIG,
    exists_fn=lambda settings: OUTPUT_POWER in settings.values,
    value_fn=lambda settings: _number(settings, (OUTPUT_POWER,)),
    range_fn=lambda *_: Range(low=0, high=LEAST_MOST_POWER),
    change_fn=lambda value, *_: {OUTPUT_POWER: value},
)
EXPORT_LIMIT = replace(
    _percent("export_limit", {"export_limit_percent": PERCENT}, enabled=False),
    change_fn=None,
    intent_fn=_export_limit,
)
ACTIVE_POWER = _percent(
    "active_power_limit",
    {"pv_active_p_rate": PERCENT, "active_power_limit": PERCENT},
    enabled=False,
)


def _segment_power(window: Window) -> NumberSettingDescription:
    def value(settings: Settings) -> float | None:
        parts = window.parts(settings.values)
        return parts.power if parts is not None else None

    return NumberSettingDescription(
        key=f"{window.name}_power",
        translation_key=f"{window.text}_power",
        translation_placeholders={"number": str(window.number)},
        device_class=NumberDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        exists_fn=lambda settings: window.key in settings.values,
        value_fn=value,
        range_fn=lambda *_: Range(low=0, high=LEAST_MOST_POWER),
        change_fn=lambda asked, *_: window.change(power=int(asked)),
    )


SEGMENTS = tuple(_segment_power(window) for window in WINDOWS if window.powered)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for device in runtime.devices.values():
        found += _force_numbers(device)
    for device, source, settings in stores(runtime):
        found += [
            (device.serial, setting.key, partial(SettingNumber, source, setting))
            for setting in _settings_of(device)
            if setting.exists_fn(settings)
        ]
    return found


def _force_numbers(device: Device) -> list[Candidate]:
    control = control_device(device)
    if control is None or not device.has_battery or not device.settings.known:
        return []
    able = control.manager.driver.capabilities
    if not able.intents & LEADS:
        return []
    numbers = FORCE_NUMBERS if able.intents & FORCES else (FORCE_DURATION,)
    return [
        (device.serial, number.key, partial(ForceNumber, control, number))
        for number in numbers
        if number.allowed(able) is not None
    ]


def _settings_of(device: Device) -> Iterator[NumberSettingDescription]:
    if device.has_battery:
        yield from BATTERY
    yield EXPORT_LIMIT
    yield ACTIVE_POWER
    driver = device.control.driver if device.control is not None else None
    if isinstance(driver, NoahDriver):
        # What a model can give is known of the device only.
        most = partial(_up_to, driver)
        for setting in (OUTPUT_LIMIT, *SEGMENTS):
            yield replace(setting, range_fn=most)


def _up_to(driver: NoahDriver, *_: object) -> Range:
    return Range(low=0, high=driver.most_power)

"""All factors by class of device (reference sections 3.6 to 3.8 and 3.14)."""

from collections.abc import Mapping
from typing import Literal

from .base import Factor, Kind, Span
from .charger import DETAIL, SESSION
from .inverter import INVERTER, MOST_STRINGS
from .others import BATTERY, DONGLE, METER

__all__ = [
    "CLASSES",
    "DETAIL",
    "MOST_STRINGS",
    "SESSION",
    "TABLES",
    "Cls",
    "Factor",
    "Kind",
    "Span",
]

type Cls = Literal["inverter", "battery", "meter", "dongle", "charger"]

TABLES: Mapping[Cls, tuple[Factor, ...]] = {
    "inverter": INVERTER,
    "battery": BATTERY,
    "meter": METER,
    "dongle": DONGLE,
    "charger": (*DETAIL, *SESSION),
}
# By the device's type (section 3.4); others are no concern of ours.
CLASSES: Mapping[str, Cls] = {
    "INVERTER": "inverter",
    "ENERGY_STORAGE_INTEGRATED_CABINET": "inverter",
    "MICRO_INVERTER": "inverter",
    "PCS": "inverter",
    "BAT_SYS": "battery",
    "BATTERY_RACK": "battery",
    "SMART_METER": "meter",
    "DONGLE": "dongle",
    "DATA_LOGGER": "dongle",
    "EV_CHARGER": "charger",
}

"""The single settings of a MIN by the names with which they are written (6.2).

Percentages and choices are whole numbers, switches are flags. What is not in a
document is not there: models differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.validate import check_values
from ..control_common import choice, percent, plain, switch

CHARGE_POWER, DISCHARGE_POWER = "charge_power", "discharge_power"
CHARGE_STOP, AC_CHARGE_STOP = "charge_stop_soc", "ub_ac_charging_stop_soc"
RESERVE, OFF_GRID_STOP = "on_grid_discharge_stop_soc", "discharge_stop_soc"
AC_CHARGE, ON_OFF = "ac_charge", "tlx_on_off"
ACTIVE_POWER, EXPORT = "pv_active_p_rate", "backflow_setting"
# What ``backflow_setting`` may be: the number on the wire is the place in here.
EXPORT_MODES = ("disabled", "meter", "ct")
# V1's name of it, by the only source; which one it accepts is uncertain (6.2).
V1_NAMES = {AC_CHARGE_STOP: "ac_charge_soc_limit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent:
    """A percentage from ``low`` to 100."""

    name: str
    low: int = 0

    def read(self, raw: Any) -> Value:
        """Return what was read, None for what is none."""
        return percent(raw)

    def check(self, key: str, value: Value) -> Value:
        """Return what is set. Raises ``Refusal``."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("unknown_setting", setting=f"{key}: {value}")
        check_values({key: value})
        if not self.low <= value <= 100:
            raise Refusal("percent_range", low=plain(self.low), high="100")
        return int(value)

    def wire(self, value: Value) -> str:
        """Return the parameter."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A flag, on the wire ``on`` or ``off``."""

    name: str
    on: str = "1"
    off: str = "0"

    def read(self, raw: Any) -> Value:
        """Return what was read, None for what is none."""
        return switch(raw)

    def check(self, key: str, value: Value) -> Value:
        """Return what is set. Raises ``Refusal``."""
        if not isinstance(value, bool):
            raise Refusal("unknown_setting", setting=f"{key}: {value}")
        return value

    def wire(self, value: Value) -> str:
        """Return the parameter."""
        return self.on if value else self.off


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several, by number on the wire and by name here."""

    name: str
    options: tuple[str, ...]

    def read(self, raw: Any) -> Value:
        """Return the name of what was read, None for what is none."""
        found = choice(raw, len(self.options) - 1)
        return None if found is None else self.options[found]

    def check(self, key: str, value: Value) -> Value:
        """Return what is set. Raises ``Refusal``."""
        if value not in self.options:
            raise Refusal("unknown_setting", setting=f"{key}: {value}")
        return value

    def wire(self, value: Value) -> str:
        """Return the parameter."""
        return str(self.options.index(str(value)))


# By the name with which a setting is written; ``name`` is that with which it is read.
SETTINGS: Mapping[str, Percent | Switch | Choice] = {
    CHARGE_POWER: Percent(name="chargePowerCommand"),
    CHARGE_STOP: Percent(name="wchargeSOCLowLimit"),
    DISCHARGE_POWER: Percent(name="disChargePowerCommand"),
    RESERVE: Percent(name="onGridDischargeStopSOC", low=10),
    OFF_GRID_STOP: Percent(name="wdisChargeSOCLowLimit", low=10),
    AC_CHARGE: Switch(name="acChargeEnable"),
    AC_CHARGE_STOP: Percent(name="ubAcChargingStopSOC"),
    ON_OFF: Switch(name="onOff", on="0001", off="0000"),
    ACTIVE_POWER: Percent(name="activeRate"),
    EXPORT: Choice(name="exportLimit", options=EXPORT_MODES),
}


def decode(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Return the settings that are there and can be understood."""
    found = {key: one.read(raw.get(one.name)) for key, one in SETTINGS.items()}
    return {key: value for key, value in found.items() if value is not None}


def check(key: str, value: Value, values: Values) -> Value:
    """Return a setting as it is set. Raises ``Refusal``.

    What is not on the device (or could not be read) is not set either: nobody could
    put it back.
    """
    if key not in SETTINGS or key not in values:
        raise Refusal("unknown_setting", setting=key)
    return SETTINGS[key].check(key, value)

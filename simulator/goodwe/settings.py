"""What an inverter's settings are before anybody changes one (reference 6.2, 6.3).

Registers are kept by address, as the cloud shows them: divided by their gain. Named
settings are kept by name: `TOU1` to `TOU12` and `DemandOrDelayed1` and `2` whole.
"""

from typing import Any, Final

from .dialects import Dialect
from .slots import ALL_DAYS, ALL_MONTHS, SLOTS, slot, unused

type Values = dict[str, Any]

RUNNING, OPERATION = "running", "OperationMode"
EXPORT: Final = {"hybrid": ("47509", "47510"), "string": ("40327", "40328")}
IMMEDIATE, IMMEDIATE_SOC, IMMEDIATE_POWER = "47545", "47546", "47603"
MIN_SOC, MAX_SOC, PROTECTION = "45356", "47760", "47500"
GRID_CHARGE = "47870"
PEAK_ON, PEAK_OFF, DELAYED_ON, DELAYED_OFF, NEVER = 252, 3, 250, 5, 85
WRITTEN: Final = frozenset(
    {*("47509", "47510", "40327", "40328", "45218"), IMMEDIATE, IMMEDIATE_SOC}
    | {IMMEDIATE_POWER, GRID_CHARGE}
)
"""Registers that were written through the portal, so that reads know them."""
NOT_SHOWN: Final = frozenset({"80017", "40330", "40331", "40332", "45221"})
"""Commands: what they do is seen elsewhere."""


def initial(dialect: Dialect | None, rated_w: float) -> Values:
    """Return the settings of an inverter; without a dialect it has no battery."""
    values: Values = {
        RUNNING: True,
        "45218": 1,
        "47509": 0,
        "47510": rated_w,
        "40327": 0,
        "40328": rated_w,
        "40336": 100,
        "45502": 253.0,
        "45400": 2,
    }
    if dialect is None:
        return values
    values |= {
        IMMEDIATE: 0,
        IMMEDIATE_SOC: 100,
        IMMEDIATE_POWER: 100,
        MIN_SOC: 10,
        "45358": 20,
        PROTECTION: 1,
        MAX_SOC: 100,
        "47602": 0,
        GRID_CHARGE: 0,
        "BackupModeEnable": 0,
        "BackupPChargeP": 20,
        "OffGridEnable": 0,
        "TOUModeEnable": 0,
        "DelayedChargeEnable": 0,
        OPERATION: 0,
        "DemandOrDelayed1": _demand(1),
        "DemandOrDelayed2": _demand(2),
    }
    values |= {f"TOU{number}": unused(number) for number in SLOTS}
    # What the installer left: a charge slot that is off
    values["TOU1"] = slot(1, "02:00", "05:00", -dialect.full // 2, 80, enabled=False)
    return values


def _demand(number: int) -> Values:
    fields = {
        "Start": "00:00",
        "End": "23:59",
        "SOC": 50,
        "PowerLimit": 5.0 if number == 1 else 500,
        "Week": list(ALL_DAYS),
        "WeekEnable": NEVER,
        "Month": list(ALL_MONTHS),
        "ChargePriority": 1,
    }
    return {f"DemandOrDelayed{name}{number}": it for name, it in fields.items()}


def peak_and_delayed(values: Values) -> tuple[int, int]:
    """Return which of the two objects is peak shaving and which delayed charge."""
    first, second = (
        values[f"DemandOrDelayed{n}"][f"DemandOrDelayedWeekEnable{n}"] for n in (1, 2)
    )
    if first in {PEAK_ON, PEAK_OFF} or second in {DELAYED_ON, DELAYED_OFF}:
        return 1, 2
    if first in {DELAYED_ON, DELAYED_OFF} or second in {PEAK_ON, PEAK_OFF}:
        return 2, 1
    return 1, 2


def demand_field(values: Values, number: int, name: str) -> Any:
    """Return a field of `DemandOrDelayedN`."""
    return values[f"DemandOrDelayed{number}"][f"DemandOrDelayed{name}{number}"]


def is_peak_shaving(values: Values) -> bool:
    """Return whether peak shaving is on."""
    number, _ = peak_and_delayed(values)
    return bool(demand_field(values, number, "WeekEnable") == PEAK_ON)


def is_delayed(values: Values) -> bool:
    """Return whether delayed charge is on: both of its flags are."""
    _, number = peak_and_delayed(values)
    on = demand_field(values, number, "WeekEnable") == DELAYED_ON
    return bool(on and values["DelayedChargeEnable"] == 1)

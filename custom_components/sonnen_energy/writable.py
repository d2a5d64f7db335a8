"""The settings that may be changed, as values by key (reference sections 6.2 to 6.6).

Operating mode, reserve and schedule have short keys, all others that of the wire. What
the battery does not report, or reports as something that means "not supported", is not
there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import tou
from ._vendor.core.client.decode import number, time_of_day
from ._vendor.core.control.driver import Range
from ._vendor.core.control.intent import Value, Values
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.validate import check_range
from .api import keys
from .api.configurations import Configurations

MODE, RESERVE, SCHEDULE = "mode", "reserve", "schedule"
FORECAST = keys.PROGNOSIS_CHARGING
BLACKSTART = ("EM_RE_ENABLE_MICROGRID", "EM_US_RE_ENABLE_MICROGRID")
TIMES = (
    ("EM_USER_INPUT_TIME_ONE", "EM_US_USER_INPUT_TIME_ONE"),
    ("EM_USER_INPUT_TIME_TWO", "EM_US_USER_INPUT_TIME_TWO"),
    ("EM_USER_INPUT_TIME_THREE", "EM_US_USER_INPUT_TIME_THREE"),
)
GENERATOR = "EM_US_GEN_POWER_SET_POINT"
CHP_MIN = ("EM_CHP_Min_SOC", "EM_US_CHP_Min_SOC")
CHP_MAX = ("EM_CHP_Max_SOC", "EM_US_CHP_Max_SOC")
HEATER_MODE = "SH_HeaterOperatingMode"
HEATER_MIN, HEATER_MAX = "SH_HeaterTemperatureMin", "SH_HeaterTemperatureMax"

PERCENT = Range(low=0, high=100)
# The battery documents no limit of these: only nonsense is refused.
GENERATOR_WATTS = Range(low=0, high=50_000, step=50)
DEGREES = Range(low=0, high=100)

FLAGS = frozenset({FORECAST, *BLACKSTART})
CLOCKS = frozenset(key for pair in TIMES for key in pair)
NUMBERS: Mapping[str, Range] = {
    GENERATOR: GENERATOR_WATTS,
    **dict.fromkeys((*CHP_MIN, *CHP_MAX), PERCENT),
    HEATER_MODE: Range(low=0, high=1),
    HEATER_MIN: DEGREES,
    HEATER_MAX: DEGREES,
}

_WIRE = {
    MODE: keys.OPERATING_MODE,
    RESERVE: keys.RESERVE,
    SCHEDULE: keys.SCHEDULE,
}


@dataclass(frozen=True, slots=True)
class Written:
    """One key of the wire and its new text."""

    key: str
    text: str


def decode(configurations: Configurations) -> dict[str, Value]:
    """Return what can be changed on this battery, by key."""
    found: dict[str, Value] = {}
    if (mode := configurations.operating_mode) is not None:
        found[MODE] = mode
    if (reserve := configurations.reserve) is not None:
        found[RESERVE] = reserve
    if (schedule := configurations.schedule) is not None:
        found[SCHEDULE] = tou.decode(schedule)
    for key in (*FLAGS, *CLOCKS, *NUMBERS):
        text = configurations.raw.get(key)
        if text is not None and (value := _value(key, text)) is not None:
            found[key] = value
    return found


def encode(key: str, value: Value) -> Written:
    """Return what is sent for a value."""
    if key == SCHEDULE:
        return Written(keys.SCHEDULE, tou.encode(value))
    text = str(int(value)) if isinstance(value, bool) else str(value)
    return Written(_WIRE.get(key, key), text)


def check(key: str, value: Value, values: Values) -> Value:
    """Return a value as it can be set. Raises ``Refusal``."""
    if key == RESERVE and key in values:
        return check_reserve(value)
    if key in values and isinstance(value, bool) and key in FLAGS:
        return value
    if key in values and key in CLOCKS and isinstance(value, str):
        moment = time_of_day(value)
        if moment is not None and not moment.second:
            return moment.isoformat("minutes")
        raise Refusal("whole_minutes", time=value[:16])
    if key in values and key in NUMBERS and _is_number(value):
        check_range(value, NUMBERS[key], "value_range")  # type: ignore[arg-type]
        return round(value)  # type: ignore[arg-type]
    raise Refusal("unknown_setting", setting=key)


def check_reserve(value: Any) -> int:
    """Return whole percent. Raises ``Refusal``: 1 to 4 are not defined (6.3)."""
    if not _is_number(value):
        raise Refusal("not_a_number")
    check_range(value, PERCENT, "soc_range")
    percent: int = round(value)
    if 0 < percent < keys.LOWEST_RESERVE:
        raise Refusal("reserve_gap", low=keys.LOWEST_RESERVE)
    return percent


def first(values: Values, names: tuple[str, ...]) -> str | None:
    """Return the name that this battery reports, None if it reports none of them."""
    return next((name for name in names if name in values), None)


def _value(key: str, text: str) -> Value:
    if key in FLAGS:
        # Other texts, such as "false", say that there is no such thing (3.7).
        return {"0": False, "1": True}.get(text)
    if key in CLOCKS:
        moment = time_of_day(text)
        return moment.isoformat("minutes") if moment is not None else None
    found = number(text)
    return int(found) if found is not None and found == int(found) else found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

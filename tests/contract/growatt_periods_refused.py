"""What SPH and SPA cannot be asked for, and why (growatt.md 6.4, 6.5)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .vendor import Refused

if TYPE_CHECKING:
    from .bench import Bench


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    wanted = {key.replace("__", "."): value for key, value in values.items()}
    return lambda bench: bench.words.SetValues(edits=(lambda _: wanted,))


def _charge(**options: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.ForceCharge(until=bench.after(30), **options)


def _rows(*rows: Mapping[str, Any], **switches: bool) -> Callable[[Bench], Any]:
    def make(bench: Bench) -> Any:
        words = bench.words
        found = tuple(words.Row(**{**_ROW, **row}) for row in rows)
        return words.SetSchedule(rows=found, switches=switches)

    return make


_ROW = {"start": time(8), "end": time(9), "mode": "battery_first"}
_HOURS = [{"start": time(hour), "end": time(hour, 30)} for hour in (7, 8, 9, 10)]

REFUSED = (
    Refused("reserve", "not_supported", lambda bench: bench.words.SetReserve(soc=20)),
    Refused(
        "hold_charge",
        "not_supported",
        lambda bench: bench.words.Hold(
            until=bench.after(30), block=bench.words.HoldBlock.CHARGE
        ),
    ),
    Refused("power_most", "power_range", _charge(power=6001)),
    Refused("target_4", "soc_range", _charge(target_soc=4)),
    Refused("target_reached", "soc_above_target", _charge(target_soc=50)),
    Refused(
        "target_passed",
        "soc_below_target",
        lambda bench: bench.words.ForceDischarge(until=bench.after(30), target_soc=55),
    ),
    Refused("power_of_nothing", "setting_range", _values_of(charge__power=0)),
    Refused("period_text", "unknown_setting", _values_of(charge__period1="soon")),
    Refused(
        "periods_meet", "rows_overlap", _values_of(charge__period2="18:00-19:00 on")
    ),
    Refused("four_rows", "rows_too_many", _rows(*_HOURS)),
    Refused("row_mode", "unknown_mode", _rows({"mode": "smart"})),
    Refused("row_days", "no_weekdays", _rows({"days": (1, 2)})),
    Refused("row_empty", "empty_window", _rows({"end": time(8)})),
    Refused("row_switch", "unknown_switch", _rows({}, use_grid=True)),
    Refused(
        "two_limits",
        "rows_one_soc",
        _rows({"soc": 90.0}, {**_HOURS[0], "soc": 80.0}),
    ),
)

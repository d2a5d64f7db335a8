"""What a MIN cannot be asked for, and why (growatt.md 6)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .vendor import Refused

if TYPE_CHECKING:
    from .bench import Bench

NAN = float("nan")


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.SetValues(edits=(lambda _: values,))


def _charge(minutes: float = 30, **options: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.ForceCharge(until=bench.after(minutes), **options)


def _discharge(**options: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.ForceDischarge(until=bench.after(30), **options)


def _reserve(soc: float) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.SetReserve(soc=soc)


def _rows(*rows: Mapping[str, Any]) -> Callable[[Bench], Any]:
    def make(bench: Bench) -> Any:
        words = bench.words
        found = tuple(words.Row(**{**_ROW, **row}) for row in rows)
        return words.SetSchedule(rows=found, switches={})

    return make


_ROW = {"start": time(3), "end": time(4), "mode": "battery_first"}

REFUSED = (
    Refused(
        "export_limit",
        "not_supported",
        lambda bench: bench.words.SetExportLimit(power=100),
    ),
    Refused("for_no_time", "until_past", _charge(0)),
    Refused("for_a_year", "duration_range", _charge(365 * 1440)),
    Refused("power_less_than_a_percent", "power_range", _charge(power=119)),
    Refused("power_most", "power_range", _charge(power=12_001)),
    Refused("power_nan", "not_a_number", _discharge(power=NAN)),
    Refused("target_101", "soc_range", _charge(target_soc=101)),
    Refused("target_reached", "soc_above_target", _charge(target_soc=40)),
    Refused("target_passed", "soc_below_target", _discharge(target_soc=60)),
    Refused("target_in_reserve", "target_below_reserve", _discharge(target_soc=12)),
    Refused("reserve_9", "soc_range", _reserve(9)),
    Refused("reserve_nan", "not_a_number", _reserve(NAN)),
    Refused("mode", "mode_not_offered", lambda bench: bench.words.SetMode(mode="fast")),
    Refused(
        "mode_of_the_day",
        "segments_in_the_way",
        lambda bench: bench.words.SetMode(mode="grid_first"),
    ),
    Refused("unknown_setting", "unknown_setting", _values_of(pf=1)),
    Refused("percent_101", "percent_range", _values_of(charge_power=101)),
    Refused("row_empty", "empty_window", _rows({"end": time(3)})),
    Refused("row_with_soc", "no_soc_setting", _rows({"soc": 90.0})),
    Refused(
        "rows_overlap",
        "rows_overlap",
        _rows({}, {"start": time(3, 59), "end": time(5)}),
    ),
)
REMOTE_REFUSED = (
    *REFUSED,
    Refused("remote_percent", "percent_range", _values_of(**{"vpp.power": 101})),
)

"""What a sonnenBatterie cannot be asked for, and why (sonnen.md 6)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .vendor import Refused

if TYPE_CHECKING:
    from .bench import Bench

NAN, INFINITE = float("nan"), float("inf")


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
        found = tuple(words.Row(**{"mode": "charge", **row}) for row in rows)
        return words.SetSchedule(rows=found, switches={})

    return make


_ROW = {"start": time(3), "end": time(4), "power": 5000.0}

REFUSED = (
    Refused(
        "export_limit",
        "not_supported",
        lambda bench: bench.words.SetExportLimit(power=100),
    ),
    Refused(
        "limits",
        "not_supported",
        lambda bench: bench.words.SetLimits(charge_power=100),
    ),
    Refused(
        "hold_charge",
        "not_supported",
        lambda bench: bench.words.Hold(
            until=bench.after(30), block=bench.words.HoldBlock.CHARGE
        ),
    ),
    Refused(
        "mode_testing", "mode_not_offered", lambda bench: bench.words.SetMode(mode="4")
    ),
    Refused(
        "mode_never_seen",
        "mode_not_offered",
        lambda bench: bench.words.SetMode(mode="optimisation"),
    ),
    Refused("for_no_time", "until_past", _charge(0)),
    Refused("for_a_year", "duration_range", _charge(365 * 1440)),
    Refused("power_negative", "power_range", _charge(power=-1)),
    Refused("power_most", "power_range", _charge(power=4601)),
    Refused("power_nan", "not_a_number", _discharge(power=NAN)),
    Refused("target_101", "soc_range", _charge(target_soc=101)),
    Refused("target_infinite", "not_a_number", _charge(target_soc=INFINITE)),
    Refused("target_reached", "soc_above_target", _charge(target_soc=40)),
    Refused("target_passed", "soc_below_target", _discharge(target_soc=60)),
    Refused("target_in_reserve", "target_below_reserve", _discharge(target_soc=10)),
    *(
        Refused(f"reserve_{soc}", "reserve_gap", _reserve(soc))
        for soc in (0.6, 1, 2, 3, 4, 4.4)
    ),
    Refused("reserve_101", "soc_range", _reserve(101)),
    Refused("reserve_nan", "not_a_number", _reserve(NAN)),
    Refused("unknown_setting", "unknown_setting", _values_of(nothing=1)),
    Refused("cos_phi", "unknown_setting", _values_of(NVM_PfcFixedCosPhi="0.9")),
    Refused("mode_as_value", "unknown_setting", _values_of(mode="4")),
    Refused("set_point_as_value", "unknown_setting", _values_of(charge=4000)),
    Refused(
        "flag_no_flag", "unknown_setting", _values_of(EM_Prognosis_Charging="maybe")
    ),
    Refused("row_backwards", "empty_window", _rows({**_ROW, "end": time(3)})),
    Refused("row_seconds", "whole_minutes", _rows({**_ROW, "end": time(4, 0, 30)})),
    Refused("row_without_power", "power_required", _rows({**_ROW, "power": None})),
    Refused("row_too_much", "power_range", _rows({**_ROW, "power": 46001.0})),
    Refused("row_with_soc", "no_soc_setting", _rows({**_ROW, "soc": 90.0})),
    Refused("row_with_days", "no_weekdays", _rows({**_ROW, "days": (1, 2)})),
    Refused("row_unknown_mode", "unknown_mode", _rows({**_ROW, "mode": "export"})),
    Refused(
        "rows_overlap",
        "rows_overlap",
        _rows(_ROW, {**_ROW, "start": time(3, 59), "end": time(5)}),
    ),
    Refused(
        "rows_overlap_after_midnight",
        "rows_overlap",
        _rows(_ROW, {**_ROW, "start": time(23), "end": time(3, 1)}),
    ),
)

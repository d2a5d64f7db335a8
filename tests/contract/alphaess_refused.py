"""What AlphaESS's devices cannot be asked for, and why (alphaess.md 3.9, 6.3)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .vendor import Refused

if TYPE_CHECKING:
    from .bench import Bench


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    wanted = {key.replace("__", "."): value for key, value in values.items()}
    return lambda bench: bench.words.SetValues(edits=(lambda _: wanted,))


def _forced(minutes: float = 30, **options: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.ForceCharge(until=bench.after(minutes), **options)


def _rows(*rows: Mapping[str, Any], **options: Any) -> Callable[[Bench], Any]:
    def make(bench: Bench) -> Any:
        words = bench.words
        found = tuple(words.Row(**row) for row in rows)
        return words.SetSchedule(rows=found, switches={}, **options)

    return make


NAN, INFINITE = float("nan"), float("inf")
_CHARGE = {"mode": "charge", "soc": 90.0}
_UNABLE = (
    Refused(
        "force_discharge",
        "not_supported",
        lambda bench: bench.words.ForceDischarge(until=bench.after(30)),
    ),
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
    Refused("mode", "not_supported", lambda bench: bench.words.SetMode(mode="x")),
)
_SYSTEM = (
    *_UNABLE,
    Refused(
        "hold_charge",
        "not_supported",
        lambda bench: bench.words.Hold(
            until=bench.after(30), block=bench.words.HoldBlock.CHARGE
        ),
    ),
    Refused("for_no_time", "until_past", _forced(0)),
    Refused("in_the_past", "until_past", _forced(-60)),
    Refused("for_seconds", "duration_range", _forced(0.5)),
    Refused("for_a_year", "duration_range", _forced(365 * 1440)),
    Refused("target_nan", "not_a_number", _forced(target_soc=NAN)),
    Refused("target_infinite", "not_a_number", _forced(target_soc=INFINITE)),
    Refused("target_101", "soc_range", _forced(target_soc=101)),
    Refused("target_negative", "soc_range", _forced(target_soc=-1)),
    Refused("target_reached", "soc_above_target", _forced(target_soc=50)),
    Refused(
        "reserve_nan", "not_a_number", lambda bench: bench.words.SetReserve(soc=NAN)
    ),
    Refused("reserve_101", "soc_range", lambda bench: bench.words.SetReserve(soc=101)),
    Refused("unknown_setting", "unknown_setting", _values_of(nothing=1)),
    Refused("flag_no_flag", "unknown_setting", _values_of(charge__enabled=3)),
    Refused(
        "row_off_grid",
        "off_grid_time",
        _rows({**_CHARGE, "start": time(3, 10), "end": time(4)}),
    ),
    Refused(
        "row_backwards",
        "end_before_start",
        _rows({**_CHARGE, "start": time(4), "end": time(3)}),
    ),
    Refused(
        "row_empty",
        "end_before_start",
        _rows({**_CHARGE, "start": time(4), "end": time(4)}),
    ),
    Refused(
        "row_unknown_mode",
        "unknown_mode",
        _rows({"mode": "export", "start": time(3), "end": time(4)}),
    ),
    Refused(
        "row_soc_nan",
        "not_a_number",
        _rows({**_CHARGE, "soc": NAN, "start": time(3), "end": time(4)}),
    ),
    Refused(
        "row_eighth_day",
        "weekdays_range",
        _rows({**_CHARGE, "start": time(3), "end": time(4), "days": (8,)}),
    ),
    Refused(
        "rows_overlap",
        "rows_overlap",
        _rows(
            {**_CHARGE, "start": time(3), "end": time(4)},
            {**_CHARGE, "start": time(3, 30), "end": time(5)},
        ),
    ),
)
LEGACY_REFUSED = (
    *_SYSTEM,
    Refused("force_power", "no_power_setting", _forced(power=3000)),
    Refused("limit_101", "limit_range", _values_of(charge__limit=101)),
    Refused("limit_nan", "limit_range", _values_of(charge__limit=NAN)),
    Refused(
        "window_off_grid", "off_grid_time", _values_of(charge__window1="01:10-05:00")
    ),
    Refused("window_no_time", "off_grid_time", _values_of(charge__window1="soon")),
    Refused(
        "three_rows",
        "rows_too_many",
        _rows(
            *(
                {**_CHARGE, "start": time(hour), "end": time(hour + 1)}
                for hour in (1, 3, 5)
            )
        ),
    ),
    Refused(
        "two_limits",
        "rows_one_soc",
        _rows(
            {**_CHARGE, "start": time(1), "end": time(2)},
            {**_CHARGE, "soc": 80.0, "start": time(3), "end": time(4)},
        ),
    ),
    Refused(
        "row_with_power",
        "no_power_setting",
        _rows({**_CHARGE, "start": time(1), "end": time(2), "power": 1000.0}),
    ),
    Refused(
        "row_with_days",
        "no_weekdays",
        _rows({**_CHARGE, "start": time(1), "end": time(2), "days": (1, 2)}),
    ),
)
PERIODIC_REFUSED = (
    *_SYSTEM,
    Refused("force_power_0", "power_range", _forced(power=0)),
    Refused("force_power_nan", "not_a_number", _forced(power=NAN)),
    Refused("force_power_most", "power_range", _forced(power=1_000_000)),
    Refused("target_9", "soc_range", _forced(target_soc=9)),
    Refused("reserve_9", "soc_range", lambda bench: bench.words.SetReserve(soc=9)),
    Refused("no_rows_left", "list_empty", _rows(clear=frozenset({"charge"}))),
    Refused(
        "row_without_soc",
        "soc_required",
        _rows({"mode": "charge", "start": time(1), "end": time(2)}),
    ),
    Refused(
        "seven_rows",
        "periods_too_many",
        _rows(
            *(
                {**_CHARGE, "start": time(hour), "end": time(hour, 30)}
                for hour in range(7)
            )
        ),
    ),
)
HOUSEHOLD_REFUSED = (
    *_UNABLE,
    Refused("current_5", "current_range", _values_of(current=5)),
    Refused("current_33", "current_range", _values_of(current=33)),
    Refused("current_nan", "current_range", _values_of(current=NAN)),
    Refused("current_half", "current_whole", _values_of(current=16.5)),
    Refused("current_text", "current_range", _values_of(current="16")),
    Refused("unknown_setting", "unknown_setting", _values_of(charging=True)),
)
WALLBOX_REFUSED = (
    *_UNABLE,
    Refused("charging_1", "unknown_setting", _values_of(charging=1)),
    Refused("unknown_setting", "unknown_setting", _values_of(current=16)),
)

"""What AlphaESS's devices can be asked for, and what cannot be (control.md 5)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .alphaess import APP_LIMIT, APP_WINDOW
from .vendor import Battery, Case, Refused

if TYPE_CHECKING:
    from .bench import Bench
# No window can end at midnight (alphaess.md 6.3)
BEFORE_MIDNIGHT = (time(23, 45), time.max)


def charges(battery: Battery) -> bool:
    """Whether the battery takes power from the grid."""
    return battery.power < -1000 and battery.grid > 1000


def keeps(battery: Battery) -> bool:
    """Whether the battery gives nothing while the house needs power."""
    return battery.power < 1 and battery.grid > 100


def rests(battery: Battery) -> bool:
    """Whether the battery stands still while the house needs power."""
    return abs(battery.power) < 1 and battery.grid > 100


def _force(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceCharge(
        until=bench.after(minutes), target_soc=bench.pick(95, 86, 100)
    )


def _hold(block: str) -> Callable[[Bench, float], Any]:
    def make(bench: Bench, minutes: float) -> Any:
        words = bench.words
        return words.Hold(until=bench.after(minutes), block=words.HoldBlock(block))

    return make


def _reserve(bench: Bench, minutes: float | None = None) -> Any:
    until = None if minutes is None else bench.after(minutes)
    return bench.words.SetReserve(soc=bench.pick(60, 51, 90), until=until)


def _schedule(bench: Bench) -> Any:
    words = bench.words
    high, low = bench.pick(95, 86, 100), bench.pick(25, 16, 49)
    return words.SetSchedule(
        rows=(
            words.Row(start=time(3), end=time(4, 15), mode="charge", soc=high),
            words.Row(start=time(18), end=time(20), mode="discharge", soc=low),
        ),
        switches={"use_grid": True, "enable_time_control": True},
    )


def _values(bench: Bench) -> Any:
    high, low = bench.pick(95, 86, 100), bench.pick(25, 16, 49)

    def edit(values: Mapping[str, Any]) -> Mapping[str, Any]:
        if "charge.limit" in values:
            return {"charge.limit": high, "discharge.limit": low}
        return {
            key: [values[key][0], percent]
            for side, percent in (("charge", high), ("discharge", low))
            for key in [next(k for k in values if k.startswith(f"{side} "))]
        }

    return bench.words.SetValues(edits=(edit,))


def _limit(side: str) -> Callable[[Bench], None]:
    """Let the app set another limit on one side."""

    def change(bench: Bench) -> None:
        system = bench.vendor.system
        if bench.vendor.weekly:
            name = f"{side}TimeList"
            periods = [
                {**period, "chargeLimit": float(APP_LIMIT)}
                for period in system.periodic.stored[name]
            ]
            system.write_as_app(system.periodic, **{name: periods})
        elif side == "charge":
            system.write_as_app(system.charge, batHighCap=APP_LIMIT)
        else:
            system.write_as_app(system.discharge, batUseCap=APP_LIMIT)

    return change


def _window(bench: Bench) -> None:
    """Let the app move a window in which discharging is allowed."""
    if bench.vendor.weekly:
        _limit("discharge")(bench)
    else:
        system = bench.vendor.system
        start, end = APP_WINDOW
        system.write_as_app(system.discharge, timeDisf1=start, timeDise1=end)


def _system_cases(*, weekly: bool) -> tuple[Case, ...]:
    both = 1 if weekly else 2
    high = {"chargeLimit": 80.0} if weekly else {"batHighCap": 80}
    low = {"chargeLimit": 50.0} if weekly else {"batUseCap": 50}
    return (
        Case(
            name="force_charge",
            kind="force_charge",
            make=_force,
            timed=True,
            follows=charges,
            gap=BEFORE_MIDNIGHT,
            clamp=high,
            interfere=_limit("charge"),
        ),
        Case(
            name="hold_discharge",
            kind="hold",
            make=_hold("discharge"),
            timed=True,
            follows=keeps,
            interfere=_window,
        ),
        Case(
            name="hold_both",
            kind="hold",
            make=_hold("both"),
            timed=True,
            follows=rests,
            gap=BEFORE_MIDNIGHT,
            interfere=_limit("charge"),
        ),
        Case(
            name="timed_reserve",
            kind="set_reserve",
            make=_reserve,
            timed=True,
            clamp=low,
            interfere=_limit("discharge"),
        ),
        Case(name="reserve", kind="set_reserve", make=_reserve, clamp=low),
        Case(
            name="schedule",
            kind="set_schedule",
            make=_schedule,
            requests=both,
            clamp=high,
        ),
        Case(name="values", kind="set_values", make=_values, requests=both, clamp=high),
    )


LEGACY_CASES = _system_cases(weekly=False)
PERIODIC_CASES = _system_cases(weekly=True)


def _flags(bench: Bench) -> Any:
    def edit(values: Mapping[str, Any]) -> Mapping[str, Any]:
        name = "discharge.enabled"
        return {name: not values[name]}

    return bench.words.SetValues(edits=(edit,))


PERIODIC_UNREAD = (Case(name="flags", kind="set_values", make=_flags),)


def _current(bench: Bench) -> Any:
    return bench.words.SetValues(edits=(lambda values: {"current": 25},))


def _stop(bench: Bench) -> Any:
    return bench.words.SetValues(edits=(lambda values: {"charging": False},))


HOUSEHOLD_CASES = (
    Case(
        name="current",
        kind="set_values",
        make=_current,
        clamp={"currentsetting": 20.0},
        clamped={"current": 20},
    ),
)
WALLBOX_CASES = (Case(name="charging", kind="set_values", make=_stop),)


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

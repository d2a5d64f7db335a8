"""What AlphaESS's devices can be asked for, and what cannot be (control.md 5)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .alphaess import APP_LIMIT, APP_WINDOW
from .vendor import Battery, Case

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

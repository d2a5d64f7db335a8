"""What a sonnenBatterie can be asked for (control.md 5, sonnen.md 6)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from .sonnen import APP_MODE, APP_RESERVE
from .vendor import Battery, Case

if TYPE_CHECKING:
    from .bench import Bench

# A battery at rest takes some power for itself.
IDLE = 30


def charges(battery: Battery) -> bool:
    """Whether the battery takes power from the grid."""
    return battery.power < -1000 and battery.grid > 1000


def exports(battery: Battery) -> bool:
    """Whether the battery gives more than the house needs."""
    return battery.power > 1000 and battery.grid < -100


def keeps(battery: Battery) -> bool:
    """Whether the battery gives nothing while the house needs power."""
    return battery.power < IDLE and battery.grid > 100


def rests(battery: Battery) -> bool:
    """Whether the battery stands still while the house needs power."""
    return abs(battery.power) < IDLE and battery.grid > 100


def _charge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceCharge(
        until=bench.after(minutes), power=bench.pick(2000, 1500, 4600), target_soc=99
    )


def _discharge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceDischarge(
        until=bench.after(minutes), power=bench.pick(2000, 1500, 3000)
    )


def _hold(block: str) -> Callable[[Bench, float], Any]:
    def make(bench: Bench, minutes: float) -> Any:
        words = bench.words
        return words.Hold(until=bench.after(minutes), block=words.HoldBlock(block))

    return make


def _reserve(bench: Bench, minutes: float | None = None) -> Any:
    until = None if minutes is None else bench.after(minutes)
    return bench.words.SetReserve(soc=bench.pick(40, 25, 60), until=until)


def _mode(bench: Bench) -> Any:
    return bench.words.SetMode(mode="time_of_use")


def _schedule(bench: Bench) -> Any:
    words = bench.words
    watts = float(bench.pick(8000, 1000, 46000))
    return words.SetSchedule(
        rows=(
            words.Row(start=time(1), end=time(4, 10), mode="charge", power=watts),
            words.Row(start=time(4, 10), end=time(5), mode="charge", power=0.0),
        ),
        switches={},
    )


def _values(bench: Bench) -> Any:
    def edit(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"EM_Prognosis_Charging": False}

    return bench.words.SetValues(edits=(edit,))


def _app(**values: str) -> Callable[[Bench], None]:
    return lambda bench: bench.vendor.battery.write_as_app(**values)


_app_mode = _app(EM_OperatingMode=APP_MODE)
_app_reserve = _app(EM_USOC=APP_RESERVE)

CASES = (
    Case(
        name="force_charge",
        kind="force_charge",
        make=_charge,
        timed=True,
        requests=3,
        unread=2,
        silent=(1,),
        follows=charges,
        interfere=_app_mode,
    ),
    Case(
        name="force_discharge",
        kind="force_discharge",
        make=_discharge,
        timed=True,
        requests=3,
        unread=2,
        silent=(1,),
        follows=exports,
        interfere=_app_mode,
    ),
    Case(
        name="hold_discharge",
        kind="hold",
        make=_hold("discharge"),
        timed=True,
        follows=keeps,
        interfere=_app_reserve,
    ),
    Case(
        name="hold_both",
        kind="hold",
        make=_hold("both"),
        timed=True,
        requests=3,
        unread=2,
        silent=(1, 2),
        follows=rests,
        interfere=_app_mode,
    ),
    Case(
        name="timed_reserve",
        kind="set_reserve",
        make=_reserve,
        timed=True,
        clamp={"EM_USOC": 23},
        interfere=_app_reserve,
    ),
    Case(name="reserve", kind="set_reserve", make=_reserve, clamp={"EM_USOC": 23}),
    Case(name="mode", kind="set_mode", make=_mode),
    Case(name="values", kind="set_values", make=_values),
    Case(name="schedule", kind="set_schedule", make=_schedule),
)

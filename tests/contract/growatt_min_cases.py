"""What a MIN can be asked for (control.md 5, growatt.md 6.2, 6.3, 6.6)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

from .growatt_min import APP_PERCENT
from .vendor import Battery, Case

if TYPE_CHECKING:
    from .bench import Bench

# No segment can cover the last minute of the day.
LAST_MINUTE = (time(23, 59), time.max)


def charges(battery: Battery) -> bool:
    """Whether the battery takes power from the grid."""
    return battery.power < -1000 and battery.grid > 1000


def exports(battery: Battery) -> bool:
    """Whether the battery gives more than the house needs."""
    return battery.power > 1000 and battery.grid < -100


def keeps(battery: Battery) -> bool:
    """Whether the battery gives nothing while the house needs power."""
    return battery.power < 1 and battery.grid > 100


def _charge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceCharge(
        until=bench.after(minutes), power=bench.pick(3000, 2500, 9000), target_soc=99
    )


def _discharge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceDischarge(
        until=bench.after(minutes), power=bench.pick(3000, 2500, 5000)
    )


def _hold(block: str) -> Callable[[Bench, float], Any]:
    def make(bench: Bench, minutes: float) -> Any:
        words = bench.words
        return words.Hold(until=bench.after(minutes), block=words.HoldBlock(block))

    return make


def _reserve(bench: Bench, minutes: float | None = None) -> Any:
    until = None if minutes is None else bench.after(minutes)
    return bench.words.SetReserve(soc=bench.pick(40, 25, 48), until=until)


def _limits(bench: Bench) -> Any:
    return bench.words.SetLimits(discharge_power=bench.pick(6000, 5000, 8000))


def _schedule(bench: Bench) -> Any:
    words = bench.words
    return words.SetSchedule(
        rows=(
            words.Row(start=time(1), end=time(4, 10), mode="battery_first"),
            words.Row(start=time(18), end=time(19, 30), mode="grid_first"),
        ),
        switches={"ac_charge": True},
    )


def _values(bench: Bench) -> Any:
    def edit(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"charge_stop_soc": bench.pick(85, 80, 95)}

    return bench.words.SetValues(edits=(edit,))


def _app(**values: Any) -> Callable[[Bench], None]:
    return lambda bench: bench.vendor.device.write_as_app(**values)


_app_segment = _app(
    time3Mode=0, forcedTimeStart3="12:0", forcedTimeStop3="23:12", forcedStopSwitch3=1
)

_BY_SEGMENT = (
    Case(
        name="force_charge",
        kind="force_charge",
        make=_charge,
        timed=True,
        requests=2,
        follows=charges,
        gap=LAST_MINUTE,
        interfere=_app_segment,
    ),
    Case(
        name="force_discharge",
        kind="force_discharge",
        make=_discharge,
        timed=True,
        requests=2,
        follows=exports,
        gap=LAST_MINUTE,
        interfere=_app_segment,
    ),
)
_REMOTE = tuple(
    replace(
        case,
        requests=3,
        kept=(1,),
        ends_alone=True,
        live=True,
        gap=None,
        interfere=lambda bench: bench.vendor.remote_by_app(),
    )
    for case in _BY_SEGMENT
)
_HOLD = Case(
    name="hold_discharge",
    kind="hold",
    make=_hold("discharge"),
    timed=True,
    follows=keeps,
    interfere=_app(disChargePowerCommand=APP_PERCENT),
)
_TIMED_RESERVE = Case(
    name="timed_reserve",
    kind="set_reserve",
    make=_reserve,
    timed=True,
    clamp={"onGridDischargeStopSOC": 23},
    interfere=_app(onGridDischargeStopSOC=APP_PERCENT),
)
_RESERVE = Case(
    name="reserve",
    kind="set_reserve",
    make=_reserve,
    clamp={"onGridDischargeStopSOC": 23},
)
_DURABLE = (
    Case(name="limits", kind="set_limits", make=_limits),
    Case(name="values", kind="set_values", make=_values),
    Case(name="schedule", kind="set_schedule", make=_schedule, requests=3),
)
CASES = (*_BY_SEGMENT, _HOLD, _TIMED_RESERVE, *_DURABLE)
REMOTE_CASES = (*_REMOTE, _HOLD, _RESERVE, *_DURABLE)
# What the app's API does otherwise than V1; the rest is the same driver.
LOGIN_CASES = (*_BY_SEGMENT[:1], _HOLD)

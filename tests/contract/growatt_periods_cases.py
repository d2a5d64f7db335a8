"""What SPH and SPA can be asked for (control.md 5, growatt.md 6.4 to 6.6)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

from .growatt_min import APP_PERCENT
from .growatt_min_cases import LAST_MINUTE, charges, exports, keeps
from .growatt_periods import APP_WINDOW
from .vendor import Case

if TYPE_CHECKING:
    from .bench import Bench


def _charge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceCharge(
        until=bench.after(minutes),
        power=bench.pick(2400, 1800, 3000),
        target_soc=bench.pick(95, 91, 99),
    )


def _discharge(bench: Bench, minutes: float) -> Any:
    return bench.words.ForceDischarge(
        until=bench.after(minutes), power=bench.pick(2400, 1800, 3000)
    )


def _hold(bench: Bench, minutes: float) -> Any:
    return bench.words.Hold(until=bench.after(minutes))


def _export(bench: Bench, minutes: float) -> Any:
    return bench.words.SetExportLimit(
        percent=bench.pick(40, 35, 90), until=bench.after(minutes)
    )


def _schedule(bench: Bench) -> Any:
    words = bench.words
    soc = float(bench.pick(95, 91, 99))
    return words.SetSchedule(
        rows=(
            words.Row(start=time(3), end=time(4, 15), mode="battery_first", soc=soc),
            words.Row(start=time(18), end=time(20), mode="grid_first", soc=25.0),
        ),
        switches=_switches(bench),
    )


def _switches(bench: Bench) -> dict[str, bool]:
    """Return those that the device has: all are read back."""
    return {"ac_charge": True} if bench.vendor.home == "SPH" else {}


def _values(bench: Bench) -> Any:
    def edit(values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "charge.stop_soc": bench.pick(75, 70, 79),
            "charge.period3": "06:00-06:30 on",
        }

    return bench.words.SetValues(edits=(edit,))


def _app(**values: Any) -> Callable[[Bench], None]:
    return lambda bench: bench.vendor.device.write_as_app(**values)


_FORCES = (
    Case(
        name="force_charge",
        kind="force_charge",
        make=_charge,
        timed=True,
        follows=charges,
        gap=LAST_MINUTE,
        clamp={"wchargeSOCLowLimit2": 90},
        clamped={"charge.stop_soc": 90},
        interfere=_app(chargePowerCommand=APP_PERCENT),
    ),
    Case(
        name="force_discharge",
        kind="force_discharge",
        make=_discharge,
        timed=True,
        follows=exports,
        gap=LAST_MINUTE,
        interfere=_app(disChargePowerCommand=APP_PERCENT),
    ),
)
_HOLD = Case(
    name="hold",
    kind="hold",
    make=_hold,
    timed=True,
    follows=keeps,
    gap=LAST_MINUTE,
    interfere=_app(disChargePowerCommand=APP_PERCENT),
)
_EXPORT = Case(
    name="export_limit",
    kind="set_export_limit",
    make=_export,
    timed=True,
    clamp={"exportLimitPowerRate": 30},
    interfere=_app(exportLimitPowerRate=APP_PERCENT),
)
_DURABLE = (
    Case(name="values", kind="set_values", make=_values),
    Case(name="schedule", kind="set_schedule", make=_schedule, requests=2),
)
SPH_CASES = (*_FORCES, _HOLD, _EXPORT, *_DURABLE)
SPA_CASES = (
    *_FORCES,
    replace(_HOLD, interfere=_app(loadFirstStopTime1=APP_WINDOW)),
    *_DURABLE,
)

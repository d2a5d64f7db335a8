"""What Sungrow's devices can be asked for, and what they refuse (control.md 5)."""

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Any

from .sungrow_devices import APP
from .vendor import Battery, Case, Refused

if TYPE_CHECKING:
    from .bench import Bench


def _force(kind: str, **more: Any) -> Callable[[Bench, float], Any]:
    def make(bench: Bench, minutes: float) -> Any:
        # Whole tens: what hundredths of a kW can hold
        power = bench.pick(240, 180, 300) * 10
        return getattr(bench.words, kind)(
            until=bench.after(minutes), power=power, **more
        )

    return make


def _hold(bench: Bench, minutes: float) -> Any:
    return bench.words.Hold(
        until=bench.after(minutes), block=bench.words.HoldBlock.BOTH
    )


def _reserve(bench: Bench, minutes: float) -> Any:
    return bench.words.SetReserve(
        soc=bench.pick(20, 12, 22), until=bench.after(minutes)
    )


def _export(bench: Bench) -> Any:
    return bench.words.SetExportLimit(power=bench.pick(300, 100, 600) * 10)


def _percent(bench: Bench) -> Any:
    return bench.words.SetExportLimit(percent=bench.pick(40, 35, 76))


def _limits(bench: Bench) -> Any:
    return bench.words.SetLimits(charge_power=bench.pick(300, 200, 600) * 10)


def _schedule(bench: Bench) -> Any:
    words = bench.words
    soc = float(bench.pick(80, 60, 95))
    return words.SetSchedule(
        rows=(words.Row(start=time(1, 5), end=time(5), mode="force_charge", soc=soc),),
        switches={"forced_charging": True},
    )


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.SetValues(edits=(lambda _: values,))


def _app(*codes: str) -> Callable[[Bench], None]:
    values = {code: APP[code] for code in codes}
    return lambda bench: bench.vendor.device.write_as_app(**values)


def charges(battery: Battery) -> bool:
    """Whether the battery takes from the grid."""
    return battery.power < -1500


def gives(battery: Battery) -> bool:
    """Whether the battery gives more than the house uses."""
    return battery.power > 1500


def rests(battery: Battery) -> bool:
    """Whether the battery does nothing."""
    return abs(battery.power) < 50


HYBRID_CASES = (
    Case(
        name="charge",
        kind="force_charge",
        make=_force("ForceCharge", target_soc=95),
        timed=True,
        follows=charges,
        interfere=_app("p10005"),
    ),
    Case(
        name="discharge",
        kind="force_discharge",
        make=_force("ForceDischarge"),
        timed=True,
        follows=gives,
        interfere=_app("p10005"),
    ),
    Case(
        name="hold",
        kind="hold",
        make=_hold,
        timed=True,
        follows=rests,
        interfere=_app("p10004", "p10005"),
    ),
    Case(
        name="timed_reserve",
        kind="set_reserve",
        make=_reserve,
        timed=True,
        interfere=_app("p10002"),
    ),
    Case(
        name="export",
        kind="set_export_limit",
        make=_export,
    ),
    Case(
        name="limits",
        kind="set_limits",
        make=_limits,
    ),
    Case(name="schedule", kind="set_schedule", make=_schedule),
    Case(
        name="values",
        kind="set_values",
        make=_values_of(soc_lower_limit=15, feed_in_limitation_value=8000),
        clamp={"p10013": 7500},
        clamped={"feed_in_limitation_value": 7500},
    ),
)
LOGGER_CASES = (
    Case(
        name="export",
        kind="set_export_limit",
        make=_percent,
    ),
    Case(name="values", kind="set_values", make=_values_of(pv_power_limitation=True)),
)


def _refused(name: str, key: str, make: Callable[[Bench], Any]) -> Refused:
    return Refused(name, key, make)


HYBRID_REFUSED = (
    _refused(
        "hold_discharge",
        "not_supported",
        lambda bench: bench.words.Hold(until=bench.after(30)),
    ),
    _refused(
        "power_99",
        "power_range",
        lambda bench: bench.words.ForceCharge(until=bench.after(30), power=99),
    ),
    _refused(
        "more_than_rated",
        "power_range",
        lambda bench: bench.words.ForceCharge(until=bench.after(30), power=10_001),
    ),
    _refused(
        "target_reached",
        "soc_above_target",
        lambda bench: bench.words.ForceCharge(until=bench.after(30), target_soc=40),
    ),
    _refused("reserve_51", "soc_range", lambda bench: bench.words.SetReserve(soc=51)),
    _refused("limit_51", "setting_range", _values_of(soc_lower_limit=51)),
    _refused("shutdown", "unknown_setting", _values_of(boot=206)),
    _refused("time", "unknown_setting", _values_of(forced_charging_1_start="soon")),
    _refused("flag", "unknown_setting", _values_of(forced_charging="on")),
)
LOGGER_REFUSED = (
    _refused(
        "force_charge",
        "not_supported",
        lambda bench: bench.words.ForceCharge(until=bench.after(30)),
    ),
    _refused(
        "watts",
        "export_percent_only",
        lambda bench: bench.words.SetExportLimit(power=1000),
    ),
)

"""What GoodWe's inverters can be asked for, and what they refuse (control.md 5)."""

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Any

from .goodwe import APP, APP_SOC
from .vendor import Battery, Case, Refused

if TYPE_CHECKING:
    from .bench import Bench

# The last minute of a day, which no slot covers
_GAP = (time(23, 59), time.max)


def _force(kind: str, **more: Any) -> Callable[[Bench, float], Any]:
    def make(bench: Bench, minutes: float) -> Any:
        power = bench.pick(24, 18, 30) * 100
        return getattr(bench.words, kind)(
            until=bench.after(minutes), power=power, **more
        )

    return make


def _reserve(bench: Bench, minutes: float) -> Any:
    return bench.words.SetReserve(
        soc=bench.pick(20, 12, 22), until=bench.after(minutes)
    )


def _export(bench: Bench) -> Any:
    return bench.words.SetExportLimit(power=bench.pick(30, 10, 45) * 100)


def _schedule(**switches: bool) -> Callable[[Bench], Any]:
    def make(bench: Bench) -> Any:
        words = bench.words
        soc = float(bench.pick(80, 60, 95))
        row = words.Row(start=time(1, 5), end=time(5), mode="charge", soc=soc)
        return words.SetSchedule(
            rows=(row,), clear=frozenset({"discharge"}), switches=switches
        )

    return make


def _mode(bench: Bench) -> Any:
    return bench.words.SetMode(mode="backup")


def _values_of(**values: Any) -> Callable[[Bench], Any]:
    return lambda bench: bench.words.SetValues(edits=(lambda _: values,))


def _app(*keys: str) -> Callable[[Bench], None]:
    values = {key: APP[key] for key in keys}
    return lambda bench: bench.vendor.controls.write_as_app(values)


def _slots_of_the_app(bench: Bench) -> None:
    """Whatever slot is ours, the app sets all that are on to something else."""
    controls = bench.vendor.controls
    stored = controls.settings.stored
    controls.write_as_app(
        {
            key: stored[key] | {f"ChargeCutOffSet{key.removeprefix('TOU')}": APP_SOC}
            for key in bench.vendor.slots_on
        }
    )


def charges(battery: Battery) -> bool:
    """Whether the battery takes from the grid."""
    return battery.power < -1500


def gives(battery: Battery) -> bool:
    """Whether the battery gives more than the house uses."""
    return battery.power > 1500


_DISCHARGE = Case(
    name="discharge",
    kind="force_discharge",
    make=_force("ForceDischarge", target_soc=15),
    timed=True,
    requests=2,
    follows=gives,
    gap=_GAP,
    interfere=_slots_of_the_app,
)
_EXPORT = Case(name="export", kind="set_export_limit", make=_export, requests=2)
_SCHEDULE = Case(
    name="schedule",
    kind="set_schedule",
    make=_schedule(tou_mode=True),
    requests=3,
)

V3_CASES = (
    Case(
        name="charge",
        kind="force_charge",
        make=_force("ForceCharge", target_soc=95),
        timed=True,
        requests=3,
        doubtful=True,
        follows=charges,
        interfere=_app("47546"),
    ),
    _DISCHARGE,
    Case(
        name="timed_reserve",
        kind="set_reserve",
        make=_reserve,
        timed=True,
        interfere=_app("45356"),
    ),
    _EXPORT,
    _SCHEDULE,
    Case(
        name="values",
        kind="set_values",
        make=_values_of(backup_mode=True, charge_limit=90),
        requests=2,
    ),
)
V2_CASES = (
    _DISCHARGE,
    _SCHEDULE,
    Case(
        name="values",
        kind="set_values",
        make=_values_of(peak_shaving_soc=40, peak_shaving_power=3.5),
    ),
)
V1_CASES = (
    Case(
        name="charge",
        kind="force_charge",
        make=_force("ForceCharge", target_soc=95),
        timed=True,
        requests=2,
        follows=charges,
        gap=_GAP,
        interfere=_slots_of_the_app,
    ),
    _DISCHARGE,
    Case(name="schedule", kind="set_schedule", make=_schedule(), requests=2),
    Case(name="mode", kind="set_mode", make=_mode),
)
PV_CASES = (
    _EXPORT,
    Case(name="values", kind="set_values", make=_values_of(export_limit=True)),
)


def _refused(name: str, key: str, make: Callable[[Bench], Any]) -> Refused:
    return Refused(name, key, make)


_ANY_REFUSED = (
    _refused(
        "hold",
        "not_supported",
        lambda bench: bench.words.Hold(until=bench.after(30)),
    ),
    _refused(
        "more_than_rated",
        "power_range",
        lambda bench: bench.words.ForceDischarge(until=bench.after(30), power=10_001),
    ),
    _refused(
        "target_reached",
        "soc_above_target",
        lambda bench: bench.words.ForceCharge(until=bench.after(30), target_soc=40),
    ),
    _refused(
        "empty_enough",
        "soc_below_target",
        lambda bench: bench.words.ForceDischarge(until=bench.after(30), target_soc=60),
    ),
    _refused("safety", "unknown_setting", _values_of(safety_country=2)),
    _refused(
        "schedule_mode",
        "unknown_mode",
        lambda bench: bench.words.SetSchedule(
            clear=frozenset({"peak_shaving"}), switches={}
        ),
    ),
)
V3_REFUSED = (
    *_ANY_REFUSED,
    _refused("mode", "not_supported", _mode),
    _refused(
        "below_reserve",
        "target_below_reserve",
        lambda bench: bench.words.ForceDischarge(until=bench.after(30), target_soc=5),
    ),
    _refused("backup_power", "needs_other", _values_of(backup_power=40)),
    _refused(
        "peak_beside_backup",
        "modes_exclusive",
        _values_of(peak_shaving=True, backup_mode=True),
    ),
    _refused("charge_limit", "setting_range", _values_of(charge_limit=101)),
    _refused("time", "unknown_setting", _values_of(peak_shaving_start="soon")),
    _refused("flag", "unknown_setting", _values_of(tou_mode="on")),
)
V2_REFUSED = (
    *_ANY_REFUSED,
    _refused("gain_of_ten", "unknown_setting", _values_of(charge_limit=90)),
    _refused("off_grid", "unknown_setting", _values_of(off_grid_mode=True)),
)
V1_REFUSED = (
    *_ANY_REFUSED,
    _refused(
        "off_grid",
        "unknown_mode",
        lambda bench: bench.words.SetMode(mode="off_grid"),
    ),
    _refused("tou_mode", "unknown_setting", _values_of(tou_mode=True)),
)
PV_REFUSED = (
    _refused(
        "force_charge",
        "not_supported",
        lambda bench: bench.words.ForceCharge(until=bench.after(30)),
    ),
    _refused(
        "percent",
        "export_watts_only",
        lambda bench: bench.words.SetExportLimit(percent=50),
    ),
)

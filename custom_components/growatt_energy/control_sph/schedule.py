"""Periods as the rows of a schedule (reference sections 6.1, 6.4, 6.5)."""

from collections.abc import Mapping, Sequence

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import Row, SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import format_time, minute_of, wrap
from ..control_common import Context, percent_of, watts_of
from .groups import AC, CHARGE, LOAD_FIRST, POWER, STOP_SOC, periods
from .period import LATEST, Period
from .placing import arrange
from .store import MODES, Store, whole_soc

AC_SWITCH = "ac_charge"
_EVERY_DAY = frozenset(range(1, 8))


def plan(intent: SetSchedule, values: Values, context: Context, store: Store) -> Plan:
    """Return what sets a schedule. Raises ``Refusal``."""
    for mode in (*(row.mode for row in intent.rows), *intent.clear):
        if mode not in store.modes:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(store.modes))
    target = dict(_switches(intent.switches, store))
    for mode in store.modes:
        rows = [row for row in intent.rows if row.mode == mode]
        if not rows and mode not in intent.clear:
            continue
        side = MODES[mode]
        wanted = [period for row in rows for period in _periods_of(row)]
        target |= arrange(values, side, wanted)
        target |= _heads(mode, rows, values, context)
    store.check_apart(target, values)
    return Plan(target=target)


def _switches(switches: Mapping[str, bool], store: Store) -> dict[str, Value]:
    known = [AC_SWITCH] if AC in store.group(CHARGE).heads else []
    for name in switches:
        if name not in known:
            raise Refusal("unknown_switch", switch=name, switches=", ".join(known))
    return {f"{CHARGE}.{AC}": bool(on) for on in switches.values()}


def _periods_of(row: Row) -> list[Period]:
    """Return the periods of a row: those over midnight have two (6.3)."""
    if row.days is not None and set(row.days) != _EVERY_DAY:
        raise Refusal("no_weekdays")
    for moment in (row.start, row.end):
        if moment.second or moment.microsecond:
            raise Refusal("whole_minutes", time=moment.isoformat())
    start, end = minute_of(row.start), minute_of(row.end) or LATEST
    if start == end:
        raise Refusal("empty_window", time=format_time(start))
    parts = (part.within(0, LATEST) for part in wrap(start, end))
    return [Period(part.start, part.end, on=True) for part in parts if len(part)]


def _heads(
    mode: str, rows: Sequence[Row], values: Values, context: Context
) -> dict[str, Value]:
    """Return power and stop SoC that rows name: a side has one of each."""
    socs = {row.soc for row in rows if row.soc is not None}
    powers = {row.power for row in rows if row.power is not None}
    side = MODES[mode]
    target: dict[str, Value] = {}
    if (socs or powers) and side == LOAD_FIRST:
        raise Refusal("no_soc_setting" if socs else "no_power_setting")
    if len(socs) > 1:
        raise Refusal("rows_one_soc", mode=mode)
    if len(powers) > 1:
        raise Refusal("rows_one_power", mode=mode)
    for soc in socs:
        key = f"{side}.{STOP_SOC}"
        target[key] = values[key] if values.get(key) == soc else whole_soc(soc)
    for power in powers:
        key = f"{side}.{POWER}"
        now = values.get(key)
        same = isinstance(now, int) and watts_of(now, context.rated) == power
        target[key] = now if same else percent_of(power, context.rated, least=1)
    return target


def rows_of(values: Values, rated: float | None, store: Store) -> list[Row]:
    """Return the periods that are on in the words of ``SetSchedule``."""
    found = []
    for mode in store.modes:
        side = MODES[mode]
        soc, power = values.get(f"{side}.{STOP_SOC}"), values.get(f"{side}.{POWER}")
        for period in periods(values, side).values():
            if period.live:
                start, end = period.times
                percent = power if isinstance(power, int) else None
                found.append(
                    Row(
                        start=start,
                        end=end,
                        mode=mode,
                        soc=soc if isinstance(soc, int) else None,
                        power=watts_of(percent, rated),
                    )
                )
    return found


def switches_of(values: Values) -> dict[str, bool]:
    """Return what is beside the periods, as far as it is known."""
    found = values.get(f"{CHARGE}.{AC}")
    return {AC_SWITCH: found} if isinstance(found, bool) else {}

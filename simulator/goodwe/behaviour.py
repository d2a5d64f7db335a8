"""What battery, sun and grid do with the settings (reference sections 6.2 to 6.4)."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ..balance import Command, Mode
from ..house import State
from . import settings
from .dialects import OPERATION_MODES, Dialect
from .settings import demand_field
from .slots import active, is_within, weekday

if TYPE_CHECKING:
    from .controls import Controls

# Distance to a state of charge that counts as reached
_REACHED = 0.05
# Running modes (6.3)
SELF_USE, OFF_GRID, CHARGING, BACKUP = 1, 7, 11, 100
TOU, TOU_IDLE, DELAYED, DELAYED_IDLE, PEAK, PEAK_IDLE = 101, 102, 103, 104, 105, 106
STOPPED = 255


class Act(NamedTuple):
    """What an inverter does, and what it calls that."""

    command: Command
    running_mode: int


def act(controls: Controls, local: datetime, state: State) -> Act:
    """Return what an inverter does at a time of its station."""
    values = controls.settings.active
    if not controls.switches.follows:
        return Act(Command(), SELF_USE)
    if not values[settings.RUNNING]:
        return Act(Command(mode=Mode.HOLD, pv_limit_w=0.0), STOPPED)
    dialect = controls.dialect
    done = Act(Command(), SELF_USE)
    if dialect is not None:
        done = _battery(controls, dialect, local, state)
    flag, watts = settings.EXPORT["string" if dialect is None else "hybrid"]
    if values[flag]:
        limit = float(values[watts])
        mine = done.command.export_limit_w
        if mine is not None:
            limit = min(limit, mine)
        done = done._replace(command=replace(done.command, export_limit_w=limit))
    return done


def _battery(
    controls: Controls, dialect: Dialect, local: datetime, state: State
) -> Act:
    values = controls.settings.active
    low = float(values[settings.MIN_SOC]) if values[settings.PROTECTION] else 0.0
    high = max(float(values[settings.MAX_SOC]), low)
    usual = Command(min_soc=low, max_soc=high)
    if is_off_grid(values, dialect):
        return Act(usual, OFF_GRID)
    if values[settings.IMMEDIATE]:
        end = float(values[settings.IMMEDIATE_SOC])
        if state.soc >= end - _REACHED and controls.switches.immediate_after != "hold":
            controls.immediate_done = True
        if not controls.immediate_done:
            watts = controls.rated_w * float(values[settings.IMMEDIATE_POWER]) / 100
            return Act(
                Command(mode=Mode.CHARGE, power_w=watts, target_soc=end), CHARGING
            )
    if is_tou(values, dialect):
        return _slot(controls, dialect, local, state, usual)
    if is_backup(values, dialect):
        return Act(_backup(controls), BACKUP)
    if not dialect.exclusive and settings.is_peak_shaving(values):
        return _peak(controls, local, state, usual)
    if not dialect.exclusive and settings.is_delayed(values):
        return _delayed(controls, local, state, usual)
    return Act(usual, SELF_USE)


def is_off_grid(values: settings.Values, dialect: Dialect) -> bool:
    """Return whether the house is cut from the grid on purpose."""
    if dialect.exclusive:
        return bool(values[settings.OPERATION] == OPERATION_MODES["OffGridMode"])
    return dialect.off_grid and values["OffGridEnable"] == 1


def is_tou(values: settings.Values, dialect: Dialect) -> bool:
    """Return whether slots act."""
    if dialect.exclusive:
        return bool(values[settings.OPERATION] == OPERATION_MODES["TOUMode"])
    return bool(values["TOUModeEnable"] == 1)


def is_backup(values: settings.Values, dialect: Dialect) -> bool:
    """Return whether the battery is kept full."""
    if dialect.exclusive:
        return bool(values[settings.OPERATION] == OPERATION_MODES["BackupMode"])
    return bool(values["BackupModeEnable"] == 1)


def _slot(
    controls: Controls, dialect: Dialect, local: datetime, state: State, usual: Command
) -> Act:
    found = active(controls.settings.active, dialect, local)
    if found is None:
        controls.slot_done = None
        return Act(usual, TOU_IDLE)
    number, share, cutoff, limits_export = found
    ends = controls.switches.slot_after == "resume"
    watts = controls.rated_w * abs(share)
    floor = cutoff if share <= 0 or controls.slot_floor else usual.min_soc
    reached = state.soc >= cutoff - _REACHED
    if share > 0:
        reached = state.soc <= floor + _REACHED
    if ends and (reached or controls.slot_done == number):
        controls.slot_done = number
        return Act(usual, TOU_IDLE)
    if share <= 0:
        command = Command(mode=Mode.CHARGE, power_w=watts, target_soc=cutoff)
        if not watts:
            command = Command(mode=Mode.HOLD)
    elif limits_export:
        command = Command(mode=Mode.DISCHARGE, target_soc=floor, export_limit_w=watts)
    else:
        command = Command(mode=Mode.DISCHARGE, power_w=watts, target_soc=floor)
    return Act(command, TOU)


def _backup(controls: Controls) -> Command:
    values = controls.settings.active
    if values[settings.GRID_CHARGE]:
        watts = controls.rated_w * float(values["BackupPChargeP"]) / 100
        return Command(mode=Mode.CHARGE, power_w=watts, surplus_on_top=True)
    return Command(discharge_allowed=False)


def _on_today(values: settings.Values, number: int, local: datetime) -> bool:
    return weekday(local) in demand_field(values, number, "Week")


def _peak(controls: Controls, local: datetime, state: State, usual: Command) -> Act:
    """Use what is above the reserve as usual, and the reserve for peaks."""
    values = controls.settings.active
    number, _ = settings.peak_and_delayed(values)
    start, end = (demand_field(values, number, it) for it in ("Start", "End"))
    if not is_within(start, end, local) or not _on_today(values, number, local):
        return Act(usual, PEAK_IDLE)
    if state.soc > float(demand_field(values, number, "SOC")):
        return Act(usual, PEAK)
    limit_w = float(demand_field(values, number, "PowerLimit")) * 1000
    excess_w = max(state.load_w - state.pv_w - limit_w, 0.0)
    return Act(replace(usual, discharge_limit_w=excess_w), PEAK)


def _delayed(controls: Controls, local: datetime, state: State, usual: Command) -> Act:
    """Sell the sun up to the limit until the time, then charge."""
    values = controls.settings.active
    _, number = settings.peak_and_delayed(values)
    early = f"{local:%H:%M}" < demand_field(values, number, "End")
    listed = local.month - 1 in demand_field(values, number, "Month")
    listed = listed and _on_today(values, number, local)
    if not early or not listed or demand_field(values, number, "ChargePriority") == 0:
        return Act(usual, DELAYED_IDLE)
    share = float(demand_field(values, number, "PowerLimit")) / 1000
    surplus_w = state.pv_w - state.load_w - controls.rated_w * share
    return Act(replace(usual, charge_limit_w=max(surplus_w, 0.0)), DELAYED)

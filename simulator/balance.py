"""Who gives and who takes: the powers of a house at one moment."""

from dataclasses import dataclass
from enum import StrEnum
import math
from typing import NamedTuple

from .spec import HouseSpec

# Powers are multiples of 2**-10 W: sums of them are exact in floating point
_GRID_OF_POWERS = 1024.0


class Mode(StrEnum):
    """What the battery is told to do."""

    SELF_USE = "self_use"
    """Take solar surplus, cover the load."""
    CHARGE = "charge"
    """Charge with `power_w` up to `target_soc`, then stand still."""
    DISCHARGE = "discharge"
    """Discharge with `power_w` down to `target_soc`, exporting if need be."""
    HOLD = "hold"
    """Neither charge nor discharge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One instruction to the battery; powers in W on the AC side, SoC in percent."""

    mode: Mode = Mode.SELF_USE
    power_w: float | None = None
    """CHARGE, DISCHARGE: the set point; None is the battery's maximum."""
    target_soc: float | None = None
    """CHARGE, DISCHARGE: where it ends; None is `max_soc` or `min_soc`."""
    grid_charge: bool = True
    """CHARGE: whether the grid may be used; if not, only the solar surplus is."""
    surplus_on_top: bool = False
    """CHARGE: take a solar surplus above `power_w` too."""
    solar_first: bool = False
    """CHARGE: the sun charges before it serves the load."""
    discharge_allowed: bool = True
    """SELF_USE: whether the battery may cover the load."""
    discharge_limit_w: float | None = None
    """SELF_USE: most that it gives to the load."""
    charge_limit_w: float | None = None
    """SELF_USE: most that it takes of the surplus."""
    pv_limit_w: float | None = None
    """Most that the sun gives; None is what there is."""
    output_limit_w: float | None = None
    """Most that solar and battery put out together, below the inverter's limit."""
    export_limit_w: float | None = None
    """Most that goes into the grid; the sun is curtailed."""
    min_soc: float = 0.0
    max_soc: float = 100.0


SELF_USE = Command()


class Flow(NamedTuple):
    """Powers in W that hold for a while; battery + gives, grid + imports."""

    pv_w: float
    load_w: float
    """All consumption, the car included."""
    grid_w: float
    battery_w: float
    ev_w: float
    grid_charge_w: float
    """Part of the battery's charging power that the grid supplies."""
    end_wh: float | None
    """What is stored when the time is over, where a bound of the battery limits."""


class Demand(NamedTuple):
    """What nature and people want at a moment, in W."""

    pv_w: float
    load_w: float
    ev_w: float


def balance(
    spec: HouseSpec,
    command: Command,
    want: Demand,
    stored_wh: float,
    hours: float,
    *,
    grid: bool = True,
) -> Flow:
    """Return the flow for the next `hours`, such that no bound is passed in them.

    `load_w == pv_w + grid_w + battery_w` is exact. Priorities: the load, then the
    command, then export. The inverter's limit holds for solar plus battery together
    and curtails solar. The house connection limits charging of car and battery, not
    the household. Without grid the command is void: the battery does what it can,
    solar is curtailed to what finds a taker, and car and household are shed if the
    rest is not enough.
    """
    pv_w = _quantised(_least(want.pv_w, command.pv_limit_w))
    load_w = _quantised(want.load_w)
    ev_w = _quantised(want.ev_w)
    limit = _least(spec.inverter_limit_w, command.output_limit_w)
    if ev_w and grid:
        free_w = spec.import_limit_w - load_w + min(pv_w, limit)
        ev_w = min(ev_w, max(_quantised(free_w), 0.0))
    one_way = spec.one_way_efficiency
    percent_wh = spec.battery_capacity_wh / 100
    low_wh = max(spec.floor_wh, command.min_soc * percent_wh)
    high_wh = command.max_soc * percent_wh
    if not grid:
        command = SELF_USE
        low_wh, high_wh = spec.floor_wh, spec.battery_capacity_wh
    mode = command.mode
    set_point = command.power_w
    if command.target_soc is not None:
        if mode is Mode.CHARGE:
            high_wh = min(high_wh, command.target_soc * percent_wh)
        elif mode is Mode.DISCHARGE:
            low_wh = max(low_wh, command.target_soc * percent_wh)
    room_w = max(high_wh - stored_wh, 0.0) / one_way / hours
    reach_w = max(stored_wh - low_wh, 0.0) * one_way / hours

    demand_w = load_w + ev_w
    surplus_w = pv_w - demand_w
    charge_w = discharge_w = 0.0
    if mode is Mode.SELF_USE:
        if surplus_w >= 0:
            charge_w = min(surplus_w, room_w, spec.max_charge_w)
            charge_w = _least(charge_w, command.charge_limit_w)
        elif command.discharge_allowed:
            discharge_w = min(-surplus_w, reach_w, spec.max_discharge_w)
            discharge_w = _least(discharge_w, command.discharge_limit_w)
    elif mode is Mode.CHARGE:
        charge_w = spec.max_charge_w if set_point is None else set_point
        if command.surplus_on_top:
            charge_w = max(charge_w, surplus_w)
        if not command.grid_charge:
            sun_w = pv_w if command.solar_first else max(surplus_w, 0.0)
            charge_w = min(charge_w, sun_w)
        headroom_w = max(spec.import_limit_w + surplus_w, 0.0)
        charge_w = min(charge_w, room_w, spec.max_charge_w, headroom_w, pv_w + limit)
    elif mode is Mode.DISCHARGE:
        discharge_w = spec.max_discharge_w if set_point is None else set_point
        discharge_w = min(discharge_w, reach_w, spec.max_discharge_w)
    if discharge_w:
        discharge_w = min(discharge_w, max(limit - pv_w, 0.0))
        if command.export_limit_w is not None:
            free_w = command.export_limit_w - surplus_w
            discharge_w = min(discharge_w, max(free_w, 0.0))

    end_wh = None
    if charge_w > 0 and charge_w == room_w:
        end_wh = high_wh
    elif discharge_w > 0 and discharge_w == reach_w:
        end_wh = low_wh
    charge_w = _quantised(charge_w)
    discharge_w = _quantised(discharge_w)
    battery_w = discharge_w - charge_w
    if grid and not battery_w:
        battery_w -= _quantised(spec.standby_w)
    pv_w = min(pv_w, _quantised(limit) + charge_w)
    if grid and command.export_limit_w is not None:
        free_w = demand_w - battery_w + _quantised(command.export_limit_w)
        pv_w = min(pv_w, max(free_w, 0.0))
    if grid:
        grid_w = demand_w - pv_w - battery_w
    else:
        grid_w = 0.0
        pv_w = min(pv_w, demand_w - battery_w)
        served_w = pv_w + battery_w
        if served_w < demand_w:
            ev_w = max(ev_w - (demand_w - served_w), 0.0)
            demand_w = served_w
    # The sun usually serves the load first, as far as the inverter lets it through
    served_w = 0.0 if command.solar_first else min(demand_w, _quantised(limit))
    solar_charge_w = max(pv_w - served_w, 0.0)
    grid_charge_w = max(charge_w - solar_charge_w, 0.0)
    return Flow(pv_w, demand_w, grid_w, battery_w, ev_w, grid_charge_w, end_wh)


def _quantised(power_w: float) -> float:
    return math.floor(power_w * _GRID_OF_POWERS) / _GRID_OF_POWERS


def _least(power_w: float, most_w: float | None) -> float:
    return power_w if most_w is None else min(power_w, most_w)

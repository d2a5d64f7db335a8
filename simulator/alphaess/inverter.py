"""What the battery does with a schedule (alphaess.md 6.2, 6.3 and 6.8)."""

from datetime import datetime

from ..balance import SELF_USE, Command, Mode
from . import schedules
from .schedules import Settings


def legacy_command(
    charge: Settings, discharge: Settings, local: datetime, soc: float
) -> Command:
    """Follow the two windows per side of the legacy store."""
    now = local.hour * 60 + local.minute
    in_charge, _ = _windows(charge, schedules.CHARGE, now)
    in_discharge, any_discharge = _windows(discharge, schedules.DISCHARGE, now)
    if charge["gridCharge"] == 1 and in_charge:
        return _charge(float(charge["batHighCap"]), None, soc)
    # Time control without a single window is ignored
    restricted = discharge["ctrDis"] == 1 and any_discharge
    return Command(
        discharge_allowed=not restricted or in_discharge,
        min_soc=float(discharge["batUseCap"]),
    )


def periodic_command(settings: Settings, local: datetime, soc: float) -> Command:
    """Follow the weekly or daily periods of the periodic store.

    A period without a positive power is stored and does nothing.
    """
    now = local.hour * 60 + local.minute
    weekday = local.isoweekday()
    weekly = settings["executeCycleType"] == 1

    def current(period: Settings) -> bool:
        begin, end = period["beginTime"], period["endTime"]
        return schedules.minutes(begin) <= now < schedules.minutes(end) and (
            not weekly or weekday in period["weeks"]
        )

    charging = [
        period for period in settings["chargeTimeList"] if is_live_period(period)
    ]
    discharging = [
        period for period in settings["dischargeTimeList"] if is_live_period(period)
    ]
    if settings["gridChargeCycle"] == 1:
        for period in filter(current, charging):
            return _charge(period["chargeLimit"], float(period["chargePower"]), soc)
    if settings["ctrDisCycle"] == 1 and discharging:
        for period in filter(current, discharging):
            # No source says what the power does here, but that it never exports:
            # so it can only be a limit
            return Command(
                min_soc=period["chargeLimit"],
                discharge_limit_w=float(period["chargePower"]),
            )
        return Command(discharge_allowed=False)
    return SELF_USE


def is_live_period(period: Settings) -> bool:
    """Return whether an inverter acts on a period at all."""
    return (period["chargePower"] or 0) > 0 and schedules.is_followed(
        period["beginTime"], period["endTime"]
    )


def _charge(limit: float, power_w: float | None, soc: float) -> Command:
    """Charge from the grid; at or above its limit the battery stands still.

    Observed by an owner: with a limit at or below the SoC the battery neither charges
    nor discharges for as long as the window lasts.
    """
    if soc >= limit:
        return Command(mode=Mode.HOLD)
    return Command(
        mode=Mode.CHARGE, power_w=power_w, target_soc=limit, surplus_on_top=True
    )


def _windows(
    settings: Settings, shape: schedules.LegacyShape, now: int
) -> tuple[bool, bool]:
    """Return whether a window covers `now`, and whether there is any at all."""
    followed = [
        (schedules.minutes(settings[begin]), schedules.minutes(settings[end]))
        for begin, end in shape.windows
        if schedules.is_followed(settings[begin], settings[end])
    ]
    return any(begin <= now < end for begin, end in followed), bool(followed)

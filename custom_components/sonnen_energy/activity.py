"""What the battery does (reference sections 3.9.3 and 3.9.4)."""

from dataclasses import dataclass
from enum import StrEnum

# An idle battery draws up to so much for itself, W, and sometimes gives a little.
IDLE = 30.0
_OWN_MOST = -31.0
# Own consumption by the coldest cell, as the fan goes faster; below 25 degrees the last
_OWN = ((29.0, -29.0), (27.0, -27.0), (25.0, -24.0))
_OWN_COLD = -22.0
_FULL = 100.0
_EMPTY = 2.0


class Activity(StrEnum):
    """What the battery does."""

    STANDBY = "standby"
    CHARGING = "charging"
    DISCHARGING = "discharging"
    DISCHARGING_RESERVE = "discharging_reserve"
    CHARGED = "charged"
    DISCHARGED = "discharged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The battery's power by direction, W, without its own consumption.

    ``discharges`` says whether that is more than an idle battery's noise. The flags are
    wrong at times, so one that the power contradicts does not count.
    """

    charge: float | None
    discharge: float | None
    charges: bool | None
    discharges: bool | None


def idle(power: float, cell_temperature: float | None) -> float:
    """Return the W that an idle battery would have (negative: it draws)."""
    if _OWN_MOST <= power < 0:
        return power
    if power >= 0 or cell_temperature is None:
        return _OWN_COLD
    return next((own for above, own in _OWN if cell_temperature > above), _OWN_COLD)


def flow(
    power: float | None,
    cell_temperature: float | None,
    *,
    charging: bool | None,
    discharging: bool | None,
) -> Flow:
    """Split the battery's power (+ discharges); the flags are the battery's own."""
    if power is None:
        return Flow(
            charge=None, discharge=None, charges=charging, discharges=discharging
        )
    own = idle(power, cell_temperature)
    charges, discharges = power < own, power > IDLE
    return Flow(
        charge=own - power if charges else 0.0,
        discharge=max(0.0, power),
        charges=charges or (bool(charging) and not discharges),
        discharges=discharges or (bool(discharging) and not charges),
    )


def activity(
    flow: Flow,
    *,
    usable_soc: float | None,
    real_soc: float | None,
    reserve: float | None,
) -> Activity | None:
    """Return what the battery does; None if neither power nor flags are known."""
    if real_soc == _FULL:
        return Activity.CHARGED
    if flow.charges:
        return Activity.CHARGING
    if flow.discharges:
        if usable_soc is not None and reserve is not None and usable_soc < reserve:
            return Activity.DISCHARGING_RESERVE
        return Activity.DISCHARGING
    if flow.charges is None and flow.discharges is None:
        return None
    if usable_soc is not None and usable_soc < _EMPTY:
        return Activity.DISCHARGED
    return Activity.STANDBY

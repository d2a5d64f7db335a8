"""When the battery will be empty, full or at its reserve (reference section 3.9.5)."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
import math

from .activity import Flow

_CLOCK_WRONG = timedelta(minutes=15)
_MOVES = timedelta(seconds=60)
_MINUTE = timedelta(minutes=1)
# Nothing that is of use lasts longer; beyond it dates end.
_LONGEST = 366 * 86_400


def clock(
    stamp: datetime | None, offset: float | None, zone: tzinfo, now: datetime
) -> datetime:
    """Return the battery's own time, aware UTC (quirk 9).

    Args:
        stamp: the naive local time that it sent
        offset: the hours to UTC that it sent, -12 to 14
        zone: Home Assistant's, for a battery that sends no sensible offset
        now: when it was received, aware

    That is ``now`` for a battery that sends none, or one that is off by more than a
    quarter of an hour.
    """
    if stamp is None:
        return now.astimezone(UTC)
    zones: list[datetime] = []
    if offset is not None:
        zones.append(stamp.replace(tzinfo=timezone(timedelta(hours=offset))))
    # In the hour that comes twice it is the one that fits
    zones += [stamp.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    for moment in zones:
        if abs(moment - now) <= _CLOCK_WRONG:
            return moment.astimezone(UTC)
    return now.astimezone(UTC)


def to_reserve(
    flow: Flow,
    *,
    usable_full: float | None,
    usable_soc: float | None,
    reserve: float | None,
    consumption: float | None,
) -> int | None:
    """Return the seconds until the charge is at the reserve, from either side.

    Capacity in Wh, shares in percent, ``consumption`` is the house's average in W.
    """
    if usable_soc is None or reserve is None:
        return None
    above = usable_soc - reserve
    if above == 0:
        return 0
    if usable_full is None:
        return None
    if above > 0:
        if not flow.discharges or not flow.discharge:
            return None
        # What is exported does not go on when the sun is gone.
        power = flow.discharge
        if consumption is not None:
            power = min(power, consumption)
        return seconds(usable_full * above / 100, power)
    return seconds(usable_full * -above / 100, flow.charge)


def to_full(flow: Flow, *, full: float | None, remaining: float | None) -> int | None:
    """Return the seconds until the battery is full; None if it does not charge."""
    if full is None or remaining is None:
        return None
    return seconds(full - remaining, flow.charge) if full > remaining else 0


def to_empty(
    flow: Flow, *, usable: float | None, consumption: float | None
) -> int | None:
    """Return the seconds until nothing usable is left, through the reserve."""
    if usable is None:
        return None
    if usable <= 0:
        return 0
    if not flow.discharges or not flow.discharge:
        return None
    return seconds(usable, max(flow.discharge, consumption or 0.0))


def seconds(energy: float, power: float | None) -> int | None:
    """Return how long so many Wh last at so many W; None without any power."""
    if not power or power < 0:
        return None
    result = energy / power * 3600
    return int(result) if math.isfinite(result) and result <= _LONGEST else None


def after(moment: datetime, wait: int | None) -> datetime | None:
    """Return the moment so many seconds later."""
    return None if wait is None else moment + timedelta(seconds=wait)


def full_since(
    before: datetime | None, since_full: int | None, moment: datetime
) -> datetime | None:
    """Return since when the battery is full, to be remembered until the next call.

    ``since_full`` are the seconds that the battery tells; they stay 0 for as long as
    it is full, so the first such ``moment`` has to be kept. None while it is not full.
    """
    if since_full is None:
        return before
    return (before or moment) if since_full == 0 else None


def steady(shown: datetime | None, moment: datetime | None) -> datetime | None:
    """Return what a sensor shows of a predicted moment: whole minutes, moved rarely.

    ``shown`` stays unless ``moment`` differs from it by more than a minute: every state
    is written to the recorder.
    """
    if moment is None:
        return None
    if shown is not None and abs(moment - shown) <= _MOVES:
        return shown
    rounded = moment + _MINUTE / 2
    return rounded.replace(second=0, microsecond=0)

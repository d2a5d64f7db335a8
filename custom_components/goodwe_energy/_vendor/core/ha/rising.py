"""Counters that never dip, whatever the vendor sends.

Home Assistant reads a fall of a ``total_increasing`` sensor as a new start and
adds the whole new value to the sum, so one false zero counts a day twice. The
guards keep their state as plain JSON values: it is stored beside the entity
(see ``account.py``) and so survives a restart and a crash.
"""

from collections.abc import Mapping, MutableMapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import Any

from ..client.decode import number

# More than any house gains: a larger step must be said three times in a row. Who reads
# larger plants says how much these can gain.
MAX_POWER_KW = 50.0
CONFIRMATIONS = 3
# The vendor's roundings and answers that come some seconds late
SLACK_KWH = 1.0
# So long after midnight a cloud may still tell the day before.
LATEST_NEW_START = timedelta(hours=3)
# Smaller steps and smaller days do no harm if they are not the new day's.
HARMLESS_KWH = 0.1
# Home Assistant takes a fall below this share of the last value as a new start.
NEW_START = 0.9

type State = MutableMapping[str, Any]


def _gain(start: datetime, end: datetime, power: float) -> float:
    """Return the most kWh that a counter can have gained with ``power`` kW."""
    hours = (end - start).total_seconds() / 3600
    return power * max(hours, 0.0) + SLACK_KWH


def _plausible(
    state: Mapping[str, Any], step: float, at: datetime, power: float
) -> bool:
    """Tell whether the counter can have gained so much since the last reading."""
    return step <= _gain(datetime.fromisoformat(state["at"]), at, power)


def _repeated(
    state: State, key: str, reading: float, at: datetime, dip: float, power: float
) -> bool:
    """Tell whether a reading that is not believed yet was confirmed.

    It takes three in a row, each of which can follow from the one before: not lower
    by more than ``dip``, nor higher than a house makes possible. The last one of
    them once more, as after a reload, is no other one.
    """
    before: dict[str, Any] | None = state.get(key)
    last = datetime.fromisoformat(before["at"]) if before is not None else None
    if last == at:
        return False
    follows = (
        before is not None
        and last is not None
        and last < at
        and reading >= before["value"] - dip
        and _plausible(before, reading - before["value"], at, power)
    )
    count = before["count"] + 1 if before is not None and follows else 1
    state[key] = {"value": reading, "at": at.isoformat(), "count": count}
    return count >= CONFIRMATIONS


def _accept(state: State, reading: float, at: datetime, day: date) -> None:
    state.pop("doubtful", None)
    state["value"] = reading
    state["at"] = at.isoformat()
    state["day"] = day.isoformat()


def day_counter(
    state: State,
    reading: float | None,
    day: date,
    at: datetime,
    *,
    power: float = MAX_POWER_KW,
) -> float | None:
    """Return the counter of a site-local day, in kWh.

    Args:
        state: what the guard remembers, changed in place
        reading: the vendor's value, kWh, or None for a blank answer
        day: the site-local day that was asked for
        at: when it was received, aware, in the site's zone
        power: the most that the counter can gain, kW

    Within a day the value only rises: nothing, zeros and dips are held. It falls
    once, at the new day's first answer: to what that says if it is lower, else to 0.
    A cloud that goes on telling the day before is taken as such while it is sure,
    and held while it may be, or as long as it says nothing else.
    """
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    value: float | None = state.get("value")
    if value is not None and day.isoformat() != state["day"]:
        return _other_day(state, value, reading, day, at, midnight, power)
    if reading is not None and reading > _gain(midnight, at, power):
        reading = None  # no day has so much by now
    if value is None:
        if reading is not None:
            _accept(state, reading, at, day)
        return reading
    if reading is not None and reading != state.get("ended"):
        state.pop("ended", None)
    if reading is None or reading <= value:
        state.pop("doubtful", None)
        if reading == value:
            state["at"] = at.isoformat()
    elif "ended" in state:
        return value  # the day before, however late it is: nobody said anything else
    elif _left_over(state, value, reading, at - midnight):
        return value
    elif _plausible(state, reading - value, at, power) or _repeated(
        state, "doubtful", reading, at, SLACK_KWH, power
    ):
        _accept(state, reading, at, day)
    return state["value"]  # type: ignore[no-any-return]


def _other_day(
    state: State,
    value: float,
    reading: float | None,
    day: date,
    at: datetime,
    midnight: datetime,
    power: float,
) -> float:
    last = datetime.fromisoformat(state["at"])
    if day < date.fromisoformat(state["day"]):
        if at < last - LATEST_NEW_START:
            # The clock was far ahead: the day that it made up would never end.
            _accept(state, value, at, day)
        return value
    lower = reading is not None and reading < NEW_START * value
    if reading is not None and not lower and at - midnight <= LATEST_NEW_START:
        # More than the new day can have by now, or the rest of such a series
        if value > _gain(midnight, at, power) or last >= midnight:
            if reading > value and _plausible(state, reading - value, at, power):
                state["value"] = reading
            state["at"] = at.isoformat()
            return state["value"]  # type: ignore[no-any-return]
    if value > HARMLESS_KWH:
        state["before"] = [NEW_START * value, value + _gain(last, midnight, power)]
    else:
        state.pop("before", None)
    if reading is not None and lower and reading <= _gain(midnight, at, power):
        _accept(state, reading, at, day)
        state.pop("ended", None)
    else:
        if value > HARMLESS_KWH:
            state["ended"] = value
        # A start that Home Assistant would not see as one: the day began at 0.
        _accept(state, 0.0, midnight, day)
    return state["value"]  # type: ignore[no-any-return]


def _left_over(state: State, value: float, reading: float, since: timedelta) -> bool:
    """Tell whether a reading soon after midnight may still be that of the day before."""
    if since > LATEST_NEW_START or (before := state.get("before")) is None:
        return False
    low, high = before
    return low <= reading <= high and reading - value > HARMLESS_KWH


def period_counter(
    state: State,
    reading: float | None,
    start: datetime,
    at: datetime,
    *,
    power: float = MAX_POWER_KW,
) -> float | None:
    """Return the counter of a week, month or year that began at ``start``, in kWh.

    Within the period it is a ``total_counter``, since nobody knows what a vendor's week
    is. It falls once, at the new period's first answer; one that may still be of the
    period before is held for as long as ``day_counter`` does that, and then the new one
    begins at 0.
    """
    value: float | None = state.get("value")
    if value is None:
        return total_counter(state, reading, at, power=power)
    last = datetime.fromisoformat(state["at"]).astimezone(at.tzinfo)
    if last >= start:
        if reading is not None and reading == state.get("ended"):
            return value  # the period before, however late it is
        if reading is not None and _left_over(state, value, reading, at - start):
            return value
        if reading is not None:
            state.pop("ended", None)
        return total_counter(state, reading, at, power=power)
    # A period that had nothing is not taken for another one
    much = value > HARMLESS_KWH
    new = reading is not None and (reading < NEW_START * value or not much)
    if not new and at - start <= LATEST_NEW_START:
        return value
    state.clear()
    if much:
        state["before"] = [NEW_START * value, value + _gain(last, start, power)]
    if reading is not None and new:
        _accept(state, reading, at, at.date())
        return reading
    if much:
        state["ended"] = value
    _accept(state, 0.0, start, start.date())
    return 0.0


def total_counter(
    state: State,
    reading: float | None,
    at: datetime,
    *,
    doubt_zero: bool = False,
    power: float = MAX_POWER_KW,
) -> float | None:
    """Return a lifetime counter; a new start counts once it has proven itself.

    Args:
        state: what the guard remembers, changed in place
        reading: the vendor's value (kWh, kg, ...), or None for a blank answer
        at: when it was received, aware
        doubt_zero: a first 0 may be that of a device that is just starting: it counts
            once three in a row say so
        power: the most that the counter can gain, kW (or its unit per hour)

    A replaced meter starts anew: three readings in a row that rise in small steps
    are believed. Anything else that is lower, and a jump that no house can make,
    is held; so is a correction that Home Assistant would not see as a new start.
    """
    value: float | None = state.get("value")
    if reading is None:
        return value
    if value is None:
        if (
            reading == 0
            and doubt_zero
            and not _repeated(state, "first", 0.0, at, 0.0, power)
        ):
            return None
        state.pop("first", None)
        _accept(state, reading, at, at.date())
        return reading
    if reading >= value:
        state.pop("lower", None)
        if _plausible(state, reading - value, at, power) or _repeated(
            state, "doubtful", reading, at, SLACK_KWH, power
        ):
            _accept(state, reading, at, at.date())
        return state["value"]  # type: ignore[no-any-return]
    before = state.get("lower")
    if before is not None and reading == before["value"]:
        return value  # says nothing new: an outage's zero is no meter
    if (
        _repeated(state, "lower", reading, at, 0.0, power)
        and reading < NEW_START * value
    ):
        state.pop("lower")
        _accept(state, reading, at, at.date())
    return state["value"]  # type: ignore[no-any-return]


def valid(stored: object) -> State:
    """Return a guard's state as it was stored, or a new one if it is damaged."""
    if not isinstance(stored, dict):
        return {}
    try:
        day = date.fromisoformat(stored["day"])
        at = datetime.fromisoformat(stored["at"])
        naive = at.tzinfo is None
        at = at.astimezone(UTC)
    except KeyError, TypeError, ValueError, OverflowError:
        return {}
    value = number(stored.get("value"), low=0.0)
    if value is None or naive or not MINYEAR < at.year < MAXYEAR:
        return {}
    state: State = {
        "value": value,
        "at": at.isoformat(),
        "day": day.isoformat(),
    }
    # The last sample of an integral (``integral.py``)
    if (power := number(stored.get("power"), low=0.0)) is not None:
        state["power"] = power
    # What the day before ended with, while the new day has said nothing else
    if (ended := number(stored.get("ended"), low=0.0)) is not None:
        state["ended"] = ended
    before = stored.get("before")
    if isinstance(before, list) and len(before) == 2:
        limits = [limit for item in before if (limit := number(item)) is not None]
        if limits == before:
            state["before"] = limits
    return state

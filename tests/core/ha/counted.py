"""What Home Assistant's statistics make of a ``total_increasing`` sensor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.components.sensor import recorder

from core.ha.rising import State, day_counter, valid

BERLIN = ZoneInfo("Europe/Berlin")
POLL = timedelta(minutes=5)
# The integration reads once more about a minute before midnight.
LAST_LOOK = timedelta(seconds=67)
# The vendor tells hundredths of a kWh.
DIGITS = 2

type Reading = float | None


def energy_counted(values: Iterable[Reading]) -> float:
    """Return the sum that the recorder builds, by the recorder's own rule.

    A dip that is no new start fails the test: it would lower the sum.
    """

    def dip(_hass: object, _entity: str, state: Any, before: float) -> None:
        raise AssertionError(f"dips from {before} to {state.state}")

    hass: Any = None
    total, last = 0.0, None
    with patch.object(recorder, "warn_dip", dip):
        for value in values:
            if value is None:
                continue
            if last is not None:
                state: Any = SimpleNamespace(state=value)
                new_start = recorder.reset_detected(
                    hass, "sensor.x", value, last, state
                )
                total += value if new_start else value - last
            last = value
    return total


@dataclass(frozen=True)
class Poll:
    """One answer: when it came, for which site-local day, and what it said."""

    at: datetime
    day: date
    reading: Reading


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BERLIN)


def polls(first: date, days: int, offset: timedelta) -> Iterator[datetime]:
    """Yield the times at which a running integration asks, in the site's zone."""
    for day in (first + timedelta(days=number) for number in range(days)):
        at = midnight(day).astimezone(UTC) + offset
        end = midnight(day + timedelta(days=1)).astimezone(UTC)
        times = {end - LAST_LOOK}
        while at < end:
            times.add(at)
            at += POLL
        yield from (at.astimezone(BERLIN) for at in sorted(times))


class Guard:
    """A counter with its state; can be restarted, as Home Assistant is."""

    def __init__(self) -> None:
        self.state: State = {}

    def __call__(self, poll: Poll) -> Reading:
        return day_counter(self.state, poll.reading, poll.day, poll.at)

    def restart(self) -> None:
        """Go through the file on disk."""
        self.state = valid(json.loads(json.dumps(dict(self.state))))

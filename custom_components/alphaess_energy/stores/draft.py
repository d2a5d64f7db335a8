"""The periods of a plan in the making, and what the vendor allows of them (3.9)."""

from collections.abc import Iterable, Mapping

from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, cut_all
from .common import EVERY_DAY, LATEST, SIDES
from .periods import Period, is_live, periods_in

PER_DAY = 6
PER_WEEK = 28
# More are not taken out for a lease (control.md section 5).
MOST_TOUCHED = 3


class Draft:
    """The periods of both sides while they are rearranged."""

    def __init__(self, values: Values, *, weekly: bool) -> None:
        """Begin with what is set. ``weekly``: periods have weekdays."""
        self.weekly = weekly
        self._before = {key: values[key] for key in periods_in(values)}
        self.values: dict[str, Value] = dict(self._before)

    def periods(self, side: str | None = None) -> list[Period]:
        """Return the periods of a side, or of both."""
        return list(periods_in(self.values, side).values())

    def is_live(self, period: Period) -> bool:
        """Return whether the device acts on it."""
        return is_live(period, self.values[period.key])

    def taken(self, day: int, side: str | None = None) -> list[Span]:
        """Return what periods cover of a weekday."""
        return [
            part
            for period in self.periods(side)
            if day in period.days
            for part in period.parts
        ]

    def drop(self, period: Period) -> Value:
        """Take a period out and return its value."""
        return self.values.pop(period.key)

    def add(
        self, side: str, span: Span, days: Iterable[int], value: Value
    ) -> str | None:
        """Put a period in and return its key, None if there is no time for it."""
        numbers = tuple(sorted(set(days)))
        if not len(span) or not numbers:
            return None
        key = Period(side=side, start=span.start, end=span.end, days=numbers).key
        self.values[key] = value
        return key

    def cut(self, side: str, days: Iterable[int], hole: Span) -> None:
        """Make room on some weekdays; on the others periods stay as they are."""
        on = set(days)
        for period in self.periods(side):
            here = on & set(period.days)
            if not here or not any(part.overlaps(hole) for part in period.parts):
                continue
            value = self.drop(period)
            there = set(period.days) - here
            if period.end < period.start:
                continue  # nobody knows what the device does with it
            self.add(side, period.parts[0], there, value)
            for part in period.parts:
                for rest in cut_all([part.within(0, LATEST).on_grid()], [hole]):
                    self.add(side, rest, here, value)

    @property
    def touched(self) -> list[str]:
        """Return the keys of periods that are not as they were."""
        return [
            key for key, value in self._before.items() if self.values.get(key) != value
        ]

    def check(self, *, lease: bool) -> None:
        """Raise ``Refusal`` if the vendor would refuse it, or too much is taken out."""
        for side in SIDES:
            # What was empty could not be put back.
            if not self.periods(side) or (lease and not periods_in(self._before, side)):
                raise Refusal("list_empty", mode=side)
        if lease and len(self.touched) > MOST_TOUCHED:
            raise Refusal("no_free_slot", periods=", ".join(self.touched))
        if self._too_many and lease:
            raise Refusal("no_free_slot", periods=", ".join(self._before))
        if self._too_many:
            raise Refusal("periods_too_many", per_day=PER_DAY, per_week=PER_WEEK)
        self._check_overlaps()

    def make_room(self, day: int, minute: int) -> None:
        """While there are too many, spare today's periods that are over.

        They do nothing before the same day of the next week.
        """
        for period in self.periods():
            if not (self.weekly and self._too_many):
                return
            there = set(period.days) - {day}
            is_over = period.start < period.end <= minute and day in period.days
            if (
                is_over
                and period.key in self._before
                and (there or len(self.periods(period.side)) > 1)
            ):
                value = self.drop(period)
                self.add(period.side, period.parts[0], there, value)

    @property
    def _too_many(self) -> bool:
        """Whether there are more than allowed, and than there were."""
        now, before = _per_day(self.values), _per_day(self._before)
        return max(now) > max(PER_DAY, *before) or sum(now) > max(PER_WEEK, sum(before))

    def _check_overlaps(self) -> None:
        new = {key for key, value in self.values.items() if key not in self._before}
        for period in self.periods():
            for other in self.periods():
                if period.key in new and period != other and period.meets(other):
                    raise Refusal("rows_overlap", one=period.key, other=other.key)

    def changes(self, first: Iterable[str | None] = ()) -> dict[str, Value]:
        """Return what is to change, those named first."""
        order: Mapping[str, None] = dict.fromkeys(
            [*(key for key in first if key), *self.values, *self._before]
        )
        return {
            key: self.values.get(key)
            for key in order
            if self.values.get(key) != self._before.get(key) or key in first
        }


def _per_day(values: Values) -> list[int]:
    """Return how many periods each weekday has."""
    periods = periods_in(values).values()
    return [sum(day in period.days for period in periods) for day in EVERY_DAY]

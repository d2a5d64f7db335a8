"""Sums of imported days: a billing cycle so far, and what it may become (9.2)."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..driver import Channel, Site
from .plan import DAY, span
from .state import DayTotal, RegisterTotal, UsageState
from .supply import not_before

_DIGITS = 6

type _Value = Callable[[RegisterTotal], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A billing cycle as far as its days were imported.

    Attributes:
        first: Its first day, or that of the supply if it began in the cycle.
        last: Its last day, or that of the supply if it ended in the cycle.
        length: Days of the whole cycle, over which a monthly charge is spread.
        until: The newest day that is counted; None if there is none yet.
        days: The days that were imported.
    """

    first: date
    last: date
    length: int
    until: date | None
    days: Mapping[date, DayTotal]

    @property
    def elapsed(self) -> int:
        """Days from its first one to the newest that is counted."""
        return (self.until - self.first).days + 1 if self.until is not None else 0

    @property
    def missing(self) -> int:
        """Days before the newest one of which there is no usage."""
        return self.elapsed - len(self.days)

    @property
    def energy(self) -> float | None:
        """KWh that were bought."""
        return self._sum(lambda register: register.kwh, earned=False)

    @property
    def cost(self) -> float | None:
        """AUD that were charged for energy."""
        return self._sum(lambda register: register.cost, earned=False)

    @property
    def compensation(self) -> float | None:
        """AUD that were earned."""
        return self._sum(lambda register: -register.cost, earned=True)

    def bill(self, daily: float, monthly: float) -> float | None:
        """Return what is owed so far, AUD; None if no day is known.

        Args:
            daily: What each day costs without any use, AUD.
            monthly: What a whole cycle costs without any use, AUD; it is spread over
                its days.
        """
        if not self.days:
            return None
        net = sum(total.cost for total in self.days.values())
        charges = self.elapsed * (daily + monthly / self.length)
        return round(net + charges, _DIGITS)

    def projected(self, daily: float, monthly: float) -> float | None:
        """Return what the whole cycle may cost, AUD; None if no day is known.

        Each day that is to come, or is missing, costs what the known ones cost on
        average. It is as simple as that: no weather, no weekends.
        """
        if not self.days:
            return None
        average = sum(total.cost for total in self.days.values()) / len(self.days)
        supplied = (self.last - self.first).days + 1
        return round(supplied * (average + daily + monthly / self.length), _DIGITS)

    def _sum(self, value: _Value, *, earned: bool) -> float | None:
        if not self.days:
            return None
        return round(
            sum(
                value(register)
                for total in self.days.values()
                for register in total.registers.values()
                if (register.channel is Channel.FEED_IN) is earned
            )
            + 0.0,
            _DIGITS,
        )


def cycle(
    state: UsageState, billing_day: int, today: date, site: Site | None = None
) -> Cycle:
    """Return the billing cycle of yesterday, the last day that can be known.

    ``billing_day`` is the day of the month on which one begins, 1-28. On that day
    itself the cycle before is shown, which is complete then. Days on which the site
    was not supplied are none of it, unless something was metered on them.
    """
    first, last = bounds(today - DAY, billing_day)
    days = {
        day: state.days[day]
        for day in span(first, last)
        if day in state.days and state.days[day].registers
    }
    until = max(days, default=None)
    closed_on = site.closed_on if site is not None else None
    return Cycle(
        first=min(not_before(site, first), *days, last),
        last=max(min(closed_on or last, last), *days, first),
        length=(last - first).days + 1,
        until=until,
        days=days,
    )


def bounds(day: date, billing_day: int) -> tuple[date, date]:
    """Return the first and the last day of the billing cycle that a day is in."""
    first = day.replace(day=billing_day)
    if day.day < billing_day:
        first = (first.replace(day=1) - DAY).replace(day=billing_day)
    length = monthrange(first.year, first.month)[1]
    return first, first + timedelta(days=length - 1)


def average_price(total: DayTotal) -> float | None:
    """Return what a kWh of normal use cost on a day, AUD; None without any use."""
    registers = [r for r in total.registers.values() if r.channel is Channel.GENERAL]
    kwh = sum(register.kwh for register in registers)
    if kwh <= 0:
        return None
    return round(sum(register.cost for register in registers) / kwh, _DIGITS)

"""What is known of a site's usage, and what is written when a day was read (7.2)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from homeassistant.core import callback

from .._vendor.core.client.clock import Clock
from .._vendor.core.ha.account import Account
from ..driver import NEM, Channel, Site
from .days import UsageDay
from .patience import has_all, in_its_turn, lacks, less, waited_enough
from .plan import DAY, LATE, WINDOW_DAYS
from .state import DayTotal, UsageState
from .supply import due, not_before, was_supplied
from .writer import UsageWriter


class UsageBook:
    """Keeps ``data`` in the account's notes, in step with the statistics."""

    def __init__(
        self,
        account: Account,
        note: str,
        *,
        clock: Clock,
        writer: UsageWriter,
        site: Callable[[], Site | None],
    ) -> None:
        """Take over what was stored under ``note``; ``site`` is as it is listed."""
        self._account, self._note = account, note
        self._clock, self._writer, self._site = clock, writer, site
        self.data = UsageState.from_dict(account.notes.get(note))

    @property
    def today(self) -> date:
        """The NEM's day."""
        return self._clock.now().astimezone(NEM).date()

    @property
    def due(self) -> tuple[date, date]:
        """The first and the last day that the daily run is to import."""
        assert self.data.done_until is not None
        return due(self.data, self.data.done_until, self._site(), self.today)

    def channels(self) -> dict[str, Channel]:
        """Return the channel of each register that is known, by its key."""
        known: dict[str, Channel] = {}
        for _, total in sorted(self.data.days.items()):
            for key, register in total.registers.items():
                known[key] = register.channel
        return known

    def in_its_turn(self, usage: UsageDay) -> bool:
        """Tell whether a day may be written now, whoever read it."""
        return in_its_turn(usage, self._site(), self.data)

    def lacks(self, usage: UsageDay) -> bool:
        """Tell whether a register of the day may still come."""
        return lacks(usage, self._site(), self.data, self.today)

    @callback
    def keep(self, data: UsageState) -> None:
        """Have this known, and stored."""
        self.data = data
        self._account.note(self._note, data.as_dict())

    @callback
    def begin(self, history_days: int) -> bool:
        """Set from which day on the daily run imports, at the very first start.

        Anew when the clock was ahead then: nothing noted of the future is true.
        Returns whether it was set.
        """
        today, done = self.today, self.data.done_until
        if done is not None and done < today:
            return False
        back = min(max(history_days, 1), WINDOW_DAYS)
        first = min(not_before(self._site(), today - back * DAY), today)
        days = {day: total for day, total in self.data.days.items() if day < today}
        self.keep(
            replace(
                self.data,
                done_until=first - DAY,
                days=days,
                waited=frozenset(),
                history_days=0,
            )
        )
        return True

    async def import_day(self, usage: UsageDay) -> int:
        """Write a day and remember it; return the number of rows."""
        rows = await self._writer.write(usage)
        self.remember(usage)
        return rows

    @callback
    def remember(self, usage: UsageDay) -> None:
        """Note a day that was written."""
        before, lacking = self.data.days.get(usage.day), self.lacks(usage)
        total = DayTotal.of(usage, self.today, before, lacks=lacking)
        self.keep(self.data.with_day(usage.day, total))

    @callback
    def left_out(self, day: date) -> None:
        """Note a day of the past that may still come; a new one is waited for."""
        done, today = self.data.done_until, self.today
        may_come = was_supplied(self._site(), day) and today <= day + LATE
        if may_come and done is not None and day <= done and day not in self.data.days:
            self.keep(self.data.with_day(day, DayTotal.gap(day, today)))

    @callback
    def catch_up(self) -> None:
        """Go over days that were imported out of order."""
        done = self.data.done_until
        while done is not None and (total := self.data.days.get(done + DAY)):
            if not total.registers:
                break
            done += DAY
        if done != self.data.done_until:
            self.keep(replace(self.data, done_until=done, waited=frozenset()))

    async def write_new(self, new: list[date], found: Mapping[date, UsageDay]) -> None:
        """Write days in their order; one that is missing holds up those after it."""
        today = self.today
        complete = {day for day in new if day in found and found[day].complete}
        for day in new:
            later = any(other > day for other in complete)
            given_up = later and waited_enough(day, today, self.data.waited)
            if day in complete and (
                given_up or has_all(found[day], self._site(), self.data)
            ):
                await self.import_day(found[day])
                self.keep(replace(self.data, waited=frozenset()))
            elif given_up:
                self.keep(self.data.with_day(day, DayTotal.gap(day, today)))
            else:
                waited = self.data.waited | {today}
                self.keep(replace(self.data, waited=waited))
                return
            self.keep(replace(self.data, done_until=day))

    async def look_again(self, day: date, usage: UsageDay | None) -> None:
        """Take over a day that was estimated, or given up, if it changed."""
        known, today = self.data.days[day], self.today
        if usage is None or not usage.complete or less(usage, self.data):
            total = replace(known, checked=today)
        elif usage.fingerprint != known.fingerprint:
            await self.import_day(usage)
            return
        else:
            total = DayTotal.of(usage, today, known, lacks=self.lacks(usage))
        self.keep(self.data.with_day(day, total))

"""The import of the past, as far back as Amber keeps usage (reference section 7.1)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .._vendor.core.client.clock import Clock
from .._vendor.core.ha.account import Account
from .._vendor.core.ha.history_import import HistoryImport, Hours
from .._vendor.core.ha.statistics import SumStatistic
from ..const import DOMAIN
from ..driver import NEM, Channel
from .days import UsageDay
from .plan import DAY
from .reader import UsageReader
from .writer import UsageWriter

# A request brings a week; writing a day takes longer than its share of that.
_SECONDS_PER_DAY = 1.0


class UsagePast:
    """What a ``HistoryImport`` gets its days from."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        account: Account,
        *,
        site_id: str,
        clock: Clock,
        reader: UsageReader,
        writer: UsageWriter,
        channels: Callable[[], dict[str, Channel]],
        takes: Callable[[UsageDay], bool],
        imported: Callable[[UsageDay], None],
        left_out: Callable[[date], None],
    ) -> None:
        """Share the site's reader and writer.

        ``channels`` tells of all known registers; ``takes`` whether a day is to be
        written; ``imported`` gets it afterwards; ``left_out`` each other day.
        """
        self._clock, self._reader, self._writer = clock, reader, writer
        self._channels, self._takes = channels, takes
        self._imported, self._left_out = imported, left_out
        self._usage: UsageDay | None = None
        self.history = HistoryImport(
            hass,
            entry,
            account,
            domain=DOMAIN,
            serial=site_id,
            clock=clock,
            zone=NEM,
            read_day=self._read,
            statistics=self._statistics,
            seconds_per_day=lambda _: _SECONDS_PER_DAY,
            day_done=self._done,
        )

    async def _read(self, day: date) -> Mapping[str, Hours] | None:
        job = self.history.progress
        assert job is not None
        last = min(job.last, self._clock.now().astimezone(NEM).date() - DAY)
        usage = await self._reader.day_of_job(job.job_id, day, last)
        self._usage = usage if usage is not None and self._takes(usage) else None
        return self._usage.series() if self._usage is not None else None

    async def _done(self, day: date) -> None:
        if self._usage is not None and self._usage.day == day:
            await self._writer.write_prices(self._usage)
            self._imported(self._usage)
        else:
            self._left_out(day)

    def _statistics(self) -> Mapping[str, SumStatistic]:
        channels = self._channels()
        if self._usage is not None:
            channels |= {k: r.channel for k, r in self._usage.registers.items()}
        return self._writer.statistics(channels)

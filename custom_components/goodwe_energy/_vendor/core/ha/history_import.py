"""A job that brings the vendor's past into Home Assistant's statistics.

It reads day after day, oldest first, writes each day before it reads the next,
and remembers how far it came: a restart goes on where it was.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import logging
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..client.clock import Clock
from ..client.errors import ApiError, BadDataError, ThrottledError
from .account import Account
from .errors import error_key, retry_after
from .import_progress import Progress
from .statistics import SumStatistic, async_first_live_hour, async_write_hours

__all__ = ["DayReader", "HistoryImport", "Hours", "Progress"]

_LOGGER = logging.getLogger(__name__)

type Hours = Mapping[datetime, float]
type DayReader = Callable[[date], Awaitable[Mapping[str, Hours] | None]]

# Pauses after failures in a row; the last one is that after each further failure.
_PAUSES = (60.0, 300.0, 1800.0)
# A vendor, system or recorder that is away for about a day ends the job.
_FAILURES = 48
# A day whose record makes no sense is left out.
_BAD_RECORDS = 3
# If nobody says how long
_THROTTLED = 60.0


class HistoryImport:
    """The import of one system; at most one runs at a time."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        account: Account,
        *,
        domain: str,
        serial: str,
        clock: Clock,
        zone: tzinfo,
        read_day: DayReader,
        statistics: Callable[[], Mapping[str, SumStatistic]],
        seconds_per_day: Callable[[int], float],
        day_done: Callable[[date], Awaitable[None]] | None = None,
    ) -> None:
        """Prepare; ``statistics`` says what each key of ``read_day`` becomes.

        ``seconds_per_day`` gets the number of days of the whole range; ``day_done``
        each day that is written, before the next one is read. What it raises counts
        as a failure of the day.
        """
        self._hass, self._entry, self._account = hass, entry, account
        self._domain, self._clock, self._zone = domain, clock, zone
        self._tail: tuple[date, dict[str, float]] | None = None
        self._note = f"{serial}/history_import"
        self._read_day, self._statistics = read_day, statistics
        self._seconds_per_day, self._day_done = seconds_per_day, day_done
        self._listeners: list[Callable[[str, Progress], None]] = []
        self._running = self._stopped = False
        self._task: asyncio.Task[None] | None = None
        self.progress = Progress.from_dict(account.notes.get(self._note))

    @callback
    def async_listen(self, listener: Callable[[str, Progress], None]) -> CALLBACK_TYPE:
        """Call with each step (started, progress, finished, failed)."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def start(self, first: date, last: date) -> dict[str, Any]:
        """Begin an import of whole days; return its id and how long it takes.

        The same range again is the same job until it has ended; another range ends
        the one that runs.
        """
        job = self._unfinished
        if job is None or (job.first, job.last) != (first, last):
            job = Progress(
                job_id=uuid4().hex[:8],
                state="running",
                first=first,
                last=last,
                next_day=first,
            )
            self._step("started", job)
        self.resume()
        days = (job.last - job.next_day).days + 1
        seconds_per_day = self._seconds_per_day((last - first).days + 1)
        return {
            "job_id": job.job_id,
            "days": days,
            "estimated_seconds": round(days * seconds_per_day),
        }

    @callback
    def resume(self) -> None:
        """Go on with an import that was not finished.

        Without a recorder it stays as it is, for a start that has one.
        """
        if self._running or self._unfinished is None:
            return
        if "recorder" not in self._hass.config.components:
            return
        self._running = True
        self._task = self._entry.async_create_background_task(
            self._hass, self._run(), f"{self._domain} history import"
        )

    @callback
    def stop(self) -> None:
        """Do nothing any more, as the system is gone; what is stored stays as it is."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    @property
    def _unfinished(self) -> Progress | None:
        job = self.progress
        going_on = job is not None and job.state == "running" and not self._stopped
        return job if going_on else None

    @callback
    def _step(self, event: str, progress: Progress) -> None:
        if self._stopped:
            return
        self.progress = progress
        self._account.note(self._note, progress.as_dict())
        for listener in list(self._listeners):
            try:
                listener(event, progress)
            except Exception:
                _LOGGER.exception("A listener to the history import failed")

    async def _run(self) -> None:
        """Import until there is nothing left; one system of the account at a time."""
        failures, bad_records, failing = 0, 0, None
        try:
            while self._unfinished is not None:
                async with self._account.import_lock:
                    err = await self._import()
                if err is None or (job := self._unfinished) is None:
                    continue
                # A day that was written, and another job, begin to count anew
                step = (job.job_id, job.next_day, self._has_tail(job.next_day))
                if step != failing:
                    failures, bad_records, failing = 0, 0, step
                failures += 1
                bad_records += isinstance(err, BadDataError)
                if bad_records == _BAD_RECORDS:
                    self._leave_out(job, err)
                elif failures == _FAILURES:
                    _LOGGER.warning("History import ended: %s", err, exc_info=_odd(err))
                    self._step("failed", replace(job, state="failed", error=_key(err)))
                else:
                    pause = _PAUSES[min(failures, len(_PAUSES)) - 1]
                    await self._clock.sleep(max(pause, _wait(err)))
        finally:
            self._running = False

    async def _import(self) -> Exception | None:
        """Import day by day; return what it stopped at, None at the end."""
        targets: Mapping[str, tuple[SumStatistic, datetime]] | None = None
        while (job := self._unfinished) is not None:
            if job.next_day > min(job.last, dt_util.now(self._zone).date()):
                self._step("finished", replace(job, state="finished"))
                continue  # a listener may have asked for more
            written = 0
            try:
                if targets is None:
                    targets = await self._targets()
                hours = await self._whole_hours(job.next_day)
                if hours and not hours.keys() <= targets.keys():
                    targets = await self._targets()  # the day brought a new one
                for key, series in (hours or {}).items():
                    statistic, before = targets[key]
                    written += await async_write_hours(
                        self._hass, self._domain, statistic, series, before
                    )
                if self._day_done is not None:
                    await self._day_done(job.next_day)
            except ThrottledError as err:
                await self._clock.sleep(_wait(err) or _THROTTLED)
                continue
            except Exception as err:  # noqa: BLE001 - the job must tell how it ended
                if self.progress is job:
                    return err
                continue
            if self.progress is not job:
                continue  # another range was asked for meanwhile
            self._step(
                "progress",
                replace(
                    job,
                    next_day=job.next_day + timedelta(days=1),
                    hours=job.hours + written,
                    blank_days=job.blank_days + (hours is None),
                ),
            )
        return None

    async def _targets(self) -> dict[str, tuple[SumStatistic, datetime]]:
        """Return for each key the statistic, and the hour before which it ends."""
        return {
            key: (
                statistic,
                await async_first_live_hour(self._hass, statistic.live_entity),
            )
            for key, statistic in self._statistics().items()
        }

    @callback
    def _leave_out(self, job: Progress, err: Exception) -> None:
        """Go on without a day that cannot be read."""
        day, next_day = job.next_day, job.next_day + timedelta(days=1)
        if not self._has_tail(day):
            # It was the day before, of which only the shared hour was wanted
            self._tail = (day, {})
            return
        _LOGGER.info("History of %s is left out: %s", day, err, exc_info=_odd(err))
        self._tail = (next_day, {})
        self._step(
            "progress",
            replace(job, next_day=next_day, blank_days=job.blank_days + 1),
        )

    def _has_tail(self, day: date) -> bool:
        """Tell whether what the day before gives to its first hour is at hand."""
        if self._shared_hour(day) is None:
            return True
        return self._tail is not None and self._tail[0] == day

    async def _read(self, day: date) -> Mapping[str, Hours] | None:
        try:
            return await self._read_day(day)
        except ApiError, HomeAssistantError:
            raise
        except Exception as err:
            raise BadDataError("unexpected", reason="bad_data") from err

    async def _whole_hours(self, day: date) -> Mapping[str, Hours] | None:
        """Read a day; an hour that two days share comes with the second one.

        Statistics have rows by UTC hour, and where local time is half an hour off
        midnight lies within one. The part of the day before is read once more if
        it is not at hand.
        """
        head, tail = self._shared_hour(day), self._shared_hour(day + timedelta(days=1))
        before: dict[str, float] = {}
        if head is not None:
            if not self._has_tail(day):
                self._keep_tail(day, head, await self._read(day - timedelta(days=1)))
            before = self._tail[1] if self._tail is not None else {}
        hours = await self._read(day)
        self._keep_tail(day + timedelta(days=1), tail, hours)
        if hours is None and not before:
            return None
        whole = {
            key: {hour: kwh for hour, kwh in series.items() if hour != tail}
            for key, series in (hours or {}).items()
        }
        if head is not None:
            for key, kwh in before.items():
                series = whole.setdefault(key, {})
                series[head] = series.get(head, 0.0) + kwh
        return whole

    def _shared_hour(self, day: date) -> datetime | None:
        """Return the UTC hour in which the day begins, None if it begins with one."""
        start = datetime.combine(day, time.min, self._zone).astimezone(UTC)
        hour = start.replace(minute=0, second=0, microsecond=0)
        return hour if hour != start else None

    def _keep_tail(
        self, day: date, hour: datetime | None, hours: Mapping[str, Hours] | None
    ) -> None:
        """Remember what the day before gave to the hour in which ``day`` begins."""
        self._tail = None
        if hour is not None:
            self._tail = (
                day,
                {key: series.get(hour, 0.0) for key, series in (hours or {}).items()},
            )


def _key(err: Exception) -> str:
    return error_key(err) if isinstance(err, ApiError) else "unknown"


def _odd(err: BaseException) -> BaseException | None:
    """Return the exception that nobody expected, for the log."""
    if isinstance(err, BadDataError):
        return err.__cause__
    return None if isinstance(err, ApiError | HomeAssistantError) else err


def _wait(err: Exception) -> float:
    return (retry_after(err) or 0.0) if isinstance(err, ApiError) else 0.0

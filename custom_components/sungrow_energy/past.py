"""Where the import of a plant's past gets its days, and where they go (section 7).

The counters since ever are read, from where the plant's own sensors have theirs: the
plant's points, or its devices' ones where those are null.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util, slugify

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.ha.history_import import HistoryImport, Hours
from ._vendor.core.ha.statistics import EnergyStatistic
from .api.history import HOURS, Period
from .api.limits import HISTORY_PER_HOUR
from .const import DOMAIN, NAME
from .describe import identity
from .history_records import Counters, hourly
from .origins import Origin, by_type, origins
from .past_periods import PastPeriods
from .plant import Plant
from .points import PLANT_TYPE
from .resolution import Resolution, later

if TYPE_CHECKING:
    from .runtime import SungrowRuntime

# Statistic -> the plant's flow, which is counted by day and since ever
SERIES = {
    "solar": "pv_energy",
    "import": "grid_import",
    "export": "grid_export",
    "load": "load_energy",
    "self_consumption": "self_consumed",
    "battery_charge": "battery_charge",
    "battery_discharge": "battery_discharge",
}
_DAY = timedelta(days=1)
# A day of hours takes so many requests. Some go at once; of many an hour lets a quarter
# of the quota through (section 7).
_REQUESTS = 24 // HOURS
_AT_ONCE, _WAITING, _QUICK = 10.0, 3600.0 * _REQUESTS / HISTORY_PER_HOUR, 1.0


class _Past(NamedTuple):
    """Rows of one owner, and the point of each series in them."""

    device_type: int
    points: dict[str, str]
    rows: list[dict[str, Any]]


class PastSource:
    """Reads past days of one plant."""

    def __init__(self, runtime: SungrowRuntime, plant: Plant) -> None:
        """Prepare; nothing is read yet."""
        self._runtime, self._plant = runtime, plant
        # Where the counters stood at the end of a day: the next one goes on there
        self._ends: dict[date, dict[str, Counters]] = {}
        self._periods = PastPeriods(runtime.client, lambda: self._origins("today"))
        self._note = f"{plant.key}/history_resolution"
        self.job = HistoryImport(
            runtime.hass,
            runtime.entry,
            runtime.account,
            domain=DOMAIN,
            serial=plant.key,
            clock=SystemClock(),
            zone=plant.zone,
            read_day=self.read_day,
            statistics=self.statistics,
            seconds_per_day=self._seconds_per_day,
        )

    @property
    def resolution(self) -> Resolution:
        """How fine the import that runs, or ran last, is."""
        stored = text(self._runtime.account.notes.get(self._note))
        return Resolution(stored) if stored in list(Resolution) else Resolution.HOUR

    @callback
    def start(self, first: date, last: date, resolution: Resolution) -> dict[str, Any]:
        """Begin an import; months that are over are imported as whole ones."""
        if resolution is not self.resolution:
            self._runtime.account.note(self._note, str(resolution))
        if resolution is Resolution.MONTH:
            first = first.replace(day=1)
            if (end := _month_end(last)) < dt_util.now(self._plant.zone).date():
                last = end
        self._periods.begin_anew()
        return self.job.start(first, last)

    def _seconds_per_day(self, days: int) -> float:
        if self.resolution is not Resolution.HOUR:
            return _QUICK
        return _AT_ONCE if days * _REQUESTS <= HISTORY_PER_HOUR else _WAITING

    async def read_day(self, day: date) -> Mapping[str, Hours] | None:
        """Return a day's energies by UTC hour, None if there are no records of it."""
        if self.resolution is not Resolution.HOUR:
            return await self._periods.day(day, self._length(day), self._plant.zone)
        yesterday = day - _DAY
        # A day that could not be written is read again, from where it began
        before = self._ends.get(yesterday, {})
        after: dict[str, Counters] = {
            owner: dict(counters) for owner, counters in before.items()
        }
        found: dict[str, dict[datetime, float]] = {}
        # Minutes that the day before lacked would replace its last hour
        begin = _first_hour(day, self._plant.zone)
        for owner, past in (await self._read(day)).items():
            hours = hourly(
                past.points,
                past.rows,
                self._plant.zone,
                after.setdefault(owner, {}),
                device_type=past.device_type,
            )
            for series, amounts in hours.items():
                total = found.setdefault(series, {})
                for hour, kwh in amounts.items():
                    if hour >= begin:
                        total[hour] = round(total.get(hour, 0.0) + kwh, 3)
        self._ends = {yesterday: before, day: after}
        return found or None

    def _length(self, day: date) -> Resolution:
        """Return of what length the period with a day is imported.

        Days, where the import ends within the month: whether it is over by now does
        not matter, since a job may go on when the month has ended.
        """
        job = self.job.progress
        within = job is not None and _month_end(day) > job.last
        return Resolution.DAY if within else self.resolution

    async def _read(self, day: date) -> dict[str, _Past]:
        """Return what the plant, or each of its devices, had on a day."""
        client = self._runtime.client
        found: dict[str, _Past] = {}
        for device_type, some in by_type(self._origins()).items():
            owners = sorted({origin.owner for _, origin in some})
            points = sorted({origin.point for _, origin in some})
            for owner in owners:
                wanted = {s: o.point for s, o in some if o.owner == owner}
                found[owner] = _Past(device_type or PLANT_TYPE, wanted, [])
            start = datetime.combine(day, time.min)
            while start.date() == day:
                # Up to the day's last midnight: that sample ends its last hour. Of
                # yesterday it may be of the current day, which is never there
                end = start + timedelta(hours=HOURS)
                answer = await client.minute_history(
                    owners,
                    points,
                    start,
                    end,
                    device_type=device_type,
                    interval=60 if end.date() == day else 5,
                )
                for owner in owners:
                    found[owner].rows.extend(answer.get(owner, ()))
                start = end
        return found

    def _origins(self, span: str = "total") -> list[tuple[str, Origin]]:
        return [
            (series, origin)
            for series, flow in SERIES.items()
            for origin in origins(self._plant, f"{flow}_{span}")
        ]

    @callback
    def statistics(self) -> dict[str, EnergyStatistic]:
        """Return what each series of a day becomes."""
        entities, plant = er.async_get(self._runtime.hass), self._plant
        return {
            series: EnergyStatistic(
                statistic_id=f"{DOMAIN}:{slugify(plant.id)}_{series}_energy",
                name=f"{NAME} {plant.name} {series.replace('_', ' ')}",
                live_entity=entities.async_get_entity_id(
                    "sensor",
                    DOMAIN,
                    f"{plant.id}_{identity(PLANT_TYPE, f'{flow}_total')}",
                ),
            )
            for series, flow in SERIES.items()
        }


def _first_hour(day: date, zone: tzinfo) -> datetime:
    """Return the UTC hour in which a local day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC).replace(minute=0)


def _month_end(day: date) -> date:
    """Return the last day of the month with a day."""
    return later(day, Period.MONTH, 1) - _DAY

"""Where the import of a plant's past gets its days, and where they go (section 7)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util, slugify

from . import driver
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.ha.history_import import HistoryImport, Hours
from ._vendor.core.ha.statistics import EnergyStatistic
from .api.statistics import ENERGY_ITEMS
from .const import DOMAIN, NAME
from .history_records import SERIES, day_hours, day_totals
from .plant import Plant
from .readings import Energy

if TYPE_CHECKING:
    from .runtime import GoodWeRuntime

_DAY = timedelta(days=1)
_NOON = time(12)
# Between two days; the vendor is asked for up to a month of totals and for one day of
# powers (section 7).
_PAUSE = 2.0
_SECONDS_PER_DAY = 3.0


class PastSource:
    """Reads past days of one plant."""

    def __init__(self, runtime: GoodWeRuntime, plant: Plant) -> None:
        """Prepare; nothing is read yet."""
        self._runtime, self._plant = runtime, plant
        self._clock = SystemClock()
        # The totals that were read last, and of which days they are
        self._totals: tuple[date, date, Energy] | None = None
        self.job = HistoryImport(
            runtime.hass,
            runtime.entry,
            runtime.account,
            domain=DOMAIN,
            serial=plant.key,
            clock=self._clock,
            zone=plant.zone,
            read_day=self.read_day,
            statistics=self.statistics,
            seconds_per_day=lambda _days: _SECONDS_PER_DAY,
        )

    @callback
    def start(self, first: date, last: date) -> dict[str, Any]:
        """Begin an import of whole days; return its id and how long it takes.

        There is nothing from before the plant was made.
        """
        self._totals = None
        if (created := self._plant.entry.created) is not None:
            first = max(first, min(created.date(), last))
        return self.job.start(first, last)

    async def read_day(self, day: date) -> Mapping[str, Hours] | None:
        """Return a day's energies by UTC hour, None if the cloud has none of it."""
        await self._clock.sleep(_PAUSE)
        plant, client = self._plant, self._runtime.client
        totals = day_totals(await self._month(day), day)
        if not totals:
            return None
        noon = datetime.combine(day, _NOON, plant.zone)
        raw = await client.power_day(plant.id, day, noon.utcoffset() or timedelta())
        hours = day_hours(raw, totals, day, plant.zone, now=self._clock.now())
        found = {key: hours[key] for key in SERIES if hours.get(key)}
        return found or None

    async def _month(self, day: date) -> Energy:
        """Return totals by day of the month with a day, as far as it is over."""
        if (known := self._totals) is not None and known[0] <= day <= known[1]:
            return known[2]
        first = day.replace(day=1)
        today = dt_util.now(self._plant.zone).date()
        last = max(min(month_end(day), today - _DAY), day)
        energy = driver.statistics(
            await self._runtime.client.energy(
                self._plant.id, ENERGY_ITEMS, "day", first, last
            ),
            self._clock.now(),
        )
        self._totals = first, last, energy
        return energy

    @callback
    def statistics(self) -> dict[str, EnergyStatistic]:
        """Return what each series of a day becomes."""
        entities, plant = er.async_get(self._runtime.hass), self._plant
        return {
            series: EnergyStatistic(
                statistic_id=f"{DOMAIN}:{slugify(plant.id)}_{series}_energy",
                name=f"{NAME} {plant.name} {series.replace('_', ' ')}",
                live_entity=entities.async_get_entity_id(
                    "sensor", DOMAIN, f"{plant.id}_{flow}_total"
                ),
            )
            for series, flow in SERIES.items()
        }


def month_end(day: date) -> date:
    """Return the last day of the month with a day."""
    return (day.replace(day=1) + 31 * _DAY).replace(day=1) - _DAY

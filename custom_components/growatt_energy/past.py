"""Where the import of a device's past gets its days, and where they go (section 7)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.ha.history_import import HistoryImport, Hours
from ._vendor.core.ha.statistics import EnergyStatistic
from .const import DOMAIN, NAME
from .device import Device
from .families import Family
from .history_records import COUNTERS, Counters, hourly
from .registry import name_of
from .resolve import ServerTime

if TYPE_CHECKING:
    from .runtime import GrowattRuntime

# How long a day takes: three pages at 10 s each, or one call in five minutes (5.2)
_QUICK = frozenset({Family.MIN, Family.SPA, Family.STORAGE})
_QUICK_SECONDS, _SLOW_SECONDS = 30.0, 300.0


class PastSource:
    """Reads past days of one device from its 5-minute records."""

    def __init__(self, runtime: GrowattRuntime, device: Device) -> None:
        """Prepare; nothing is read yet."""
        self._runtime, self._device = runtime, device
        self._clock = SystemClock()
        # Where the counters stood at the end of a day: the next one goes on there
        self._ends: dict[date, Counters] = {}
        self._server = ServerTime()
        seconds = _QUICK_SECONDS if device.family in _QUICK else _SLOW_SECONDS
        self.job = HistoryImport(
            runtime.hass,
            runtime.entry,
            runtime.account,
            domain=DOMAIN,
            serial=device.serial,
            clock=self._clock,
            zone=device.plant.zone,
            read_day=self.read_day,
            statistics=self.statistics,
            seconds_per_day=lambda _days: seconds,
        )

    async def read_day(self, day: date) -> Mapping[str, Hours] | None:
        """Return a day's energies by hour, None if there are no records of it.

        Raises ``ThrottledError`` as long as the documented limit lets nothing through.
        """
        device = self._device
        records = await self._runtime.source.history(
            device.family, device.serial, day, device.plant.zone
        )
        yesterday = day - timedelta(days=1)
        # A day that could not be written is read again, from where it began
        start = self._ends.get(yesterday, {})
        end = dict(start)
        hours = hourly(
            device.family, records, end, now=self._clock.now(), server=self._server
        )
        self._ends = {yesterday: start, day: end}
        return hours or None

    @callback
    def statistics(self) -> dict[str, EnergyStatistic]:
        """Return what each series of a day becomes."""
        entities, serial = er.async_get(self._runtime.hass), self._device.serial
        return {
            key: EnergyStatistic(
                statistic_id=f"{DOMAIN}:{slugify(serial)}_{key}_energy",
                name=f"{NAME} {name_of(self._device)} {key.replace('_', ' ')}",
                live_entity=entities.async_get_entity_id(
                    "sensor", DOMAIN, f"{serial}_{counter}"
                ),
            )
            for key, counter in COUNTERS.items()
        }

"""The imports of the past of all plants of an account."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import integer
from ._vendor.core.ha.history_import import HistoryImport
from .const import CONF_HISTORY_DAYS, HISTORY_MAX_DAYS
from .past import PastSource
from .plant import Plant
from .resolution import Resolution

if TYPE_CHECKING:
    from .runtime import SungrowRuntime


class Histories:
    """Knows for each plant how far the import of its past has come."""

    def __init__(self, runtime: SungrowRuntime) -> None:
        """Begin with nothing."""
        self._runtime = runtime
        self._sources: dict[str, PastSource] = {}
        self._begun: set[str] = set()
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def of(self, plant: Plant) -> HistoryImport:
        """Return the import of a plant."""
        return self._source(plant).job

    @callback
    def start(
        self, plant: Plant, first: date, last: date, resolution: Resolution
    ) -> dict[str, Any]:
        """Begin an import of whole days; return its id and how long it takes."""
        return self._source(plant).start(first, last, resolution)

    @callback
    def async_begin(self) -> None:
        """Go on with what was not finished, and follow the plants."""
        self._cancel = self._runtime.async_listen(self._follow)
        self._follow()

    @callback
    def async_stop(self) -> None:
        """Let go of the plants; the jobs end with the entry."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _follow(self) -> None:
        plants = self._runtime.plants
        for plant_id in [key for key in self._sources if key not in plants]:
            self._sources.pop(plant_id).job.stop()
            self._begun.discard(plant_id)
        for plant in plants.values():
            # Before its first values nobody knows where they come from
            if plant.id in self._begun or not plant.values:
                continue
            self._begun.add(plant.id)
            self.of(plant).resume()
            self._import_once(plant)

    def _source(self, plant: Plant) -> PastSource:
        if (source := self._sources.get(plant.id)) is None:
            source = self._sources[plant.id] = PastSource(self._runtime, plant)
        return source

    def _import_once(self, plant: Plant) -> None:
        """Import the past if the options ask for it and it was not done yet."""
        if "recorder" not in self._runtime.hass.config.components:
            return
        account, note = self._runtime.account, f"{plant.key}/history_days"
        asked = integer(self._runtime.entry.options.get(CONF_HISTORY_DAYS), low=1) or 0
        days = min(asked, HISTORY_MAX_DAYS)
        if days > (integer(account.notes.get(note)) or 0):
            account.note(note, days)
            today = dt_util.now(plant.zone).date()
            first, last = today - timedelta(days=days), today - timedelta(days=1)
            self._source(plant).start(first, last, Resolution.HOUR)

"""The imports of the past of all plants of an account."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, override

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.histories import Histories as CoreHistories
from ._vendor.core.ha.history_import import HistoryImport
from .const import CONF_HISTORY_DAYS, HISTORY_MAX_DAYS
from .past import PastSource
from .plant import Plant
from .resolution import Resolution

if TYPE_CHECKING:
    from .runtime import SungrowRuntime


class Histories(CoreHistories[Plant]):
    """Knows for each plant how far the import of its past has come."""

    def __init__(self, runtime: SungrowRuntime) -> None:
        """Begin with nothing."""
        super().__init__(runtime, option=CONF_HISTORY_DAYS, most_days=HISTORY_MAX_DAYS)
        self._runtime = runtime
        self._sources: dict[str, PastSource] = {}

    @override
    def targets(self) -> Iterable[Plant]:
        return self._runtime.plants.values()

    @override
    def key(self, target: Plant) -> str:
        return target.key

    @override
    def make(self, target: Plant) -> HistoryImport:
        return self._source(target).job

    @override
    def ready(self, target: Plant) -> bool:
        # Before its first values nobody knows where they come from
        return bool(target.values)

    @override
    def begin(self, target: Plant, days: int) -> None:
        today = dt_util.now(target.zone).date()
        first, last = today - timedelta(days=days), today - timedelta(days=1)
        self.start(target, first, last, Resolution.HOUR)

    @callback
    def start(
        self, plant: Plant, first: date, last: date, resolution: Resolution
    ) -> dict[str, Any]:
        """Begin an import of whole days; return its id and how long it takes."""
        return self._source(plant).start(first, last, resolution)

    @callback
    @override
    def forget(self, key: str) -> None:
        self._sources.pop(key, None)

    def _source(self, plant: Plant) -> PastSource:
        if (source := self._sources.get(plant.key)) is None:
            source = self._sources[plant.key] = PastSource(self._runtime, plant)
        return source

"""The imports of the past of all plants of an account."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.histories import Histories as CoreHistories
from ._vendor.core.ha.history_import import HistoryImport
from .const import CONF_HISTORY_DAYS, HISTORY_MAX_DAYS
from .past import PastSource
from .plant import Plant

if TYPE_CHECKING:
    from .runtime import GoodWeRuntime

_DAY = timedelta(days=1)


class Histories(CoreHistories[Plant]):
    """Knows for each plant how far the import of its past has come."""

    def __init__(self, runtime: GoodWeRuntime) -> None:
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
        return self.source(target).job

    @override
    def begin(self, target: Plant, days: int) -> None:
        today = dt_util.now(target.zone).date()
        self.source(target).start(today - days * _DAY, today - _DAY)

    @callback
    def source(self, plant: Plant) -> PastSource:
        """Return what reads the past of a plant."""
        if (source := self._sources.get(plant.key)) is None:
            source = self._sources[plant.key] = PastSource(self._runtime, plant)
        return source

    @callback
    @override
    def forget(self, key: str) -> None:
        self._sources.pop(key, None)

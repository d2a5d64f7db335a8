"""The imports of the past of all devices of an account."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, override

from homeassistant.util import dt as dt_util

from ._vendor.core.ha.histories import Histories as CoreHistories
from ._vendor.core.ha.history_import import HistoryImport
from .const import CONF_HISTORY_DAYS, HISTORY_MAX_DAYS
from .device import Device
from .families import Family
from .past import PastSource

if TYPE_CHECKING:
    from .runtime import GrowattRuntime


class Histories(CoreHistories[Device]):
    """Knows for each device how far the import of its past has come.

    Only the official API has records with counters; the app's are curves and sums of
    days, of which no honest hour can be made. A meter's counters are those of the house
    that its inverter counts too.
    """

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Begin with nothing."""
        super().__init__(runtime, option=CONF_HISTORY_DAYS, most_days=HISTORY_MAX_DAYS)
        self._runtime = runtime

    @override
    def targets(self) -> Iterable[Device]:
        return self._runtime.devices.values()

    @override
    def key(self, target: Device) -> str:
        return target.serial

    @override
    def make(self, target: Device) -> HistoryImport | None:
        if self._runtime.source.mode != "token" or target.family is Family.METER:
            return None
        return PastSource(self._runtime, target).job

    @override
    def begin(self, target: Device, days: int) -> None:
        if (job := self.of(target)) is not None:
            today = dt_util.now(target.plant.zone).date()
            job.start(today - timedelta(days=days), today)

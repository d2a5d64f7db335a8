"""The imports of the past of all devices of an account."""

from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import integer
from ._vendor.core.ha.history_import import HistoryImport
from .const import CONF_HISTORY_DAYS, HISTORY_MAX_DAYS
from .device import Device
from .families import Family
from .past import PastSource

if TYPE_CHECKING:
    from .runtime import GrowattRuntime


class Histories:
    """Knows for each device how far the import of its past has come.

    Only the official API has records with counters; the app's are curves and sums of
    days, of which no honest hour can be made. A meter's counters are those of the house
    that its inverter counts too.
    """

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Begin with nothing."""
        self._runtime = runtime
        self._jobs: dict[str, HistoryImport] = {}
        self._begun: set[str] = set()
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def of(self, device: Device) -> HistoryImport | None:
        """Return the import of a device; None if it has no past to read."""
        if self._runtime.source.mode != "token" or device.family is Family.METER:
            return None
        if (job := self._jobs.get(device.serial)) is None:
            job = self._jobs[device.serial] = PastSource(self._runtime, device).job
        return job

    @callback
    def async_begin(self) -> None:
        """Go on with what was not finished, and follow the devices."""
        self._cancel = self._runtime.async_listen(self._follow)
        self._follow()

    @callback
    def async_stop(self) -> None:
        """Let go of the devices; the jobs end with the entry."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _follow(self) -> None:
        for serial in [key for key in self._jobs if key not in self._runtime.devices]:
            self._jobs.pop(serial).stop()
            self._begun.discard(serial)
        for device in self._runtime.devices.values():
            job = self.of(device)
            if job is None or device.serial in self._begun:
                continue
            self._begun.add(device.serial)
            job.resume()
            self._import_once(device, job)

    def _import_once(self, device: Device, job: HistoryImport) -> None:
        """Import the past if the options ask for it and it was not done yet."""
        if "recorder" not in self._runtime.hass.config.components:
            return
        account, note = self._runtime.account, f"{device.serial}/history_days"
        asked = integer(self._runtime.entry.options.get(CONF_HISTORY_DAYS), low=1) or 0
        days = min(asked, HISTORY_MAX_DAYS)
        if days > (integer(account.notes.get(note)) or 0):
            account.note(note, days)
            today = dt_util.now(device.plant.zone).date()
            job.start(today - timedelta(days=days), today)

"""Whether an account lets anything be changed at all (reference Q18 and Q36)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from .api.errors import OFFLINE, WRONG_HOST

if TYPE_CHECKING:
    from .runtime import GrowattRuntime

# Notes of a login: another account, or another way to reach it, begins anew.
_ACCEPTED, _ONLY_LOOKS = "login/writes", "login/only_looks"
# A datalogger that is there reports within that time (reference section 5.1).
_RECORDS_APART = timedelta(minutes=10)


class WriteRights:
    """Learns from writes what no list tells.

    A visitor's are answered as if the device were offline. So says the first write of
    a login, and yet records go on without a gap: then it may not write.
    """

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Listen to the writes of the account as long as its entry is set up."""
        self._runtime, self._notes = runtime, runtime.account
        # When which device was said to be offline although it had just reported
        self._doubted: dict[str, datetime] = {}
        writes = runtime.connection.client.writes
        runtime.entry.async_on_unload(writes.listen(self._written))
        runtime.entry.async_on_unload(runtime.async_listen(self._look))

    @property
    def only_looks(self) -> bool:
        """Whether the login has turned out to be a visitor's."""
        return bool(self._notes.notes.get(_ONLY_LOOKS))

    @callback
    def _written(self, serial: str, err: ApiError | None) -> None:
        if err is None:
            self._doubted.clear()
            if not self._notes.notes.get(_ACCEPTED):
                self._notes.note(_ACCEPTED, True)
            self._runtime.issues.writes_elsewhere(False)
            if self.only_looks:
                forget_rights(self._notes)
                self._begin_anew()
        elif err.reason == WRONG_HOST:
            self._runtime.issues.writes_elsewhere(True)
        elif err.reason == OFFLINE and self._runtime.source.mode == "login":
            now, at = dt_util.utcnow(), self._record_of(serial)
            accepted = self._notes.notes.get(_ACCEPTED)
            if not accepted and at is not None and now - at < _RECORDS_APART:
                self._doubted.setdefault(serial, now)

    @callback
    def _look(self) -> None:
        """See whether a device reports that was said to be offline."""
        now = dt_util.utcnow()
        for serial, refused in list(self._doubted.items()):
            at = self._record_of(serial)
            if at is not None and refused < at < refused + _RECORDS_APART:
                self._doubted.clear()
                self._notes.note(_ONLY_LOOKS, True)
                self._begin_anew()
                return
            if now - refused > 2 * _RECORDS_APART:
                del self._doubted[serial]

    def _record_of(self, serial: str) -> datetime | None:
        """Return when a device last reported, by its own record's time."""
        device = self._runtime.devices.get(serial)
        reading = device.reading if device is not None else None
        return reading.observed_at if reading is not None else None

    def _begin_anew(self) -> None:
        entry = self._runtime.entry
        self._runtime.hass.config_entries.async_schedule_reload(entry.entry_id)


def forget_rights(account: Account) -> None:
    """Let a login try to write again: somebody has entered its credentials."""
    for key in (_ACCEPTED, _ONLY_LOOKS):
        if account.notes.get(key) is not None:
            account.note(key, None)

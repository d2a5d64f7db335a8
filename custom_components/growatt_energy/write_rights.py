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

# Notes of a login: another account, or another way to reach it, begins anew. These are
# whether a write was accepted; when some were refused (ISO); since when it only looks.
_ACCEPTED, _REFUSED, _ONLY_LOOKS = "login/writes", "login/refused", "login/only_looks"
# A datalogger that is there reports every five minutes (reference section 5.1), and
# charts that tell of it are read every fifteen (section 5.5).
_RECORDS_APART = timedelta(minutes=20)
# A datalogger may be away for a minute: so often, and so far apart, it is not that.
_TIMES, _TIMES_APART = 3, timedelta(minutes=30)
# Rights may have been given meanwhile.
_TRY_AGAIN = timedelta(days=1)


class WriteRights:
    """Learns from writes what no list tells.

    A visitor's are answered as if the device were offline. If that is said of the
    first writes of a login on several occasions, and yet the device's own records go
    on each time, it may not write; after a day it may try again.
    """

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Listen to the writes of the account as long as its entry is set up."""
        self._runtime, self._notes = runtime, runtime.account
        self._forget_old()
        # When which device was said to be offline although it had just reported
        self._doubted: dict[str, datetime] = {}
        writes = runtime.connection.client.writes
        runtime.entry.async_on_unload(writes.listen(self._written))
        runtime.entry.async_on_unload(runtime.async_listen(self._look))

    @property
    def only_looks(self) -> bool:
        """Whether the login has turned out to be a visitor's."""
        return self._notes.notes.get(_ONLY_LOOKS) is not None

    @callback
    def _written(self, serial: str, err: ApiError | None) -> None:
        if err is None:
            self._doubted.clear()
            if not self._notes.notes.get(_ACCEPTED):
                self._notes.note(_ACCEPTED, True)
                self._notes.note(_REFUSED, None)
            self._runtime.issues.writes_elsewhere(False)
            if self.only_looks:
                self._notes.note(_ONLY_LOOKS, None)
                self._begin_anew()
        elif err.reason == WRONG_HOST:
            self._runtime.issues.writes_elsewhere(True)
        elif err.reason == OFFLINE and self._runtime.source.mode == "login":
            now, at = dt_util.utcnow(), self._record_of(serial)
            if self._notes.notes.get(_ACCEPTED) or self.only_looks or at is None:
                return
            if now - at < _RECORDS_APART and self._is_new_occasion(now):
                self._doubted.setdefault(serial, now)

    @callback
    def _look(self) -> None:
        """See whether a device reports that was said to be offline."""
        now = dt_util.utcnow()
        if self._forget_old():
            self._begin_anew()
            return
        for serial, refused in list(self._doubted.items()):
            at = self._record_of(serial)
            if at is not None and refused < at < refused + _RECORDS_APART:
                self._doubted.clear()
                self._count(refused, now)
                return
            if now - refused > 2 * _RECORDS_APART:
                del self._doubted[serial]

    def _record_of(self, serial: str) -> datetime | None:
        """Return when a device last reported, by its own clock and never by ours."""
        device = self._runtime.devices.get(serial)
        reading = device.reading if device is not None else None
        return reading.recorded_at if reading is not None else None

    @property
    def _occasions(self) -> list[datetime]:
        noted = self._notes.notes.get(_REFUSED)
        times = map(_time, noted if isinstance(noted, list) else ())
        return [at for at in times if at is not None]

    def _is_new_occasion(self, now: datetime) -> bool:
        return all(abs(now - at) >= _TIMES_APART for at in self._occasions)

    def _count(self, refused: datetime, now: datetime) -> None:
        """Count an occasion; so many are the login's doing."""
        occasions = [*self._occasions, refused]
        if len(occasions) < _TIMES:
            self._notes.note(_REFUSED, [at.isoformat() for at in occasions])
            return
        self._notes.note(_REFUSED, None)
        self._notes.note(_ONLY_LOOKS, now.isoformat())
        self._begin_anew()

    def _forget_old(self) -> bool:
        """Forget what was found a day ago; return whether there was something."""
        if not self.only_looks:
            return False
        since = _time(self._notes.notes.get(_ONLY_LOOKS))
        if since is not None and abs(dt_util.utcnow() - since) < _TRY_AGAIN:
            return False
        self._notes.note(_ONLY_LOOKS, None)
        return True

    def _begin_anew(self) -> None:
        entry = self._runtime.entry
        self._runtime.hass.config_entries.async_schedule_reload(entry.entry_id)


def forget_rights(account: Account) -> None:
    """Let a login try to write again: somebody has entered its credentials."""
    for key in (_ACCEPTED, _REFUSED, _ONLY_LOOKS):
        if account.notes.get(key) is not None:
            account.note(key, None)


def _time(noted: object) -> datetime | None:
    """Return a noted time, aware; None for anything else."""
    found = dt_util.parse_datetime(noted) if isinstance(noted, str) else None
    return found if found is not None and found.tzinfo is not None else None

"""Where live values come from (reference 3.2, 3.3 and section 8).

Most systems answer the question for the flows of now. Some old ones answer it with
nothing but nulls, or refuse it; for those the newest record of the day's curve has
to do.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import BadDataError, UnsupportedError
from ._vendor.core.ha.account import Account
from ._vendor.core.model import Power
from .api.client import AlphaEssClient
from .api.models import Wire
from .const import RECORDS_INTERVAL
from .curve import newest_record

# Empty or failed answers in a row until the curve takes over, and how long it does
_DEMOTE_AFTER = 3
_PROBE_AGAIN = timedelta(minutes=30)


class LiveSource:
    """Fetches and decodes the live values of one system."""

    def __init__(
        self,
        serial: str,
        account: Account,
        client: AlphaEssClient,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        """Begin with the live question, or where the last run left off."""
        self._serial, self._account, self._client = serial, account, client
        self._clock, self._zone = clock, zone
        self._note = f"{serial}/no_live_data"
        self._failed = 0
        self._newest: Wire | None = None
        self._records_at: datetime | None = None
        self._probed_at: datetime | None = None

    @property
    def from_records(self) -> bool:
        """Whether the day's curve stands in for the live values."""
        return bool(self._account.notes.get(self._note))

    async def fetch(self) -> dict[str, Any]:
        """Return ``{"live": ...}`` or ``{"records": [...]}``."""
        now = self._clock.now()
        if not self.from_records or self._due(self._probed_at, _PROBE_AGAIN, now):
            self._probed_at = now
            try:
                live = await self._ask_live(now)
            except BadDataError, UnsupportedError:
                # Only what the question itself brings counts. That the cloud cannot
                # be reached, is busy or says that the system is offline tells
                # nothing of the model, and the curve would fare no better.
                self._failed += 1
                if not self.from_records and self._failed < _DEMOTE_AFTER:
                    raise
            else:
                self._failed = 0
                if self.from_records:
                    self._account.note(self._note, None)
                return {"live": live}
            self._account.note(self._note, True)
        if self._due(self._records_at, RECORDS_INTERVAL, now):
            today = now.astimezone(self._zone).date()
            records = await self._client.day_power(self._serial, today)
            driver.check_serial(records, self._serial)
            self._newest = newest_record(records, self._zone)
            self._records_at = now
        return {"records": [self._newest] if self._newest else []}

    async def _ask_live(self, now: datetime) -> dict[str, Any]:
        """Return the live values; raise ``BadDataError`` if there are none."""
        live = await self._client.last_power(self._serial)
        driver.check_serial(live, self._serial)
        if driver.power(live, now).empty:
            raise BadDataError("all live values are null", reason="no_live_data")
        return live

    def decode(self, raw: Any, received_at: datetime) -> Power:
        """Decode what ``fetch`` returned."""
        document = mapping(raw)
        if (records := document.get("records")) is not None:
            return driver.power_of_records(records, received_at, self._zone)
        return driver.power(mapping(document.get("live")), received_at)

    @staticmethod
    def _due(last: datetime | None, interval: timedelta, now: datetime) -> bool:
        # A poll that comes a moment early must not wait for another round.
        return last is None or now - last >= interval - timedelta(seconds=5)

"""Reads the schedule store that governs a system; the two are never mixed."""

from datetime import datetime, timedelta
from typing import Any

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import UnsupportedError
from ._vendor.core.ha.account import Account
from .api.client import AlphaEssClient

# The vendor may grant the periodic store at any time; asking daily is enough.
_PROBE_AGAIN = timedelta(hours=24)


class SettingsSource:
    """Finds out which store there is, and remembers it (reference 6.1)."""

    def __init__(
        self, serial: str, account: Account, client: AlphaEssClient, clock: Clock
    ) -> None:
        """Share what the account remembers."""
        self._serial, self._client, self._clock = serial, client, clock
        self._account = account
        self._note = f"{serial}/no_periodic_store"

    async def fetch(self) -> dict[str, Any]:
        """Return the periodic store, else both sides of the legacy one.

        Raises ``ApiError``.
        """
        if self._probe_now:
            try:
                periodic = await self._client.periodic_config(self._serial)
            except UnsupportedError:
                self._account.note(self._note, self._clock.now().isoformat())
            else:
                self._account.note(self._note, None)
                driver.check_serial(periodic, self._serial)
                return {"periodic": periodic}
        return {
            "charge": await self._client.charge_config(self._serial),
            "discharge": await self._client.discharge_config(self._serial),
        }

    @property
    def _probe_now(self) -> bool:
        """Whether there is, or may by now be, a periodic store."""
        try:
            refused = datetime.fromisoformat(str(self._account.notes.get(self._note)))
        except ValueError:
            return True
        return (
            refused.tzinfo is None
            or not timedelta() <= self._clock.now() - refused < _PROBE_AGAIN
        )

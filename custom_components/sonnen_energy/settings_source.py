"""Reads the settings, and what shows whether the set points are followed."""

from datetime import datetime, timedelta
from typing import Any

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import ApiError, UnsupportedError
from .api.client import SonnenClient
from .api.keys import INVERTER_POWER, OPERATING_MODE, RESERVE
from .set_points import Evidence, evidence_of

# What is older tells nothing of now.
_LASTS = timedelta(seconds=60)


# What control cannot do without, where the firmware only has one key at a time
_NEEDED = (OPERATING_MODE, RESERVE, INVERTER_POWER)


async def read_settings(client: SonnenClient) -> dict[str, Any]:
    """Return all settings; of old firmware (404) those that control needs.

    Raises ``ApiError``.
    """
    try:
        return await client.configurations()
    except UnsupportedError:
        found: dict[str, Any] = {}
        for key in _NEEDED:
            try:
                found[key] = await client.configuration(key)
            except UnsupportedError:
                continue
        if OPERATING_MODE not in found:
            raise
        return found


class SettingsSource:
    """Asks one battery; keeps the newest look at what moves it.

    That is what its controller asks for, or else the power that it has (6.4).
    """

    def __init__(self, client: SonnenClient, clock: Clock) -> None:
        """Begin with nothing read."""
        self._client, self._clock = client, clock
        self._asked: Evidence | None = None
        self._moves: Evidence | None = None

    async def fetch(self) -> dict[str, Any]:
        """Return all settings. Raises ``ApiError``."""
        return await read_settings(self._client)

    async def fetch_evidence(self) -> Evidence | None:
        """Look at the battery now; None if it does not tell."""
        try:
            latest = await self._client.latest()
        except UnsupportedError:
            seen = None
        except ApiError:
            return None
        else:
            self.take(latest, self._clock.now())
            seen = self._asked
        return seen or await self._fetch_power()

    async def _fetch_power(self) -> Evidence | None:
        try:
            status = await self._client.status()
            self.take_live(driver.live(status, self._clock.now()))
        except ApiError:
            return None
        return self._moves

    def take(self, latest: object, received_at: datetime) -> None:
        """Take note of a ``latestdata`` that was read by others."""
        if self._asked is None or received_at >= self._asked.at:
            self._asked = evidence_of(latest, received_at)

    def take_live(self, live: driver.Live) -> None:
        """Take note of a status that was read by others."""
        self._moves = _evidence_in(live)

    def evidence(self) -> Evidence | None:
        """Return the newest look, if it is not too old."""
        now = self._clock.now()
        for seen in (self._asked, self._moves):
            if seen is not None and now - seen.at <= _LASTS:
                return seen
        return None


def _evidence_in(live: driver.Live) -> Evidence | None:
    power = live.power.battery
    if power is None:
        return None
    return Evidence(at=live.observed_at, power=power, soc=live.power.soc)

"""Reads the settings, and what shows whether the set points are followed."""

from datetime import datetime, timedelta
from typing import Any

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import ApiError
from .api.client import SonnenClient
from .set_points import Evidence, evidence_of

# What is older tells nothing of now.
_LASTS = timedelta(seconds=60)


class SettingsSource:
    """Asks one battery; keeps the newest look at its controller."""

    def __init__(self, client: SonnenClient, clock: Clock) -> None:
        """Begin with nothing read."""
        self._client, self._clock = client, clock
        self._seen: Evidence | None = None

    async def fetch(self) -> dict[str, Any]:
        """Return all settings. Raises ``ApiError``."""
        return await self._client.configurations()

    async def fetch_evidence(self) -> Evidence | None:
        """Look at the controller now; None if it does not tell."""
        try:
            latest = await self._client.latest()
        except ApiError:
            return None
        self.take(latest, self._clock.now())
        return self.evidence()

    def take(self, latest: object, received_at: datetime) -> None:
        """Take note of a ``latestdata`` that was read by others."""
        seen = evidence_of(latest, received_at)
        if self._seen is None or received_at >= self._seen.at:
            self._seen = seen

    def evidence(self) -> Evidence | None:
        """Return the newest look, if it is not too old."""
        seen = self._seen
        if seen is None or self._clock.now() - seen.at > _LASTS:
            return None
        return seen

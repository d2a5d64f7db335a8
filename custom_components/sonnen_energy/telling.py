"""Tells the battery a power set point, and looks whether it arrived (reference 6.4)."""

from collections.abc import Awaitable, Callable

from ._vendor.core.client.budget import Budget
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import WriteUnknown
from ._vendor.core.control.book import Notes
from .api.client import SonnenClient
from .set_points import Direction, Evidence, SetPoints

type FetchEvidence = Callable[[], Awaitable[Evidence | None]]


class Teller:
    """Sends set points, and notes them as soon as they were acknowledged."""

    def __init__(
        self,
        client: SonnenClient,
        points: SetPoints,
        *,
        fetch_evidence: FetchEvidence,
        pauses: tuple[float, ...],
        notes: Notes,
        clock: Clock,
        budget: Budget,
    ) -> None:
        """Share what the driver uses; ``pauses`` in s come before each look."""
        self._client, self._points = client, points
        self._fetch_evidence, self._pauses = fetch_evidence, pauses
        self._notes, self._clock, self._budget = notes, clock, budget

    async def tell(self, direction: Direction, watts: int) -> None:
        """Tell a direction its power in W.

        Once more if it is seen not to have arrived; a set point is absolute, so that
        what is said twice is said once. Raises ``ApiError``.
        """
        try:
            await self._client.set_point(direction, watts)
        except WriteUnknown:
            self._points.told(direction, watts, self._clock.now(), sure=False)
            await self._notes.save()
            if not await self._arrived(direction):
                await self._client.set_point(direction, watts)
        self._points.told(direction, watts, self._clock.now(), sure=True)
        await self._notes.save()

    async def _arrived(self, direction: Direction) -> bool:
        """Look whether the controller asks for what it was told.

        Raises ``WriteUnknown`` if it cannot be looked at.
        """
        seen: Evidence | None = None
        for pause in self._pauses:
            await self._clock.sleep(pause)
            with self._budget.for_write():
                seen = await self._fetch_evidence() or seen
            if seen is not None and self._points.arrived(direction, seen):
                return True
        if seen is None:
            raise WriteUnknown("the set point cannot be seen", reason="unreadable")
        return False

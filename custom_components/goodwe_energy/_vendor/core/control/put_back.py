"""Puts back what a lease has changed, and what of it cannot be read in the end unseen."""

from contextlib import suppress
import math

from ..client.clock import Clock
from ..client.errors import ApiError, BadDataError, WriteUnverified
from .book import Mark, mark_of
from .driver import Driver, Releaser, Settings, is_clamped, is_numeric, read_of
from .held import RESTORE_TRIES, Held
from .intent import Values
from .lease import Lease
from .writer import Writer


def check_store(settings: Settings, store: str) -> None:
    """Raise ``BadDataError`` while another store governs than a lease is in."""
    if settings.store != store:
        raise BadDataError(
            f"it was set in the {store} store, which does not govern now",
            reason="store_changed",
        )


class PutBack:
    """What is done at the end of a lease. All of it runs in the queue."""

    def __init__(self, driver: Driver, clock: Clock, writer: Writer) -> None:
        """Share what one device's manager is made of."""
        self._driver, self._clock, self._writer = driver, clock, writer

    async def put_back(self, one: Held, *, last: bool) -> bool:
        """Put back what still has a value of ours; return whether that took a write.

        What cannot be read does not hold up the rest. A force that stays unreadable is
        ended unseen when people are told, or on the ``last`` try. Raises ``ApiError``
        also then: it is not over before that is seen.
        """
        lease, unseen = one.lease, last or one.failures + 1 >= RESTORE_TRIES
        try:
            settings = await read_of(self._driver, lease.keys)
        except ApiError:
            if unseen:
                await self.release(mark_of(lease))
            raise
        check_store(settings, lease.store)
        wanted = lease.undone(settings)
        changes = self._driver.restorable(wanted, settings)
        if changes:
            await self._send_back(one, wanted, changes, settings)
        lacking = self._needed(lease, settings)
        if unseen and lacking:
            await self.release(mark_of(lease))
        settings.require(lacking)
        return bool(changes)

    def _needed(self, lease: Lease, settings: Settings) -> set[str]:
        """Return what must be known before a lease is over, and is not."""
        lacking = set(lease.unread(settings))
        if isinstance(self._driver, Releaser):
            lacking -= self._driver.spared(lease.put_back)
        return lacking

    async def _send_back(
        self, one: Held, wanted: Values, changes: Values, settings: Settings
    ) -> None:
        lease = one.lease
        # What a force began with goes last
        steps = list(reversed(self._driver.steps(changes, settings)))
        try:
            after = await self._writer.perform(steps, settings, lease.memo)
        except WriteUnverified:
            after = await read_of(self._driver, lease.keys)
            after.require(changes.keys() & lease.told)
        left = lease.undone(after).keys() - after.assumed
        left -= wanted.keys() - changes.keys()
        if not left or self.may_still_appear(one) > 0:
            return
        one.unheeded += 1
        if one.unheeded >= RESTORE_TRIES:
            # What was asked for so often is what the device makes of a number.
            left = {
                key
                for key in left
                if not is_numeric(changes.get(key))
                and not is_clamped(after.values.get(key), changes.get(key), None)
            }
        if left:
            raise WriteUnverified("not everything was put back")

    async def release(self, mark: Mark) -> None:
        """Write what ends a force of which nobody can see how it is."""
        if not isinstance(self._driver, Releaser):
            return
        free = self._driver.unseen(mark.values)
        left = Settings(
            observed_at=self._clock.now(), values=mark.values, store=mark.store
        )
        with suppress(ApiError):
            await self._writer.send(self._driver.steps(free, left), left)

    def may_still_appear(self, *held: Held) -> float:
        """Return for how many seconds a write may show that was not seen yet."""
        latest = max(
            (one.changed_at for one in held if not one.lease.verified),
            default=-math.inf,
        )
        shown_by = latest + self._driver.capabilities.timing.read_back
        return shown_by - self._clock.monotonic()

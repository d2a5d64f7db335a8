"""Keeps what a lease promises: looks after it, and puts back what was changed."""

from collections.abc import Sequence

from ..client.clock import Clock
from ..client.errors import ApiError
from .book import LeaseBook, Mark, mark_of
from .driver import Driver, Settings, read_of
from .held import (
    ASSERT_GAP,
    ASSERT_MOST,
    RESTORE_TRIES,
    SETTLE_LOOKS,
    SETTLE_PAUSE,
    Due,
    Held,
)
from .intent import Slot, Value, Values
from .lease import Lease, LeaseState
from .news import News
from .outcome import EventType, Problem
from .put_back import PutBack, check_store
from .writer import Writer

_NEVER = object()


def _differing(lease: Lease, settings: Settings) -> dict[str, Value]:
    """Return what can be read and is not as expected, as it reads."""
    return {
        key: settings.values.get(key)
        for key, value in lease.expect.items()
        if key not in settings.assumed and settings.values.get(key) != value
    }


def _is_given_up(lease: Lease, settings: Settings) -> bool:
    """Whether the device has dropped something so often that it is not set again.

    What is left is still ours, and is put back in its time.
    """
    gone = settings.volatile.issuperset(_differing(lease, settings))
    return gone and lease.asserted >= ASSERT_MOST


class Keeper:
    """What is done with leases without being asked. All of it runs in the queue."""

    def __init__(
        self,
        driver: Driver,
        clock: Clock,
        book: LeaseBook,
        writer: Writer,
        news: News,
    ) -> None:
        """Share what one device's manager is made of."""
        self._driver, self._clock, self._book = driver, clock, book
        self._writer, self._news = writer, news
        self._hands = PutBack(driver, clock, writer)
        self.external = False
        """Whether somebody else has taken over what we had leased."""
        self.look_for_forced = False
        """Whether a force may have been left without its lease."""
        # A write of which nobody knows whether it has arrived: what it is, its values,
        # and how they were
        self.unsettled: tuple[str, Values, Values] | None = None
        # Tries to end a force without a lease that could not be looked at
        self._unended = 0

    def due(self) -> list[tuple[Slot, Due]]:
        """Return what is to be done now."""
        seen = self._driver.observation()
        wall, now = self._clock.now(), self._clock.monotonic()
        return [
            (slot, due)
            for slot, held in self._book.held.items()
            if (due := held.due(seen, wall, now)) is not None
        ]

    def seconds_left(self) -> float | None:
        """Return when something will be due at the latest; None for never."""
        wall, now = self._clock.now(), self._clock.monotonic()
        return min(
            (held.seconds_left(wall, now) for held in self._book.held.values()),
            default=None,
        )

    async def act(self, slot: Slot, due: Due) -> None:
        """Do what is due with a lease. Raises ``ApiError``."""
        if (held := self._book.held.get(slot)) is None:
            return
        if due is Due.LOOK:
            await self._look(slot, held)
            return
        if due is Due.TARGET:
            self._news.emit(
                EventType.TARGET_REACHED, intent=str(held.lease.intent.kind)
            )
        reason = held.lease.reason if due is Due.RETRY else str(due)
        await self.restore((slot,), reason)

    async def restore(
        self, slots: Sequence[Slot], reason: str, *, last: bool = False
    ) -> bool:
        """Put back what still has a value of ours; return whether that took a write.

        What moves the battery comes first, and nothing holds up another. Raises
        ``ApiError``; it is tried again until it succeeds, unless this is the ``last``.
        """
        held = {
            slot: self._book.held[slot] for slot in slots if slot in self._book.held
        }
        if not held:
            return False
        for one in held.values():
            if one.lease.state is not LeaseState.RESTORING:
                await self._book.change(one, state=LeaseState.RESTORING, reason=reason)
        self._news.changed()
        written, failed = False, None
        for slot in sorted(held, key=lambda slot: slot is not Slot.MODE):
            one = held[slot]
            try:
                written |= await self._hands.put_back(one, last=last)
            except ApiError as err:
                self._not_restored(one, err)
                failed = failed or err
            else:
                await self._restored(slot, one)
        if failed is not None:
            raise failed
        return written

    async def _restored(self, slot: Slot, one: Held) -> None:
        if (wait := self.may_still_appear(one)) > 0:
            one.next_try = self._clock.monotonic() + wait
            return
        await self._book.forget((slot,))
        others = self._book.held.values()
        if not any(other.failures >= RESTORE_TRIES for other in others):
            self._news.solved(Problem.RESTORE_FAILED)
        self._news.emit(
            EventType.ENDED,
            intent=str(one.lease.intent.kind),
            reason=one.lease.reason,
        )

    async def find_forced(self) -> None:
        """Look for a force whose lease was lost. Nothing is changed."""
        self.look_for_forced = False
        mark = self._book.mark
        if self._book.held.get(Slot.MODE) is not None:
            return
        try:
            settings = await self._read_for(mark)
        except ApiError:
            return  # it is looked for again with the next settings that are read
        self.note_forced(settings, mark)

    def note_forced(self, settings: Settings, mark: Mark | None) -> None:
        """Tell if something of ours is left on the device that nobody will end."""
        if mark is not None and mark.store != settings.store:
            return  # it is in another store, which may govern again
        if mark is not None and settings.lacking(mark.told):
            return  # nothing tells whether it is there
        left = mark is not None and self._driver.forced(settings, mark.values)
        self._book.set_mark(mark if left else None)
        if left:
            self._news.problem(Problem.FORCED_WITHOUT_LEASE)
        else:
            self._news.solved(Problem.FORCED_WITHOUT_LEASE)
        self._news.changed()

    async def end_forced(self) -> bool:
        """End a force without a lease; return whether that took a write.

        Raises ``ApiError``.
        """
        mark = self._book.mark
        try:
            settings = await self._read_for(mark)
            if mark is None:
                self.note_forced(settings, None)
                return False
            if settings.store == mark.store:
                settings.require(mark.told)
        except ApiError:
            self._unended += 1
            if mark is not None and self._unended >= RESTORE_TRIES:
                await self._hands.release(mark)
            raise
        self._unended = 0
        check_store(settings, mark.store)
        changes = self._driver.forced(settings, mark.values)
        if changes:
            steps = self._driver.steps(changes, settings)
            settings = await self._writer.perform(steps, settings, {})
        self.note_forced(settings, None)
        return bool(changes)

    async def _read_for(self, mark: Mark | None) -> Settings:
        if mark is None:
            return await self._driver.read()
        return await read_of(self._driver, mark.values.keys())

    def settings_read(self, settings: Settings) -> None:
        """Compare settings that were read by others with what they should be."""
        for held in self._book.held.values():
            if held.lease.store != settings.store:
                continue
            if held.lease.state is LeaseState.PENDING:
                held.next_try = self._clock.monotonic()
            elif held.lease.state is LeaseState.RESTORING:
                if held.unreachable_at is not None:  # and is back
                    held.was_well(settings.observed_at)
                    held.next_try = self._clock.monotonic()
            elif settings.shows(held.lease.expect):
                held.was_well(settings.observed_at)
            elif settings.lacking(held.lease.told):
                continue
            elif not _is_given_up(held.lease, settings):
                held.suspect = True
        if Slot.MODE not in self._book.held and self._book.mark is not None:
            self.note_forced(settings, self._book.mark)
        if self.unsettled is not None and not settings.lacking(
            key for key, value in self.unsettled[1].items() if value is not None
        ):
            self._settle(settings, *self.unsettled)
            self.unsettled = None

    def _settle(
        self, settings: Settings, intent: str, wanted: Values, before: Values
    ) -> None:
        """Tell what became of a write that nobody could read back."""
        changes = {k: v for k, v in wanted.items() if before.get(k) != v}
        if changes and settings.assumed.issuperset(changes):
            return  # nothing will ever tell
        arrived = settings.shows(wanted)
        half = not arrived and any(
            settings.values.get(key) == value
            for key, value in changes.items()
            if key not in settings.assumed
        )
        if half:
            self._news.problem(
                Problem.HALF_APPLIED, intent=intent, keys=", ".join(wanted)
            )
        self._news.emit(
            EventType.STARTED if arrived else EventType.ENDED,
            intent=intent,
            reason="settled" if arrived else "half_applied" if half else "not_applied",
        )

    def may_still_appear(self, *held: Held) -> float:
        """Return for how many seconds a write may show that was not seen yet."""
        return self._hands.may_still_appear(*held)

    def _not_restored(self, one: Held, err: ApiError) -> None:
        one.failed(self._clock.monotonic())
        if one.failures == RESTORE_TRIES:
            kind = str(one.lease.intent.kind)
            self._news.emit(EventType.RESTORE_FAILED, intent=kind)
            self._news.problem(Problem.RESTORE_FAILED, intent=kind, detail=str(err))
        self._news.changed()

    async def _look(self, slot: Slot, held: Held) -> None:
        """Find out what became of a lease that may not be as it should."""
        held.next_try = self._clock.monotonic() + SETTLE_PAUSE
        settings = await read_of(self._driver, held.lease.keys)
        check_store(settings, held.lease.store)
        if settings.shows(held.lease.expect):
            held.suspect, held.unreachable_at = False, None
            if held.lease.state is LeaseState.PENDING:
                await self._book.change(held, state=LeaseState.ACTIVE, verified=True)
                held.watched_from = self._clock.monotonic()
                self._news.emit(EventType.STARTED, intent=str(held.lease.intent.kind))
            return
        settings.require(held.lease.told)
        if held.lease.state is LeaseState.PENDING:
            held.looks += 1
            if held.looks >= SETTLE_LOOKS:
                await self.restore((slot,), "not_applied")
        else:
            await self._differs(slot, held, settings)

    async def _differs(self, slot: Slot, held: Held, settings: Settings) -> None:
        """Tell what the device has lost from what somebody else has changed."""
        lease = held.lease
        differing = _differing(lease, settings)
        # An earlier write of ours that came late
        late = all(value in lease.ours.get(key, ()) for key, value in differing.items())
        dropped = settings.volatile.issuperset(differing)
        lost = dropped or (
            held.unreachable_at is not None
            and all(
                key in lease.put_back
                and value in (lease.put_back[key], settings.fallback.get(key, _NEVER))
                for key, value in differing.items()
            )
        )
        if _is_given_up(lease, settings):
            held.suspect = False
            return
        if not (late or lost) or lease.asserted >= ASSERT_MOST:
            await self._book.forget((slot,))
            self.external = True
            self._news.emit(EventType.EXTERNAL, intent=str(lease.intent.kind))
            if slot is Slot.MODE:
                self.note_forced(settings, mark_of(lease))
            return
        held.next_try = self._clock.monotonic() + ASSERT_GAP
        await self._book.change(held, asserted=lease.asserted + 1)
        if lost:
            self._news.emit(EventType.LOST, intent=str(lease.intent.kind))
        wanted = {
            key: value
            for key, value in lease.expect.items()
            if key in differing or key in settings.assumed
        }
        steps = self._driver.steps(wanted, settings)
        await self._writer.perform(steps, settings, lease.memo)
        held.suspect, held.unreachable_at = False, None
        if held.watched_from is not None:
            # It begins anew, and slow devices have only now been told
            held.watched_from = max(held.watched_from, self._clock.monotonic())

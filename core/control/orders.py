"""Carries out what was asked: plan, lease, steps, and what is true afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from ..client.clock import Clock
from ..client.errors import ApiError, BadDataError, WriteUnverified
from .aftermath import Aftermath
from .book import LeaseBook, merged
from .driver import Driver, Releaser, Settings, read_of
from .held import RENEW_BEFORE, SETTLE_PAUSE, Held
from .intent import (
    Intent,
    SelfUse,
    Slot,
    Value,
    Values,
    end_of,
    same_apart_from_end,
)
from .keeper import Keeper
from .lease import Lease, LeaseNotSaved, LeaseState
from .leasing import lease_for, otherwise
from .news import News
from .outcome import EventType, Outcome, Problem, Refusal, Result
from .put_back import check_store
from .writer import Writer, changes_between

# What is told of a lease that ended because another order needed its settings
_ENDED = {
    Slot.MODE: "force_ended",
    Slot.RESERVE: "reserve_ended",
    Slot.EXPORT_LIMIT: "export_limit_ended",
    Slot.LIMITS: "limits_ended",
}


class Orders:
    """What is done because somebody asked. All of it runs in the queue."""

    def __init__(
        self,
        driver: Driver,
        clock: Clock,
        book: LeaseBook,
        writer: Writer,
        news: News,
        keeper: Keeper,
    ) -> None:
        """Share what one device's manager is made of."""
        self._driver, self._clock, self._book = driver, clock, book
        self._writer, self._news, self._keeper = writer, news, keeper
        self._aftermath = Aftermath(driver, clock, book, writer, news, keeper)

    async def self_use(self, intent: SelfUse) -> Result:
        """End everything that is leased. Raises ``ApiError``; it is tried again."""
        slots = tuple(self._book.held)
        forced = Problem.FORCED_WITHOUT_LEASE in self._news.problems
        try:
            written = forced and await self._end_forced()
        finally:
            # One does not wait for the other
            restored = await self._keeper.restore(slots, "self_use")
        written |= restored
        if not forced and not slots and self._driver.capabilities.self_use_mode:
            return await self.give(intent)
        self._keeper.external = False
        return Result(outcome=Outcome.APPLIED if written else Outcome.UNCHANGED)

    async def give(self, intent: Intent) -> Result:
        """Carry out any other intent. Raises ``Refusal`` or ``ApiError``."""
        slot: Slot | None = getattr(intent, "slot", None)
        if slot is Slot.MODE and Problem.FORCED_WITHOUT_LEASE in self._news.problems:
            await self._end_forced()
        doubtful = self._keeper.may_still_appear(*self._book.held.values())
        if doubtful > 0 and not await self._writer.pause(doubtful):
            raise Refusal("control_closing")
        if isinstance(intent, SelfUse) and isinstance(self._driver, Releaser):
            settings = await read_of(self._driver, self._driver.freeing)
        else:
            settings = await self._driver.read()
        until = end_of(intent)
        held = self._book.held.get(slot) if slot and until else None
        if held and until and self._only_longer(held, intent, until, settings):
            return await self._extend(held, until)
        return await self._carry_out(intent, slot, until, settings)

    async def renew(self, slot: Slot) -> None:
        """Move the device's own end, which comes before that of the lease.

        Raises ``Refusal`` or ``ApiError``; then it is tried again in a minute.
        """
        held = self._book.held[slot]
        held.renew_at = self._clock.monotonic() + SETTLE_PAUSE
        settings = await self._driver.read()
        check_store(settings, held.lease.store)
        if not settings.shows(held.lease.expect):
            held.suspect = True
            return
        intent = replace(held.lease.intent, until=held.lease.until)
        plan = self._driver.plan(
            intent, self._without_leases(settings), self._clock.now()
        )
        ends = held.lease.device_until
        if plan.device_until and ends and plan.device_until <= ends:
            # It cannot be told a later end now, but perhaps after midnight
            held.renew_at = self._clock.monotonic() + RENEW_BEFORE.total_seconds()
            return
        await self._carry_out(intent, slot, held.lease.until, settings)

    async def _end_forced(self) -> bool:
        """End a force without a lease, unless its store does not govern now."""
        try:
            return await self._keeper.end_forced()
        except BadDataError as err:
            if err.reason != "store_changed":
                raise
            return False

    def _only_longer(
        self, held: Held, intent: Intent, until: datetime, settings: Settings
    ) -> bool:
        """Whether the same is asked for again, and the device need not be told."""
        lease = held.lease
        now = self._clock.now()
        return (
            lease.state is LeaseState.ACTIVE
            and same_apart_from_end(lease.intent, intent)  # type: ignore[arg-type]
            and settings.shows(lease.expect)
            and (
                lease.device_until is None
                or lease.device_until >= min(until, now + RENEW_BEFORE)
            )
        )

    async def _extend(self, held: Held, until: datetime) -> Result:
        was_until = held.lease.until
        await self._book.change(
            held, until=until, intent=replace(held.lease.intent, until=until)
        )
        held.renew_at = self._clock.monotonic() + SETTLE_PAUSE
        if until > was_until:
            self._news.emit(
                EventType.EXTENDED,
                intent=str(held.lease.intent.kind),
                until=until.isoformat(),
            )
        return Result(
            outcome=Outcome.UNCHANGED,
            following=held.following,
            effective=held.lease.effective,
            expires_at=until,
            warnings=self._too_short(held.lease.intent, until),
        )

    def _too_short(self, intent: Intent, until: datetime | None) -> tuple[str, ...]:
        """Warn of a force that may be over before the battery reacts."""
        if until is None or getattr(intent, "slot", None) is not Slot.MODE:
            return ()
        seconds = (until - self._clock.now()).total_seconds()
        short = seconds < self._driver.capabilities.timing.reaction
        return ("shorter_than_reaction",) if short else ()

    async def _carry_out(
        self,
        intent: Intent,
        slot: Slot | None,
        until: datetime | None,
        settings: Settings,
    ) -> Result:
        before = dict(self._book.held)
        for one in before.values():
            check_store(settings, one.lease.store)
        plan = self._driver.plan(
            intent, self._without_leases(settings), self._clock.now()
        )
        replaced = {
            name: held.lease
            for name, held in before.items()
            if name is slot
            or not (plan.target.keys() | plan.ends).isdisjoint(held.lease.keys)
        }
        undone = self._undone(replaced.values(), settings)
        wanted: dict[str, Value] = {**undone, **plan.target}
        changes = changes_between(settings, wanted) | {
            # What cannot be read may differ from what we think of it
            key: wanted[key]
            for key in undone
            if key in settings.assumed
        }
        steps = self._driver.steps(changes, settings) if changes else []
        self._driver.admit(len(steps))
        memo = merged([*(lease.memo for lease in replaced.values()), plan.memo])
        held: Held | None = None
        was_until: datetime | None = None
        if slot is not None and until is not None:
            new = lease_for(
                intent,  # type: ignore[arg-type]
                until,
                settings,
                plan,
                undone,
                list(replaced.values()),
                memo,
                self._clock.now(),
            )
            old = before.get(slot)
            if (
                old is not None
                and old.lease.state is LeaseState.ACTIVE
                and same_apart_from_end(old.lease.intent, new.intent)
            ):
                # Still the same force: it is not in doubt while its end is moved.
                new = replace(new, state=LeaseState.ACTIVE, started=old.lease.started)
                was_until = old.lease.until
            try:
                held = await self._book.begin(slot, new, replaced)
            except LeaseNotSaved as err:
                raise Refusal("lease_not_saved", detail=err) from err
            if was_until is not None and old is not None:
                held.following, held.watched_from = old.following, old.watched_from
        elif steps:
            # Whatever fails from now on, nothing of them stays without a lease
            for name in replaced:
                await self._book.change(
                    before[name], state=LeaseState.RESTORING, reason="replaced"
                )
        self._keeper.external = False
        self._keeper.unsettled = None
        self._news.changed()
        try:
            after = settings
            if steps:
                after = await self._writer.perform(steps, settings, memo)
            if not after.shows(
                {k: v for k, v in plan.target.items() if k not in changes}
            ):
                raise WriteUnverified("something else was changed in the middle")
        except ApiError as err:
            if await self._aftermath.failed(
                err, intent, wanted, steps, settings, memo, slot, before, replaced
            ):
                raise
            # Refused would mean that nothing has changed
            raise WriteUnverified(str(err), reason="half_applied") from err
        if steps:
            self._news.solved(Problem.UNVERIFIED, Problem.NOT_PERMITTED)
            self._aftermath.mended(wanted)
        if held is not None:
            await self._aftermath.succeeded(held, plan, after, was_until)
        await self._end_replaced(slot if held is not None else None, replaced)
        return Result(
            outcome=Outcome.APPLIED if steps else Outcome.UNCHANGED,
            following=held.following if held is not None else None,
            effective={**plan.effective, **otherwise(plan, after)},
            effective_from=plan.effective_from,
            expires_at=until,
            warnings=(
                *plan.warnings,
                *self._too_short(intent, until),
                *(_ENDED[name] for name in replaced if name is not slot),
            ),
        )

    async def _end_replaced(
        self, slot: Slot | None, replaced: Mapping[Slot, Lease]
    ) -> None:
        ended = [name for name in replaced if name is not slot]
        if ended:
            await self._book.forget(ended)
        for name in ended:
            self._news.emit(
                EventType.ENDED,
                intent=str(replaced[name].intent.kind),
                reason="replaced",
            )

    def _undone(self, leases: Iterable[Lease], settings: Settings) -> Values:
        """Return what to write to put back all of several leases."""
        undone: dict[str, Value] = {}
        for lease in leases:
            settings.require(lease.unread(settings))
            undone |= lease.undone(settings)
        return dict(self._driver.restorable(undone, settings))

    def _without_leases(self, settings: Settings) -> Settings:
        """Return the settings as they would be if nothing were leased."""
        leases = [held.lease for held in self._book.held.values()]
        undone = self._undone(leases, settings)
        values = {**settings.values, **undone}
        return replace(
            settings,
            values={k: v for k, v in values.items() if v is not None},
            leased={k: v for k, v in settings.values.items() if k in undone},
        )

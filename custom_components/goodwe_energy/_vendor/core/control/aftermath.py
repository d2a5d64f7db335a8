"""What is true after a write, and what is made of one that went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..client.clock import Clock
from ..client.errors import ApiError, UnsupportedError
from .book import LeaseBook
from .driver import Driver, Plan, Settings, Step, is_clamped, read_of
from .held import SETTLE_PAUSE, Held
from .intent import Intent, Slot, Values, end_of
from .keeper import Keeper
from .lease import Lease, LeaseState
from .leasing import joined
from .news import News
from .outcome import EventType, Outcome, Problem, outcome_of
from .writer import Writer

_UNVERIFIED_TIMES = 2


class Aftermath:
    """Ends what ``Orders`` has begun."""

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

    async def succeeded(
        self, held: Held, plan: Plan, after: Settings, was_until: datetime | None
    ) -> None:
        """Make of a lease one that says what was read back.

        ``was_until`` is when the same force would have ended; None if it is a new one.
        """
        lease = held.lease
        expect = {
            key: value if key in after.assumed else after.values.get(key)
            for key, value in plan.target.items()
        }
        put_back = {
            key: value
            for key, value in lease.put_back.items()
            if key in expect and (expect[key] != value or key in after.assumed)
        }
        await self._book.change(
            held,
            state=LeaseState.ACTIVE,
            verified=True,
            expect=expect,
            put_back=put_back,
            ours={
                key: joined(lease.ours.get(key, ()), (expect[key],)) for key in put_back
            },
        )
        now, wall = self._clock.monotonic(), self._clock.now()
        # Its end can hardly be moved before the clock has moved
        held.renew_at = now + SETTLE_PAUSE
        if was_until is None:
            begins = plan.effective_from or wall
            held.watched_from = now + max(0.0, (begins - wall).total_seconds())
        if lease.until != was_until:
            self._news.emit(
                EventType.EXTENDED if was_until else EventType.STARTED,
                intent=str(lease.intent.kind),
                until=lease.until.isoformat(),
            )

    async def failed(
        self,
        err: ApiError,
        intent: Intent,
        wanted: Values,
        steps: Sequence[Step],
        settings: Settings,
        memo: Mapping[str, Any],
        slot: Slot | None,
        before: Mapping[Slot, Held],
        replaced: Mapping[Slot, Lease],
    ) -> bool:
        """Make the best of a write that did not reach a good end.

        Returns False if a part of it is there and could not be taken back.
        """
        held = None
        if slot is not None and end_of(intent) is not None:
            held = self._book.held[slot]
            held.changed_at = self._clock.monotonic()
        outcome = outcome_of(err)
        if outcome is Outcome.UNKNOWN:
            if held is None:
                self._keeper.unsettled = (str(intent.kind), wanted, settings.values)
            else:
                held.suspect = True
                held.next_try = self._clock.monotonic() + SETTLE_PAUSE
            return True
        if outcome is Outcome.UNVERIFIED:
            self._news.problem(Problem.UNVERIFIED, times=_UNVERIFIED_TIMES)
        if isinstance(err, UnsupportedError):
            self._news.problem(Problem.NOT_PERMITTED)
        old = None if held is None else before.get(held.lease.intent.slot)
        # One request that was refused has changed nothing
        taken_back: int | None = 0
        if len(steps) > 1 or outcome is not Outcome.REJECTED:
            taken_back = await self._undo(steps, settings, memo)
        undone = taken_back is not None
        if held is None:
            if not undone:
                self._news.problem(
                    Problem.HALF_APPLIED,
                    intent=str(intent.kind),
                    keys=", ".join(wanted),
                )
            elif replaced:
                for name, lease in replaced.items():
                    before[name].lease = lease
                await self._book.reinstate(before)
        elif not undone:
            await self._book.change(
                held, state=LeaseState.RESTORING, reason="half_applied"
            )
            held.failed(self._clock.monotonic())
        elif old is not None:
            # What was replaced still holds; the new values may only come late.
            others = {
                key
                for one in before.values()
                if one is not old
                for key in one.lease.expect
            }
            late = {k: v for k, v in held.lease.put_back.items() if k not in others}
            old.lease = replace(
                old.lease,
                put_back={**late, **old.lease.put_back},
                memo=held.lease.memo,
                ours={
                    key: joined(old.lease.ours.get(key, ()), values)
                    for key, values in {**old.lease.ours, **held.lease.ours}.items()
                },
            )
            old.next_try = self._clock.monotonic() + SETTLE_PAUSE
            await self._book.reinstate(before)
        elif outcome is Outcome.UNVERIFIED:
            # It may still appear: then it is held, else it is forgotten.
            held.next_try = self._clock.monotonic() + SETTLE_PAUSE
            if taken_back == len(steps):
                # Nor will it stay: what takes it back was sent after all of it.
                await self._book.change(
                    held, state=LeaseState.RESTORING, reason="not_applied"
                )
        else:
            await self._book.reinstate(before)
        return undone

    async def _undo(
        self, steps: Sequence[Step], before: Settings, memo: Mapping[str, Any]
    ) -> int | None:
        """Take back what was done of a refused plan.

        Returns in how many requests; None if it is not proven.
        """
        undo: list[Step] = []
        try:
            asked = {k: v for step in steps for k, v in step.values.items()}
            now = await read_of(self._driver, asked.keys())
            now.require(k for k in asked if before.values.get(k) is not None)
            changes = {
                key: before.values.get(key)
                for key, value in asked.items()
                if now.values.get(key) == value != before.values.get(key)
                or is_clamped(now.values.get(key), value, before.values.get(key))
            }
            if changes:
                undo = list(reversed(self._driver.steps(changes, now)))
                await self._writer.perform(undo, now, memo)
        except ApiError:
            return None
        return len(undo)

    def mended(self, written: Values) -> None:
        """Take back what was said of a half state whose settings were set anew."""
        told = self._news.problems.get(Problem.HALF_APPLIED, {})
        if not written.keys().isdisjoint(told.get("keys", "").split(", ")):
            self._news.solved(Problem.HALF_APPLIED)

"""The one way of every write to one device."""

from asyncio import Task
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ..client.clock import Clock
from ..client.errors import ApiError
from .book import LeaseBook, Notes
from .driver import Driver, Observation, Settings
from .held import Due
from .intent import Edit, Intent, Kind, SelfUse, SetValues, Slot, Values, end_of
from .jobs import Closing, Jobs, Spawn
from .keeper import Keeper
from .lease import Lease, LeaseState, LeaseStore
from .news import Cancel, ControlEvent, News
from .orders import Orders
from .outcome import ControlState, EventType, Problem, Refusal, Result
from .validate import validate
from .writer import Writer

DEBOUNCE = 3.0
_NOT_FOLLOWING_TIMES = 2
_SOON = 0.05
# The wall clock may jump, so its time is looked at again
_WALL_LOOK = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a manager needs of the program around it.

    ``call_later`` calls after seconds unless it is cancelled; ``today`` names the day
    by which writes are counted.
    """

    clock: Clock
    store: LeaseStore
    notes: Notes
    spawn: Spawn
    call_later: Callable[[float, Callable[[], None]], Cancel]
    today: Callable[[], str]


class ControlManager:
    """Takes intents for one device, one after the other, and brings each to its end."""

    def __init__(
        self, key: str, driver: Driver, around: Surroundings, *, owner: str = ""
    ) -> None:
        """``key`` is the vendor's serial, ``owner`` who may act for the device."""
        self.key, self.driver, self.owner = key, driver, owner
        self.allowed = True
        self._clock, self._notes = around.clock, around.notes
        self._call_later, self._today = around.call_later, around.today
        noted = f"{key}/problems"
        self._news = News(around.notes.get(noted), partial(around.notes.set, noted))
        self._jobs = Jobs(around.spawn, self._tick)
        self._book = LeaseBook(key, owner, around.store, around.notes, around.clock)
        writer = Writer(driver, around.clock, self._jobs, self._count_write)
        self._keeper = Keeper(driver, around.clock, self._book, writer, self._news)
        self._orders = Orders(
            driver, around.clock, self._book, writer, self._news, self._keeper
        )
        self._batch: tuple[list[Edit], Task[Result | None]] | None = None
        self._cancel_timer: Cancel | None = None

    @property
    def leases(self) -> Mapping[Slot, Lease]:
        """What is promised to be put back."""
        return {slot: held.lease for slot, held in self._book.held.items()}

    @property
    def mode(self) -> Kind | None:
        """Which force or hold runs; None is self-use, or not known yet."""
        held = self._book.held.get(Slot.MODE)
        if held is None or held.lease.state is LeaseState.PENDING:
            return None
        kind: Kind = held.lease.intent.kind
        return kind if self.mode_known else None

    @property
    def mode_known(self) -> bool:
        """Whether it is known what runs: not after a write that nobody has seen."""
        if Problem.FORCED_WITHOUT_LEASE in self._news.problems:
            return False
        held = self._book.held.get(Slot.MODE)
        if held is None or held.lease.state is LeaseState.ACTIVE:
            return True
        if held.lease.state is LeaseState.PENDING:
            # While it is found out, and where it was read, it is as before.
            return self._jobs.busy or not held.suspect
        return held.lease.verified

    @property
    def ends(self) -> datetime | None:
        """When the force or hold, else the first limit, ends."""
        held = self._book.held
        if (mode := held.get(Slot.MODE)) is not None:
            return mode.lease.until
        return min((other.lease.until for other in held.values()), default=None)

    @property
    def state(self) -> ControlState:
        """Whether something is leased, and whether the device follows."""
        held = self._book.held
        states = {one.lease.state for one in held.values()}
        if LeaseState.RESTORING in states:
            return ControlState.RESTORING
        if LeaseState.PENDING in states:
            return ControlState.STARTING
        if (mode := held.get(Slot.MODE)) is not None:
            return _FOLLOWING[mode.following]
        if states:
            return ControlState.ACTIVE
        return ControlState.EXTERNAL if self._keeper.external else ControlState.IDLE

    @property
    def problems(self) -> Mapping[Problem, Mapping[str, str]]:
        """What a person should know of, with the placeholders of its text."""
        problems: dict[Problem, Mapping[str, str]] = dict(self._news.problems)
        most = self.driver.capabilities.writes_per_day
        if most is not None and (writes := self.writes_today) > most:
            problems[Problem.MANY_WRITES] = {"writes": str(writes), "most": str(most)}
        return problems

    @property
    def unverified(self) -> bool:
        """Whether the last write that was accepted does not show in the settings."""
        return self._news.noted(Problem.UNVERIFIED)

    @property
    def writes_today(self) -> int:
        """Setting writes that were sent today."""
        note = self._notes.get(f"{self.key}/writes")
        if not isinstance(note, dict) or note.get("day") != self._today():
            return 0
        count = note.get("count")
        return count if isinstance(count, int) else 0

    def listen(self, listener: Callable[[], None]) -> Cancel:
        """Call after each change of what is known."""
        return self._news.listen(listener)

    def listen_events(self, listener: Callable[[ControlEvent], None]) -> Cancel:
        """Call for each event."""
        return self._news.listen_events(listener)

    def start(self) -> None:
        """Go on with what is on disk; what has ended is put back at once."""
        self._book.load()
        if Slot.MODE not in self._book.held and self._book.mark is not None:
            self._keeper.look_for_forced = True
        self._tick()

    async def close(self, *, patience: float = 0.0) -> None:
        """Do nothing any more; leases stay on disk for who comes next.

        What is on its way has ``patience`` seconds to come to its end.
        """
        await self._jobs.close(patience=patience)
        self._stop_timer()

    async def execute(self, intent: Intent) -> Result:
        """Bring the intent to its end, even if the caller goes away.

        Raises:
            Refusal: It cannot be; nothing was sent.
            ApiError: It did not reach a good end; see ``outcome_of``.
        """
        self._admit(intent)
        try:
            return await self._jobs.run(lambda: self._execute(intent), str(intent.kind))
        except Closing:
            raise Refusal("control_closing") from None

    async def set_values(self, change: Edit | Values) -> Result:
        """Change single settings; what a hand moves within seconds is one write.

        Raises what ``execute`` raises.
        """

        def edit(values: Values) -> Values:
            return change(values) if callable(change) else change

        if self._batch is None:
            self._admit(SetValues(edits=()))
            edits: list[Edit] = []
            try:
                task = self._jobs.begin(lambda: self._collected(edits), "settings")
            except Closing:
                raise Refusal("control_closing") from None
            self._batch = (edits, task)
        edits, task = self._batch
        edits.append(edit)
        done = await self._jobs.wait(task)
        # What does not fit together may do so one by one.
        alone = SetValues(edits=(edit,))
        return done if done is not None else await self.execute(alone)

    async def _collected(self, edits: Sequence[Edit]) -> Result | None:
        """Wait for more edits and set them together; None if they do not fit."""
        await self._jobs.pause(self._clock.sleep(DEBOUNCE))
        self._batch = None
        try:
            return await self.execute(SetValues(edits=tuple(edits)))
        except Refusal:
            if len(edits) == 1:
                raise
            return None

    async def take_turn[T](
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        name: str,
        admit: Callable[[], None],
    ) -> T:
        """Do what no intent can say, alone like every write; it counts as one.

        Raises ``Refusal`` if it may not be, what ``admit`` raises if it cannot be sent
        now, and what ``work`` raises.
        """
        self._admit(SetValues(edits=()))

        async def counted() -> T:
            admit()
            self._count_write()
            return await work()

        try:
            return await self._jobs.run(counted, name)
        except Closing:
            raise Refusal("control_closing") from None

    async def pause(self, seconds: float) -> bool:
        """Wait in one's turn; return False at once when there is no time for that."""
        return await self._jobs.pause(self._clock.sleep(seconds))

    async def end(self, reason: str) -> bool:
        """Put everything back now; False if that is still to be done."""

        async def work() -> None:
            await self._keeper.restore(tuple(self._book.held), reason, last=True)

        try:
            await self._jobs.run(work, "put back")
        except ApiError, Closing:
            return False
        return not self._book.held

    async def end_forced(self) -> None:
        """End a force that nobody holds a lease of. Raises ``ApiError``."""
        await self._jobs.run(self._keeper.end_forced, "end of a force")

    def observed(self) -> None:
        """Take note of a new look at the device."""
        seen = self.driver.observation()
        if not seen.reachable:
            for held in self._book.held.values():
                held.unreachable_at = self._clock.now()
        self._watch(seen)
        self._tick()

    def settings_read(self, settings: Settings) -> None:
        """Take note of settings that were read for others."""
        if not self._jobs.busy:
            self._keeper.settings_read(settings)
            self._tick()

    def _admit(self, intent: Intent) -> None:
        """Refuse what needs no look at the settings. Raises ``Refusal``."""
        validate(intent, self.driver.capabilities, self._clock.now())
        if isinstance(intent, SelfUse):
            return
        if not self.allowed:
            raise Refusal("control_off")
        seen = self.driver.observation()
        if seen.obstacle is not None:
            raise Refusal(seen.obstacle)
        slot = getattr(intent, "slot", None)
        if seen.off_grid and slot is not Slot.RESERVE and end_of(intent) is not None:
            raise Refusal("off_grid")
        if slot is Slot.MODE and not seen.fresh:
            age = (
                "?"
                if seen.at is None
                else int((self._clock.now() - seen.at).total_seconds() // 60)
            )
            raise Refusal("stale_data", age=age)

    async def _execute(self, intent: Intent) -> Result:
        if isinstance(intent, SelfUse):
            return await self._orders.self_use(intent)
        return await self._orders.give(intent)

    async def _maintenance(self) -> None:
        with suppress(Closing):
            await self._jobs.in_turn(self._maintain)

    async def _maintain(self) -> None:
        """Do what is due; what fails says itself when it is due again."""
        if self._keeper.look_for_forced:
            await self._keeper.find_forced()
        for slot, due in self._keeper.due():
            with suppress(ApiError, Refusal):
                if due is Due.RENEW:
                    await self._orders.renew(slot)
                else:
                    await self._keeper.act(slot, due)

    def _count_write(self) -> None:
        self._notes.set(
            f"{self.key}/writes",
            {"day": self._today(), "count": self.writes_today + 1},
        )

    def _watch(self, seen: Observation) -> None:
        """Look whether the battery follows its force."""
        held = self._book.held.get(Slot.MODE)
        if held is None or not held.watch(
            self.driver, seen, self._clock.now(), self._clock.monotonic()
        ):
            return
        if held.following:
            self._news.solved(Problem.NOT_FOLLOWING)
        else:
            self._news.emit(EventType.NOT_FOLLOWING, intent=str(held.lease.intent.kind))
            self._news.problem(
                Problem.NOT_FOLLOWING,
                times=_NOT_FOLLOWING_TIMES,
                intent=str(held.lease.intent.kind),
            )
        self._news.changed()

    def _tick(self) -> None:
        """Do what is due, and look again when something will be."""
        self._stop_timer()
        if self._jobs.closed:
            return
        if not self._jobs.busy:  # else this is called again when it is idle
            if self._keeper.look_for_forced or self._keeper.due():
                self._jobs.begin(self._maintenance, "maintenance")
            elif (seconds := self._keeper.seconds_left()) is not None:
                self._cancel_timer = self._call_later(
                    max(_SOON, min(seconds, _WALL_LOOK)), self._tick
                )
        self._news.changed()

    def _stop_timer(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None


_FOLLOWING = {
    None: ControlState.STARTING,
    True: ControlState.ACTIVE,
    False: ControlState.NOT_FOLLOWING,
}

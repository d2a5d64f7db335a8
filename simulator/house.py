"""A simulated home that lives by an injected clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
import heapq
from itertools import count
from typing import Final, NamedTuple

from .balance import SELF_USE, Command, Flow, balance
from .calendar import local_date, minute_of
from .clock import Clock, system_clock
from .energy import Energy, Record
from .engine import CarLimit, Engine, Overrides, soc_of
from .past import past_day, until_now
from .spec import HouseSpec

HISTORY_DAYS = 60


class _Keep(Enum):
    KEEP = 0


KEEP: Final = _Keep.KEEP


class State(NamedTuple):
    """What a policy may look at when it decides about the next minute."""

    soc: float
    stored_wh: float
    pv_w: float
    load_w: float
    grid: bool


type Policy = Callable[[datetime, State], Command]
"""Takes the aware local time at which a block begins."""


def self_consumption(_at: datetime, _state: State) -> Command:
    """Use the battery for the house, without a schedule."""
    return SELF_USE


@dataclass(frozen=True, slots=True)
class CarState:
    """The car as the wallbox sees it."""

    plugged: bool
    enabled: bool
    """Whether charging was started, by itself or by command."""
    wanted_wh: float
    charged_wh: float
    """Since it was plugged in."""
    power_w: float


@dataclass(frozen=True, slots=True)
class Live:
    """The present: powers in W (battery + gives, grid + imports), SoC in percent."""

    at: datetime
    pv_w: float
    strings_w: tuple[float, ...]
    load_w: float
    grid_w: float
    battery_w: float
    ev_w: float
    soc: float
    stored_wh: float
    grid: bool
    car: CarState
    command: Command


class House:
    """Sun, load, battery, car and grid of one home.

    It advances by itself to the clock's present whenever it is asked. All that
    happens is decided for the rest of a minute at a time, so the truth does not
    depend on how often somebody asks. A clock that goes back changes nothing until
    it has caught up.
    """

    def __init__(
        self,
        spec: HouseSpec,
        clock: Clock = system_clock,
        *,
        installed: date | None = None,
    ) -> None:
        """Begin in the present of the natural past.

        `installed` is the local day on which the counters began, 60 days ago unless
        said otherwise; earlier days are unknown to this house.
        """
        self.spec = spec
        self._clock = clock
        minute = minute_of(clock())
        self.first_day = local_date(spec.zone, minute)
        self.installed = installed or self.first_day - timedelta(days=HISTORY_DAYS)
        self._policy: Policy = self_consumption
        self._overrides = Overrides()
        stock, self._days = until_now(spec, self.first_day, minute)
        self._engine = Engine(spec, stock)
        self._before: Energy | None = None
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        # While an action runs, time stands still: it may use `override` and the like
        self._acting = False
        self.adjusted_wh = 0.0
        """Energy that was put into the battery by hand since the start."""
        self._begin = self._until = minute * 60.0
        self._now = self._begin
        self._command = SELF_USE
        self._flow: Flow
        self._open(self._begin)
        self.advance()

    # Time

    def advance(self) -> None:
        """Let everything happen that is due by now, in its order."""
        if self._acting:
            return
        now = self._clock().timestamp()
        while self._calls and self._calls[0][0] <= now:
            at, _, action = heapq.heappop(self._calls)
            self._run_to(at)
            self._interrupt(action)
        self._run_to(now)

    def call_at(self, at: datetime, action: Callable[[], None]) -> None:
        """Have something done when the house reaches a time, not before.

        For a reaction delay: nothing sleeps, the action runs in the order of time
        with the blocks when somebody next looks. A time in the past is now.
        """
        self.advance()
        when = max(at.timestamp(), self._now)
        heapq.heappush(self._calls, (when, next(self._order), action))
        self.advance()

    def _run_to(self, at: float) -> None:
        while self._until <= at:
            self._close(self._until)
            self._open(self._until)
        self._now = max(self._now, at)

    def _interrupt(self, action: Callable[[], None]) -> None:
        """Change something now: the block is settled so far and decided anew."""
        self._close(self._now)
        # What an action sees is settled already
        self._begin = self._now
        self._acting = True
        try:
            action()
        finally:
            self._acting = False
            self._open(self._now)

    def _close(self, at: float) -> None:
        hours = (at - self._begin) / 3600
        self._days.count(self._flow, hours)
        self._engine.settle(self._flow, hours, complete=at == self._until)

    def _open(self, at: float) -> None:
        minute = int(at // 60)
        engine = self._engine
        if at == minute * 60:
            self._days.turn(minute, engine.soc)
        self._begin = at
        self._until = (minute + 1) * 60.0
        hours = (self._until - at) / 3600
        want = engine.demand(minute, hours, self._overrides)
        grid = self._overrides.grid is not False
        if self._policy is self_consumption:
            self._command = SELF_USE
        else:
            local = datetime.fromtimestamp(at, UTC).astimezone(self.spec.zone)
            state = State(
                engine.soc, engine.stored_wh, want.pv_w, want.load_w + want.ev_w, grid
            )
            self._command = self._policy(local, state)
        self._flow = balance(
            self.spec, self._command, want, engine.stored_wh, hours, grid=grid
        )

    @property
    def _elapsed_hours(self) -> float:
        return (self._now - self._begin) / 3600

    # What moves it

    @property
    def policy(self) -> Policy:
        """Who decides about the battery, asked at the start of each minute."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self.change(lambda: setattr(self, "_policy", policy))

    def change(self, action: Callable[[], None]) -> None:
        """Do something at this moment that the policy's next answer depends on."""
        if self._acting:
            action()
            return
        self.advance()
        self._interrupt(action)

    @property
    def overrides(self) -> Overrides:
        """What replaces nature at the moment; change it with `override`."""
        return self._overrides

    def override(
        self,
        *,
        pv_w: float | _Keep | None = KEEP,
        load_w: float | _Keep | None = KEEP,
        grid: bool | _Keep | None = KEEP,
        ev_plugged: bool | _Keep | None = KEEP,
        soc: float | None = None,
    ) -> None:
        """Replace nature from now on; None gives a value back to nature.

        `load_w` is the household without the car. `soc` (percent) is set once, the
        battery goes on from there.
        """

        def apply() -> None:
            old = self._overrides
            self._overrides = Overrides(
                pv_w=old.pv_w if isinstance(pv_w, _Keep) else pv_w,
                load_w=old.load_w if isinstance(load_w, _Keep) else load_w,
                ev_plugged=(
                    old.ev_plugged if isinstance(ev_plugged, _Keep) else ev_plugged
                ),
                grid=old.grid if isinstance(grid, _Keep) else grid,
            )
            if soc is not None:
                stored = self.spec.battery_capacity_wh * min(max(soc, 0), 100) / 100
                self.adjusted_wh += stored - self._engine.stored_wh
                self._engine.stored_wh = stored

        self.change(apply)

    def set_car_enabled(self, *, enabled: bool) -> None:
        """Let a car that is plugged in charge or not; for `change` and `call_at`."""
        if self._engine.session is not None:
            self._engine.ev_enabled = enabled

    def set_car_limit(self, limit: CarLimit | None) -> None:
        """Have the wallbox give no more than that; for `change` and `call_at`."""
        self._engine.ev_limit = limit

    # What can be seen

    @property
    def car_enabled(self) -> bool:
        """Whether charging was started, as of now; for actions of `call_at` too."""
        self.advance()
        return self._engine.ev_enabled

    def live(self) -> Live:
        """Return the present."""
        self.advance()
        flow, engine = self._flow, self._engine
        hours = self._elapsed_hours
        stored = engine.stored_after(flow, hours, complete=False)
        wanted_wh = max(engine.ev_wanted_wh - flow.ev_w * hours, 0.0)
        session = engine.session
        return Live(
            at=datetime.fromtimestamp(self._now, UTC),
            pv_w=flow.pv_w,
            strings_w=tuple(flow.pv_w * share for share in self.spec.string_shares),
            load_w=flow.load_w,
            grid_w=flow.grid_w,
            battery_w=flow.battery_w,
            ev_w=flow.ev_w,
            soc=soc_of(self.spec, stored),
            stored_wh=stored,
            grid=self._overrides.grid is not False,
            car=CarState(
                plugged=session is not None,
                enabled=engine.ev_enabled,
                wanted_wh=wanted_wh,
                charged_wh=session.energy_wh - wanted_wh if session else 0.0,
                power_w=flow.ev_w,
            ),
            command=self._command,
        )

    def today(self) -> date:
        """Return the local date."""
        self.advance()
        return self._days.date

    def energy_on(self, day: date) -> Energy | None:
        """Return the energy of a local day (today: so far).

        None before the installation and in the future.
        """
        self.advance()
        if day < self.installed or day > self._days.date:
            return None
        if day < self.first_day:
            return past_day(self.spec, day).energy
        return self._days.energy(day, self._flow, self._elapsed_hours)

    def energy_total(self) -> Energy:
        """Return the energy since the installation."""
        self.advance()
        if self._before is None:
            self._before = Energy()
            day = self.installed
            while day < self.first_day:
                self._before += past_day(self.spec, day).energy
                day += timedelta(days=1)
        return self._before + self._days.total(self._flow, self._elapsed_hours)

    def records(self, day: date) -> tuple[Record, ...]:
        """Return the finished five-minute records of a local day, oldest first.

        Empty before the installation and in the future.
        """
        self.advance()
        if day < self.installed or day > self._days.date:
            return ()
        if day < self.first_day:
            return past_day(self.spec, day).records
        return self._days.records(day)

    def soc_at_midnight(self, day: date) -> float | None:
        """Return the SoC in percent with which a local day began; None if unknown."""
        self.advance()
        if day < self.installed or day > self._days.date:
            return None
        if day < self.first_day:
            return soc_of(self.spec, past_day(self.spec, day).start.stored_wh)
        return self._days.start_soc(day)

"""One house, block by block: the same code makes the past and the present."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .balance import SELF_USE, Demand, Flow, balance
from .calendar import DAY_MINUTES, local_day_minutes
from .car import Session, sessions_day
from .daybook import DayBook
from .energy import Energy, Record
from .load import load_day
from .spec import HouseSpec
from .sun import solar_day

BLOCK_HOURS = 1 / 60

type CarLimit = Callable[[float, float], float]
"""Takes the power of the sun and of the household in W, returns the most in W."""


class Stock(NamedTuple):
    """All that a house carries from one block into the next."""

    stored_wh: float
    session: Session | None
    ev_wanted_wh: float
    ev_enabled: bool


@dataclass(slots=True)
class Overrides:
    """What replaces nature; None is nature."""

    pv_w: float | None = None
    load_w: float | None = None
    """The household without the car."""
    ev_plugged: bool | None = None
    grid: bool | None = None
    """None and True: there is grid."""


NATURE = Overrides()
# A car that is plugged in by hand stays until it is unplugged by hand
_MANUAL_SESSION = Session(0, 2**62, 40_000.0)


class Engine:
    """The changing parts of a house and the steps that change them."""

    def __init__(self, spec: HouseSpec, stock: Stock) -> None:
        """Begin with what was left by the block before."""
        self.spec = spec
        self.stored_wh, self.session, self.ev_wanted_wh, self.ev_enabled = stock
        self.ev_limit: CarLimit | None = None
        """What the wallbox gives at most; None is what it can."""
        self._day = -1
        self._solar: list[float] = []
        self._load: list[float] = []
        self._sessions: list[Session | None] = []

    @property
    def stock(self) -> Stock:
        """What the next block needs to know."""
        return Stock(self.stored_wh, self.session, self.ev_wanted_wh, self.ev_enabled)

    @property
    def soc(self) -> float:
        """State of charge in percent; 0 without a battery."""
        return soc_of(self.spec, self.stored_wh)

    def demand(
        self, minute: int, hours: float, overrides: Overrides = NATURE
    ) -> Demand:
        """Return what is wanted in the rest of a block; moves the car."""
        day, index = divmod(minute, DAY_MINUTES)
        if day != self._day:
            spec = self.spec
            self._day = day
            self._solar = solar_day(spec, day)
            self._load = load_day(spec, day)
            self._sessions = sessions_day(spec, day)
        session = self._sessions[index]
        if overrides.ev_plugged is not None and self.spec.ev is not None:
            session = _MANUAL_SESSION if overrides.ev_plugged else None
        if session is not self.session and session != self.session:
            self._move_car(session)
        pv_w = self._solar[index] if overrides.pv_w is None else overrides.pv_w
        load_w = self._load[index] if overrides.load_w is None else overrides.load_w
        ev_w = 0.0
        if self.ev_wanted_wh > 0 and self.ev_enabled and self.spec.ev is not None:
            ev_w = min(self.spec.ev.power_w, self.ev_wanted_wh / hours)
            if self.ev_limit is not None:
                ev_w = min(ev_w, max(self.ev_limit(pv_w, load_w), 0.0))
        return Demand(pv_w, load_w, ev_w)

    def _move_car(self, session: Session | None) -> None:
        self.session = session
        self.ev_wanted_wh = 0.0 if session is None else session.energy_wh
        self.ev_enabled = (
            session is not None and self.spec.ev is not None and self.spec.ev.auto_start
        )

    def settle(self, flow: Flow, hours: float, *, complete: bool) -> None:
        """Let a flow have lasted for some hours; `complete` if to its planned end."""
        self.stored_wh = self.stored_after(flow, hours, complete=complete)
        if flow.ev_w:
            rest = self.ev_wanted_wh - flow.ev_w * hours
            # Below the resolution of the powers the car is full
            self.ev_wanted_wh = rest if rest > 0.01 else 0.0

    def stored_after(self, flow: Flow, hours: float, *, complete: bool) -> float:
        """Return what is stored when a flow has lasted for some hours, in Wh."""
        if complete and flow.end_wh is not None:
            return flow.end_wh
        battery_w = flow.battery_w
        if -self.spec.standby_w <= battery_w <= 0:
            return self.stored_wh
        if battery_w < 0:
            return self.stored_wh - battery_w * self.spec.one_way_efficiency * hours
        return self.stored_wh - battery_w / self.spec.one_way_efficiency * hours


def soc_of(spec: HouseSpec, stored_wh: float) -> float:
    """Return a stored energy as percent of the capacity; 0 without a battery."""
    capacity = spec.battery_capacity_wh
    return stored_wh / capacity * 100 if capacity else 0.0


@dataclass(frozen=True, slots=True)
class Day:
    """One local day that is over."""

    date: date
    start: Stock
    end: Stock
    energy: Energy
    records: tuple[Record, ...]


@lru_cache(maxsize=400)  # a pure function: equal houses have the same past
def natural_day(spec: HouseSpec, day: date, start: Stock) -> Day:
    """Let a local day pass in self-consumption, without any interference."""
    _, midnight = local_day_minutes(spec.zone, day)
    end, book = _pass_naturally(spec, day, start, midnight)
    return Day(day, start, end, book.energy_of(day), book.records(day))


@lru_cache(maxsize=256)  # houses of many tests begin at the same time of the same day
def natural_morning(
    spec: HouseSpec, day: date, start: Stock, until: int
) -> tuple[Stock, DayBook]:
    """Let a local day pass until a minute of it; the book is to be copied."""
    return _pass_naturally(spec, day, start, until)


def _pass_naturally(
    spec: HouseSpec, day: date, start: Stock, until: int
) -> tuple[Stock, DayBook]:
    engine = Engine(spec, start)
    book = DayBook(spec, day, engine.soc)
    for minute in range(local_day_minutes(spec.zone, day)[0], until):
        want = engine.demand(minute, BLOCK_HOURS)
        flow = balance(spec, SELF_USE, want, engine.stored_wh, BLOCK_HOURS)
        engine.settle(flow, BLOCK_HOURS, complete=True)
        book.count(flow, BLOCK_HOURS)
        book.turn(minute + 1, engine.soc)
    return engine.stock, book

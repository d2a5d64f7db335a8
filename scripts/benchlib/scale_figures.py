"""What the measurement of a large home says: figures, and whether they are good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

# The goals; times in seconds
SET_UP = 90.0
STALL_SET_UP = 0.200
STALL_AFTER = 0.020


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A time in which the event loop did not come round.

    Attributes:
        at: When it was over, epoch seconds.
        late: How long it took, s.
        collected: So much of it were pauses of the garbage collector.
        generation: The oldest that was collected, -1 for none.
        busy: So much of it the loop's thread had a processor for something else.
        doing: What ran, the most often seen first.
    """

    at: float
    late: float
    collected: float
    generation: int
    busy: float
    doing: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Take what the probe tells."""
        doing = tuple(name for name, _ in told["doing"])
        return cls(**{**told, "doing": doing})

    @property
    def own(self) -> float:
        """What is left without garbage collection, and without waiting, s."""
        return max(0.0, min(self.late - self.collected, self.busy))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalls:
    """All stalls of a time."""

    seconds: float
    found: tuple[Stall, ...] = ()

    def over(self, limit: float) -> tuple[Stall, ...]:
        """Return those that are longer."""
        return tuple(one for one in self.found if one.late > limit)

    def own_over(self, limit: float) -> tuple[Stall, ...]:
        """Return those that are longer without garbage collection and waiting."""
        return tuple(one for one in self.found if one.own > limit)

    @property
    def longest(self) -> Stall | None:
        """The longest one."""
        return max(self.found, key=lambda one: one.late, default=None)

    @property
    def longest_own(self) -> Stall | None:
        """The longest one without garbage collection and waiting."""
        return max(self.found, key=lambda one: one.own, default=None)

    @property
    def longest_collection(self) -> float:
        """The longest that garbage collection took at once, s."""
        return max((one.collected for one in self.found), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process needed.

    Attributes:
        seconds: For how long it was watched.
        cpu: Processor seconds in that time.
        memory: Resident at the end, bytes.
    """

    seconds: float
    cpu: float
    memory: int

    @property
    def cpu_per_hour(self) -> float:
        """Processor seconds per hour."""
        return self.cpu * 3600 / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """States written in some time, by entity id.

    Attributes:
        changed: Another state.
        attributes: The same state with other attributes.
        measured: An equal measurement, newly read.
        needless: An equal state of anything else.
    """

    minutes: float
    changed: Mapping[str, int] = field(default_factory=dict)
    attributes: Mapping[str, int] = field(default_factory=dict)
    measured: Mapping[str, int] = field(default_factory=dict)
    needless: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Take what the probe tells."""
        return cls(minutes=(told["ended"] - told["began"]) / 60, **told["writes"])

    def most(self, kind: str, number: int = 20) -> list[tuple[str, int]]:
        """Return the entities with the most writes of a kind."""
        return Counter(getattr(self, kind)).most_common(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A Home Assistant from its start on.

    Attributes:
        entries: How many were set up.
        states: How many states there were in the end.
        objects: How many objects garbage collection looks at.
        loaded: Seconds from the start of the process until all entries were loaded.
        started: The same until all entities were there too.
        starting: The stalls until then.
        after: Those of the time behind.
    """

    entries: int
    states: int
    objects: int
    loaded: float
    started: float
    starting: Stalls
    after: Stalls
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that was measured."""

    machine: str
    home_assistant: str
    python: str
    alone: Phase
    large: Phase
    adding: Stalls
    entities: Mapping[str, int]
    entries: Mapping[str, int]
    living: Written
    still: Written

    def verdicts(self) -> list[tuple[str, str, bool]]:
        """Return each goal, what was measured, and whether it holds."""
        start, after = self.large.starting, self.large.after
        goals = [
            (
                f"{self.large.entries} entries set up within {SET_UP:g} s of the start",
                f"{self.large.started:.1f} s",
                self.large.started < SET_UP,
            ),
            (
                f"no stall over {STALL_SET_UP * 1000:g} ms in set-up",
                _longest(start),
                not start.over(STALL_SET_UP),
            ),
            (
                f"no stall over {STALL_AFTER * 1000:g} ms afterwards",
                _longest(after),
                not after.over(STALL_AFTER),
            ),
        ]
        if self.still.minutes:
            needless = sum(
                sum(watched.needless.values()) for watched in (self.living, self.still)
            )
            goal = "a poll without news writes no state"
            goals.append((goal, f"{needless} for nothing", not needless))
        return goals


def milliseconds(seconds: float) -> str:
    """Return a time as people read it."""
    return f"{seconds * 1000:.0f} ms"


def _longest(stalls: Stalls) -> str:
    longest = stalls.longest
    return "none" if longest is None else f"longest {milliseconds(longest.late)}"


def split(
    told: Sequence[Mapping[str, Any]], until: float
) -> tuple[tuple[Stall, ...], tuple[Stall, ...]]:
    """Return the stalls before a moment, and those after it."""
    found = [Stall.of(one) for one in told]
    return (
        tuple(one for one in found if one.at <= until),
        tuple(one for one in found if one.at > until),
    )

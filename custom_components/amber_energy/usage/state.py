"""What is known of a site's usage, as it is shown and stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from .._vendor.core.client.decode import (
    day as to_day,
    integer,
    mapping,
    moment,
    number,
    text,
)
from ..driver import Channel
from .days import UsageDay
from .plan import DAY, LATE, RETENTION_DAYS

STATUSES = ("up_to_date", "waiting", "behind", "error")

# A day with estimates is read again each day for so long after it was first read
_CORRECTIONS = timedelta(days=14)
_KEPT_DAYS = RETENTION_DAYS + 2


@dataclass(frozen=True, slots=True)
class RegisterTotal:
    """A register's day: ``kwh`` never negative, ``cost`` in AUD as Amber signs it."""

    channel: Channel
    kwh: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """A day that was imported, or given up if it has no registers.

    Attributes:
        registers: By their keys.
        estimated: Whether some of it may still be corrected.
        fingerprint: Tells whether a number changed since.
        until: The last day on which it is read again; None if it is final.
        checked: When it was read last.
    """

    registers: Mapping[str, RegisterTotal] = field(default_factory=dict)
    estimated: bool = False
    fingerprint: str = ""
    until: date | None = None
    checked: date | None = None

    @property
    def cost(self) -> float:
        """AUD of all registers; positive is charged."""
        return sum(register.cost for register in self.registers.values())

    @classmethod
    def of(
        cls,
        usage: UsageDay,
        today: date,
        before: DayTotal | None,
        *,
        lacks: bool = False,
    ) -> DayTotal:
        """Sum up a day that was just imported.

        ``before`` is what was known of it; ``lacks`` whether more of it may come.
        """
        until = None
        if usage.estimated:
            until = today + _CORRECTIONS
            if before is not None and before.estimated and before.until is not None:
                until = before.until
        if lacks:
            until = max(until or date.min, usage.day + LATE)
        return cls(
            registers={
                key: RegisterTotal(register.channel, register.kwh, register.cost)
                for key, register in usage.registers.items()
            },
            estimated=usage.estimated,
            fingerprint=usage.fingerprint,
            until=until,
            checked=today,
        )

    @classmethod
    def gap(cls, day: date, today: date) -> DayTotal:
        """Return a day that was waited for in vain."""
        return cls(until=day + LATE, checked=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageState:
    """How far the import came.

    Attributes:
        done_until: All days up to this one were imported or given up.
        days: What is known of the last hundred days or so.
        prefixes: How each register's sensors begin, in the order of discovery.
        waited: The days on which the first missing day was asked for.
        attempted_at: When usage was asked for last, aware UTC.
        error: Key of the error with which the last attempt ended.
        history_days: For how much of the past it was asked after set-up.
    """

    done_until: date | None = None
    days: Mapping[date, DayTotal] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    waited: frozenset[date] = frozenset()
    attempted_at: datetime | None = None
    error: str | None = None
    history_days: int = 0

    @property
    def last_day(self) -> date | None:
        """The newest day that was imported."""
        return max(
            (d for d, total in self.days.items() if total.registers), default=None
        )

    @property
    def last(self) -> DayTotal | None:
        """The totals of the newest day that was imported."""
        return self.days[self.last_day] if self.last_day is not None else None

    def status(self, behind: int | None) -> str:
        """Return which of ``STATUSES`` it is, with so many days missing."""
        if self.error is not None:
            return "error"
        if behind is None or behind == 1:
            return "waiting"
        return "behind" if behind else "up_to_date"

    def again(self, today: date) -> list[date]:
        """Return the days that are to be looked at again."""
        return [
            day
            for day, total in sorted(self.days.items())
            if total.until is not None
            and today <= total.until
            and total.checked != today
        ]

    def with_day(self, day: date, total: DayTotal) -> UsageState:
        """Return the state with a day; the oldest ones are forgotten."""
        days = dict(self.days) | {day: total}
        oldest = max(days) - _KEPT_DAYS * DAY
        known = dict(self.prefixes)
        new = {k: r.channel for k, r in total.registers.items() if k not in known}
        for key, channel in sorted(new.items()):
            known[key] = _prefix(key, channel, self, new)
        return replace(
            self,
            days={d: days[d] for d in sorted(days) if d > oldest},
            prefixes=known,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "done_until": _iso(self.done_until),
            "days": {
                day.isoformat(): {
                    "registers": {
                        key: [register.channel.value, register.kwh, register.cost]
                        for key, register in total.registers.items()
                    },
                    "estimated": total.estimated,
                    "fingerprint": total.fingerprint,
                    "until": _iso(total.until),
                    "checked": _iso(total.checked),
                }
                for day, total in self.days.items()
            },
            "prefixes": dict(self.prefixes),
            "waited": sorted(day.isoformat() for day in self.waited),
            "attempted_at": _iso(self.attempted_at),
            "error": self.error,
            "history_days": self.history_days,
        }

    @classmethod
    def from_dict(cls, stored: object) -> UsageState:
        """Return what was stored; what is damaged is as if it had never been."""
        note = mapping(stored)
        days = {
            day: total
            for key, value in mapping(note.get("days")).items()
            if (day := to_day(key)) is not None and (total := _total(value)) is not None
        }
        prefixes = mapping(note.get("prefixes"))
        waited = note.get("waited")
        return cls(
            done_until=to_day(note.get("done_until")),
            days=dict(sorted(days.items())),
            prefixes={str(key): str(value) for key, value in prefixes.items()},
            waited=frozenset(
                day
                for value in (waited if isinstance(waited, list) else [])
                if (day := to_day(value)) is not None
            ),
            attempted_at=moment(note.get("attempted_at")),
            error=text(note.get("error")),
            history_days=integer(note.get("history_days"), low=0, high=10**4) or 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What an import of a range did; ``missing`` are days that are not complete."""

    days: int
    rows: int
    missing: tuple[date, ...]


def _prefix(
    key: str, channel: Channel, state: UsageState, new: Mapping[str, Channel]
) -> str:
    """Return how the sensors of a new register begin: as its channel if it can be.

    A name that was given once stays: entities are not renamed when a second register
    of a type appears.
    """
    alike = sum(other is channel for other in new.values())
    if alike == 1 and channel.value not in state.prefixes.values():
        return channel.value
    return f"{channel.value}_{key}"


def _total(stored: object) -> DayTotal | None:
    note = mapping(stored)
    registers: dict[str, RegisterTotal] = {}
    for key, value in mapping(note.get("registers")).items():
        try:
            channel, kwh, cost = value
            known = Channel(channel)
        except TypeError, ValueError:
            return None
        energy, money = number(kwh, low=0), number(cost)
        if energy is None or money is None:
            return None
        registers[str(key)] = RegisterTotal(known, energy, money)
    return DayTotal(
        registers=registers,
        estimated=note.get("estimated") is True,
        fingerprint=text(note.get("fingerprint")) or "",
        until=to_day(note.get("until")),
        checked=to_day(note.get("checked")),
    )


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()

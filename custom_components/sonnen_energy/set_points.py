"""The power set points in manual mode, which cannot be read back (reference 6.4).

What we have last told the battery is noted, so that it is known after a restart. The
power that its controller asks the inverter for (``SetPoint_W``) shows whether it is
still so: the battery loses its set points in the night.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from ._vendor.core.client.decode import mapping, number
from ._vendor.core.control.intent import Value, Values
from .modes import MANUAL

type Direction = Literal["charge", "discharge"]

CHARGE: Direction = "charge"
DISCHARGE: Direction = "discharge"
DIRECTIONS: tuple[Direction, ...] = (CHARGE, DISCHARGE)

# Until the controller asks for a new power (6.4: 5 to 15 s)
SETTLES = timedelta(seconds=15)
# Manual mode that was asked for may show late.
_AWAITED = timedelta(minutes=5)
# Less is none: an idle battery is rarely at exactly 0.
NONE = 50.0
_SHARE = 0.1
# States of the controller in which its other values mean nothing (3.2)
_NOT_READY = frozenset({"config", "init", "reinit", "not ready"})
_FULL = 99.0
_EMPTY = 2.0


class Notes(Protocol):
    """Plain JSON values that survive a restart, by key."""

    def get(self, key: str) -> Any:
        """Return a note, None if there is none."""

    def set(self, key: str, value: Any) -> None:
        """Keep a note; None forgets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the controller asked for at a time: W, + is discharging; SoC in percent."""

    at: datetime
    power: float
    soc: float | None = None

    def leaves_room(self, direction: Direction, reserve: float) -> bool:
        """Whether nothing but a lost set point explains that the battery rests."""
        if self.soc is None:
            return False
        if direction == CHARGE:
            return self.soc < _FULL
        return self.soc > max(reserve, _EMPTY)


def evidence_of(latest: object, at: datetime) -> Evidence | None:
    """Return what ``latestdata`` shows; None while the battery starts."""
    wire = mapping(latest)
    power = number(wire.get("SetPoint_W"))
    state = str(mapping(wire.get("ic_status")).get("statecorecontrolmodule", ""))
    if power is None or state.strip().lower() in _NOT_READY:
        return None
    return Evidence(at=at, power=power, soc=number(wire.get("USOC"), low=0, high=100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a direction was told: W and when. ``sure`` says that it was acknowledged.

    Without ``watts`` it is still to be told.
    """

    at: datetime
    watts: int | None = None
    sure: bool = False

    @property
    def lasts(self) -> timedelta:
        """How long it is expected that manual mode shows."""
        return SETTLES if self.watts is not None else _AWAITED

    def fits(self, direction: Direction, seen: Evidence) -> bool:
        """Whether the controller asks for it."""
        forth = -seen.power if direction == CHARGE else seen.power
        if not self.watts:
            return forth < NONE
        return abs(forth - self.watts) <= max(NONE, _SHARE * self.watts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of both set points now, for ``Settings``."""

    values: dict[str, Value] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset(DIRECTIONS)
    lost: frozenset[str] = frozenset()


class SetPoints:
    """Keeps what was told."""

    def __init__(self, serial: str, notes: Notes) -> None:
        """Go on with what was noted."""
        self._key, self._notes = f"{serial}/set_points", notes

    def due(self, at: datetime) -> None:
        """Manual mode is being entered: an old set point may come back to life."""
        self._set(dict.fromkeys(DIRECTIONS, Told(at=at)))

    def told(
        self, direction: Direction, watts: int, at: datetime, *, sure: bool
    ) -> None:
        """Note what was told."""
        self._set({**self._all, direction: Told(at=at, watts=watts, sure=sure)})

    def arrived(self, direction: Direction, seen: Evidence) -> bool:
        """Whether the controller asks for what was told last."""
        told = self._all.get(direction)
        return told is not None and told.fits(direction, seen)

    def forget(self) -> None:
        """Manual mode was left: nothing of it counts any more."""
        if self._notes.get(self._key) is not None:
            self._notes.set(self._key, None)

    @property
    def drive(self) -> bool:
        """Whether the battery was told a power."""
        return any(told.watts for told in self._all.values())

    def fresh(self, now: datetime) -> bool:
        """Whether the controller may not have asked for it yet."""
        return any(now - told.at < SETTLES for told in self._all.values())

    def wants_evidence(self, now: datetime) -> bool:
        """Whether the controller's power would tell anything."""
        return any(
            now - told.at >= SETTLES and (told.watts or not told.sure)
            for told in self._all.values()
            if told.watts is not None
        )

    def known(
        self, values: Values, observed_at: datetime, seen: Evidence | None
    ) -> Known:
        """Return what is known while the other settings are ``values``."""
        if values.get("mode") != MANUAL:
            if all(observed_at - told.at >= told.lasts for told in self._all.values()):
                self.forget()
            return Known()
        reserve = values.get("reserve")
        least = float(reserve) if isinstance(reserve, int) else 0.0
        found: dict[str, Value] = {}
        lost: set[str] = set()
        for direction, told in self._all.items():
            shown = self._shown(direction, told, seen, least)
            if shown is None:
                lost.add(direction)
                if told.sure:
                    found[direction] = 0
            elif shown.sure and shown.watts is not None:
                found[direction] = shown.watts
        return Known(
            values=found,
            assumed=frozenset(DIRECTIONS) - lost,
            lost=frozenset(lost),
        )

    def _shown(
        self,
        direction: Direction,
        told: Told,
        seen: Evidence | None,
        reserve: float,
    ) -> Told | None:
        """Return what was told as it is known now; None if it is not so."""
        if told.watts is None:
            return None
        if seen is None or seen.at - told.at < SETTLES:
            return told
        if told.sure:
            gone = (
                told.watts > 0
                and abs(seen.power) < NONE
                and seen.leaves_room(direction, reserve)
            )
            return None if gone else told
        if not told.fits(direction, seen):
            return None
        self.told(direction, told.watts, told.at, sure=True)
        return Told(at=told.at, watts=told.watts, sure=True)

    @property
    def _all(self) -> dict[Direction, Told]:
        noted = mapping(self._notes.get(self._key))
        return {
            direction: told
            for direction in DIRECTIONS
            if (told := _load(noted.get(direction))) is not None
        }

    def _set(self, told: Mapping[Direction, Told]) -> None:
        self._notes.set(
            self._key,
            {
                direction: {
                    "at": one.at.isoformat(),
                    "watts": one.watts,
                    "sure": one.sure,
                }
                for direction, one in told.items()
            },
        )


def _load(noted: object) -> Told | None:
    """Return what was noted; None for what cannot be read."""
    if not isinstance(noted, Mapping):
        return None
    try:
        at = datetime.fromisoformat(noted["at"])
    except KeyError, TypeError, ValueError:
        return None
    watts = noted.get("watts")
    if at.tzinfo is None or not isinstance(watts, int | None):
        return None
    return Told(at=at, watts=watts, sure=bool(noted.get("sure")))

"""An EV charger's energy since ever, which no counter says (reference section 9, E).

It is the sum of the sessions of the log, which are known by their numbers, and of the
one that is shown. The log goes back a month: what was counted before stays.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import datetime
from typing import Any

from ._vendor.core.client.decode import mapping, moment, number, text
from .readings import ChargerSession

type Memory = MutableMapping[str, Any]

# A month has not nearly as many; older ones are counted without their numbers.
_MOST = 500
# So far log and present may be apart in what is one session
_ALIKE = 0.05
_DIGITS = 3


def total(memory: Mapping[str, Any]) -> float | None:
    """Return the energy in kWh, None while nothing is known of any session."""
    return number(memory.get("total"), low=0.0)


def learn(
    memory: Memory,
    sessions: Iterable[ChargerSession] | None,
    current: ChargerSession | None,
    now: datetime,
) -> None:
    """Take over what a charger says; ``memory`` is plain JSON, changed in place.

    ``sessions`` are those of the log, None if it was not read; ``now``, aware, is when
    that was. ``total`` never falls. A log that comes after there already was a total
    adds nothing of what ended before that.
    """
    book = _Book(memory, now)
    for session in sessions or ():
        book.logged(session)
    if current is not None and current.kwh is not None:
        book.shown(current, current.kwh)
    book.store(memory)


class _Book:
    """All sessions of one charger.

    ``known`` are those with a name, ``pending`` the energies of such without one that
    are over and not in the log yet, ``open`` the one that is shown.
    """

    def __init__(self, memory: Mapping[str, Any], now: datetime) -> None:
        self.known = {
            name: kwh
            for name, raw in mapping(memory.get("sessions")).items()
            if isinstance(name, str) and (kwh := number(raw, low=0.0)) is not None
        }
        self.starts = {
            start: name
            for start, name in mapping(memory.get("starts")).items()
            if isinstance(start, str) and isinstance(name, str) and name in self.known
        }
        pending = memory.get("pending")
        self.pending = [
            kwh
            for raw in (pending if isinstance(pending, list) else ())
            if (kwh := number(raw, low=0.0)) is not None
        ]
        self.base = number(memory.get("base")) or 0.0
        # Since when there is a total, and whether there ever was a log
        self._since = moment(memory.get("since")) or now
        self._late = "total" in memory and memory.get("logged") is not True
        self._logged = memory.get("logged") is True
        self._added: list[float] = []
        before = mapping(memory.get("open"))
        self._kwh = number(before.get("kwh"), low=0.0)
        self._name = text(before.get("name"))
        self._counted = before.get("counted") is True

    def logged(self, session: ChargerSession) -> None:
        """Take over a session of the log."""
        start = session.started.isoformat() if session.started else None
        name = session.id or start
        if name is None or session.kwh is None:
            return
        if start is not None:
            earlier = self.starts.get(start)
            if earlier is not None and earlier != name and earlier in self.known:
                self.known[name] = self.known.pop(earlier)
            self.starts[start] = name
        if self._name is not None and self._name in (name, start):
            self._name, self._counted = name, True
        if name not in self.known:
            self._added.append(session.kwh)
            if (same := _alike(session.kwh, self.pending)) is not None:
                self.pending.remove(same)
            elif self._name is None and self._is_open(session.kwh):
                self._counted = True
            elif name != self._name and self._is_past(session):
                self.base -= session.kwh
        self.known[name] = max(session.kwh, self.known.get(name, 0.0))
        self._logged = True

    def shown(self, session: ChargerSession, kwh: float) -> None:
        """Take over the session that is shown, which may be over since long."""
        start = session.started.isoformat() if session.started else None
        name = session.id or start
        if start is not None and name not in self.known:
            name = self.starts.get(start, name)
        if self._kwh is not None and not self._counted and self._another(name, kwh):
            self._end()
        if name is not None:
            if start is not None and name in self.known:
                self.starts[start] = name
            counted = name in self.known
            if counted:
                self.known[name] = max(kwh, self.known[name])
        else:
            others = self.known.values() if session.over else self._added
            counted = (self._counted and self._is_open(kwh)) or (
                _alike(kwh, others) is not None
            )
        self._kwh, self._name, self._counted = kwh, name, counted

    def store(self, memory: Memory) -> None:
        """Put all back into plain JSON."""
        while len(self.known) > _MOST:
            self.base += self.known.pop(next(iter(self.known)))
        memory["sessions"] = self.known
        memory["starts"] = {
            start: name for start, name in self.starts.items() if name in self.known
        }
        memory["pending"] = self.pending
        memory["base"] = round(self.base, _DIGITS)
        summed = self.base + sum(self.known.values()) + sum(self.pending)
        if self._kwh is not None:
            summed += 0.0 if self._counted else self._kwh
            memory["open"] = {
                "kwh": self._kwh,
                "name": self._name,
                "counted": self._counted,
            }
        elif not self.known and "total" not in memory:
            return
        memory["since"] = self._since.isoformat()
        memory["logged"] = self._logged
        before = number(memory.get("total"), low=0.0) or 0.0
        memory["total"] = round(max(summed, before), _DIGITS)

    def _is_past(self, session: ChargerSession) -> bool:
        """Tell whether a session of a late log ended before there was a total."""
        if not self._late:
            return False
        ended = session.ended or session.started
        return ended is None or ended <= self._since

    def _is_open(self, kwh: float) -> bool:
        return self._kwh is not None and abs(self._kwh - kwh) <= _ALIKE

    def _another(self, name: str | None, kwh: float) -> bool:
        if name != self._name:
            return True
        return name is None and self._kwh is not None and kwh < self._kwh - _ALIKE

    def _end(self) -> None:
        """Keep the energy of the session that was shown before."""
        kwh = self._kwh or 0.0
        if self._name is not None:
            self.known[self._name] = max(kwh, self.known.get(self._name, 0.0))
        elif kwh > 0 and _alike(kwh, self._added) is None:
            self.pending.append(kwh)


def _alike(kwh: float, others: Iterable[float]) -> float | None:
    return next((one for one in others if abs(one - kwh) <= _ALIKE), None)

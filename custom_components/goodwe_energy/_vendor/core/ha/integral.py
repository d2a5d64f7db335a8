"""Energy from power, for devices that count none (kWh that only rise).

The trapezoid between two samples counts, if they are at most five minutes apart.
What was counted and the last sample stand in the account's file, so that a restart
is a gap like any other: a short one is bridged, by the wall clock, and a long one
left out. A crash loses nothing either, although the file is up to half a minute old:
the bridge begins at the sample that stands beside the counter.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..client.clock import Clock
from ..model import Power
from .account import Account
from .rising import State

MAX_GAP = timedelta(minutes=5)
_DECIMALS = 3
_SECONDS_PER_HOUR = 3600.0
_KILO = 1000.0


def flows(power: Power) -> dict[str, float | None]:
    """Return the W of each direction: the sign is split before anything is added up."""
    return {
        "solar": _forward(power.solar),
        "load": _forward(power.load),
        "imported": _forward(power.grid),
        "exported": _backward(power.grid),
        "discharged": _forward(power.battery),
        "charged": _backward(power.battery),
    }


def _forward(watts: float | None) -> float | None:
    return None if watts is None else max(0.0, watts)


def _backward(watts: float | None) -> float | None:
    return None if watts is None else max(0.0, -watts)


class Integrals:
    """The energies of one device, by the names of ``flows``."""

    def __init__(self, account: Account, prefix: str, clock: Clock) -> None:
        """Go on with what the account knows under ``prefix`` (it ends with a slash)."""
        self._account = account
        self._prefix = prefix
        self._clock = clock
        self._stamp: object = None
        # When the last sample of this run came, monotonic, by name
        self._last: dict[str, float] = {}

    def add(self, power: Power, stamp: object = None) -> None:
        """Take a sample; call it at once when it was received.

        ``stamp`` is the device's own: the same one twice in a row is one sample,
        whatever the values. None is never the same.
        """
        if stamp is not None and stamp == self._stamp:
            return
        self._stamp = stamp
        self._take(flows(power), power.observed_at)

    def kwh(self, name: str) -> float | None:
        """Return a counter, kWh; None before its first sample."""
        value = self._state(name).get("value")
        return None if value is None else round(value / _KILO, _DECIMALS)

    def floor(self, name: str, kwh: float | None) -> None:
        """Never show less than ``kwh``, which was shown before a restart.

        To be called before the first state is written. Where the file is behind, its
        sample is too, and is not bridged from: nothing is counted twice.
        """
        shown = self.kwh(name)
        if kwh is None or kwh < 0 or (shown is not None and shown >= kwh):
            return
        state = self._state(name)
        if name not in self._last:
            state.pop("power", None)
        self._write(state, kwh * _KILO, self._clock.now())

    def _take(self, samples: Mapping[str, float | None], at: datetime) -> None:
        now = self._clock.monotonic()
        for name, power in samples.items():
            if power is None:
                continue
            state = self._state(name)
            value: float = state.get("value", 0.0)
            before: float | None = state.get("power")
            if before is not None:
                gap = self._gap(name, state, at, now)
                if 0.0 < gap <= MAX_GAP.total_seconds():
                    value += (before + power) / 2 * gap / _SECONDS_PER_HOUR
            self._write(state, value, at)
            state["power"] = power
            self._last[name] = now

    def _gap(self, name: str, state: State, at: datetime, now: float) -> float:
        """Return the seconds since the last sample, by the clock that can tell it."""
        if (last := self._last.get(name)) is not None:
            return now - last
        return (at - datetime.fromisoformat(state["at"])).total_seconds()

    def _state(self, name: str) -> State:
        return self._account.counter(f"{self._prefix}{name}")

    def _write(self, state: State, value: float, at: datetime) -> None:
        state["value"] = value
        state["at"] = at.isoformat()
        state["day"] = at.date().isoformat()
        self._account.touch()

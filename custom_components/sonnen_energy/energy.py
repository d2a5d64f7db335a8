"""Energies: integrated from the flows, and counted by the meters (reference 9.2)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client import decode
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.ha import rising
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.integral import Integrals
from ._vendor.core.ha.midnight import each_day
from .api.models import Meter

# The flows by the names of their entities
FLOWS: Mapping[str, str] = {
    "solar": "solar",
    "import": "imported",
    "export": "exported",
    "battery_charge": "charged",
    "battery_discharge": "discharged",
    "load": "load",
}
_ONE_DAY = timedelta(days=1)
_DECIMALS = 3


class Energies:
    """What one battery's house has gained and used; kWh that only rise."""

    def __init__(
        self, hass: HomeAssistant, serial: str, account: Account, zone: tzinfo
    ) -> None:
        """Go on with what the account knows."""
        self._hass, self._account, self._zone = hass, account, zone
        self._serial = serial
        self._note = f"{serial}/day"
        self._integrals = Integrals(account, f"{serial}/flow/", SystemClock())
        self._fed: datetime | None = None

    def feed(self, live: driver.Live) -> None:
        """Take a reading that was just polled; once more the same does nothing."""
        if live.observed_at == self._fed:
            return
        self._roll_over()
        self._fed = live.observed_at
        self._integrals.add(live.power, live.stamp)

    def skip(self, live: driver.Live) -> None:
        """Do not take a reading of an earlier run: it was taken then."""
        self._fed = live.observed_at

    def total(self, flow: str) -> float | None:
        """Return what was ever counted; None before the first reading."""
        return self._integrals.kwh(FLOWS[flow])

    def today(self, flow: str) -> float | None:
        """Return what was counted since midnight, or since it was first read."""
        if (total := self.total(flow)) is None:
            return None
        start = self._roll_over().get(flow, 0.0)
        return max(0.0, round(total - start, _DECIMALS))

    def floor_total(self, flow: str, kwh: float | None) -> None:
        """Do not show less than what was shown before a restart."""
        before = self.total(flow) or 0.0
        self._integrals.floor(FLOWS[flow], kwh)
        if (raised := (self.total(flow) or 0.0) - before) > 0:
            starts = self._roll_over()
            self._keep({**starts, flow: starts.get(flow, 0.0) + raised})

    def floor_today(self, flow: str, kwh: float | None, shown_at: datetime) -> None:
        """Do not show less than what was shown earlier on the same day."""
        if kwh is None or shown_at.astimezone(self._zone).date() != self._date:
            return
        today, total = self.today(flow), self.total(flow)
        if today is not None and total is not None and today < kwh:
            self._keep({**self._roll_over(), flow: total - kwh})

    def guard(self, meters: driver.Meters) -> driver.Meters:
        """Return meters whose counters never dip, whatever they send."""
        return replace(
            meters,
            values={
                key: self._guarded(key, meter, meters.observed_at)
                for key, meter in meters.values.items()
            },
        )

    def _guarded(self, key: str, meter: Meter, at: datetime) -> Meter:
        # A meter that starts counts nothing at all; exported is nothing at most homes.
        starting = not meter.imported
        return replace(
            meter,
            imported=self._counter(f"{key}_imported", meter.imported, at, starting),
            exported=self._counter(f"{key}_exported", meter.exported, at, starting),
        )

    def async_each_day(self, action: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``action`` when a day begins, until what is returned is called."""

        def begin() -> None:
            self._roll_over()
            action()

        return each_day(self._hass, begin)

    @property
    def _date(self) -> date:
        return dt_util.utcnow().astimezone(self._zone).date()

    def _roll_over(self) -> dict[str, float]:
        """Return the totals with which today began; a new day begins with those of now.

        A clock that is put back over midnight begins no day again.
        """
        noted = decode.mapping(self._account.notes.get(self._note))
        day, today = decode.day(noted.get("day")), self._date
        starts = _numbers(noted.get("starts"))
        if day is not None and (day == today or today < day <= today + _ONE_DAY):
            return starts
        # Before the first reading there is nothing: the day begins at 0.
        starts = {flow: total for flow in FLOWS if (total := self.total(flow))}
        self._keep(starts)
        return starts

    def _keep(self, starts: Mapping[str, float]) -> None:
        note: dict[str, Any] = {"day": self._date.isoformat(), "starts": dict(starts)}
        self._account.note(self._note, note)

    def _counter(
        self, key: str, value: float | None, at: datetime, starting: bool
    ) -> float | None:
        return rising.total_counter(
            self._account.counter(f"{self._serial}/meter/{key}"),
            value,
            at.astimezone(self._zone),
            doubt_zero=starting,
        )


def _numbers(value: object) -> dict[str, float]:
    return {
        str(key): number
        for key, item in decode.mapping(value).items()
        if (number := decode.number(item)) is not None
    }

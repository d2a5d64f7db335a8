"""Energies of the day and the vendor's balance, with counters that never dip."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from . import driver
from ._vendor.core.client import decode
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.ha import rising
from ._vendor.core.ha.account import Account
from ._vendor.core.model import DayEnergy, Summary
from .api.client import AlphaEssClient
from .const import NEW_DAY_GRACE

_DAY_COUNTERS = (
    "solar",
    "imported",
    "exported",
    "charged",
    "discharged",
    "charged_from_grid",
    "ev",
    "load",
    "solar_to_battery",
    "solar_to_load",
    "grid_to_load",
)


class DailySource:
    """Fetches and decodes what one system counts (reference 3.4, 3.5 and 9.4)."""

    def __init__(
        self,
        serial: str,
        account: Account,
        client: AlphaEssClient,
        now: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        """Go on with the counters that the account remembers."""
        self._serial, self._account, self._client = serial, account, client
        self._now, self._zone = now, zone

    async def fetch_energy(self) -> dict[str, Any]:
        """Read the energies of the site's today."""
        today = self._now().astimezone(self._zone).date()
        return {
            "asked": today.isoformat(),
            "data": await self._client.day_energy(self._serial, today),
        }

    def decode_energy(self, raw: Any, received_at: datetime) -> DayEnergy:
        """Decode what ``fetch_energy`` returned; raises ``BadDataError``."""
        document = decode.mapping(raw)
        if (asked := decode.day(document.get("asked"))) is None:
            raise BadDataError("the energies are of no known day")
        data = decode.mapping(document.get("data"))
        driver.check_serial(data, self._serial)
        energy = driver.day_energy(data, received_at, asked)
        guarded = {
            key: self._day_counter(
                f"{key}_today", getattr(energy, key), asked, received_at
            )
            for key in _DAY_COUNTERS
        }
        return DayEnergy(observed_at=received_at, day=asked, **guarded)

    def decode_summary(self, raw: Any, received_at: datetime) -> Summary:
        """Decode the balance."""
        summary = driver.summary(raw, received_at, self._zone)
        return replace(
            summary,
            solar_total=self._total("solar_total", summary.solar_total, received_at),
            co2_avoided=self._total("co2", summary.co2_avoided, received_at),
            trees=self._total("trees", summary.trees, received_at),
            currency=self._currency(summary.currency),
            load_today=self._load(summary, received_at),
        )

    @property
    def has_load_energy(self) -> bool:
        """Whether the vendor tells the day's load itself.

        Decided once: it and the balance of the other energies differ, so a change
        in the middle of a day would be a dip.
        """
        return self._account.notes.get(f"{self._serial}/load_from_summary") is True

    def rest_of_day(self, reading: DayEnergy | Summary) -> timedelta:
        """Let what was counted today not stand as today's for long after midnight."""
        tomorrow = datetime.combine(
            reading.day + timedelta(days=1), time.min, self._zone
        )
        return tomorrow + NEW_DAY_GRACE - reading.observed_at

    def _load(self, summary: Summary, received_at: datetime) -> float | None:
        note = f"{self._serial}/load_from_summary"
        if note not in self._account.notes:
            self._account.note(note, summary.load_today is not None)
        return self._day_counter(
            "summary_load_today", summary.load_today, summary.day, received_at
        )

    def _currency(self, currency: str | None) -> str | None:
        """Keep the last known one: an amount does not change its unit for a null."""
        note = f"{self._serial}/currency"
        if currency is not None and currency != self._account.notes.get(note):
            self._account.note(note, currency)
        return decode.text(self._account.notes.get(note))

    def _day_counter(
        self, key: str, value: float | None, day: date, received_at: datetime
    ) -> float | None:
        return rising.day_counter(
            self._account.counter(f"{self._serial}/{key}"),
            value,
            day,
            received_at.astimezone(self._zone),
        )

    def _total(
        self, key: str, value: float | None, received_at: datetime
    ) -> float | None:
        return rising.total_counter(
            self._account.counter(f"{self._serial}/{key}"),
            value,
            received_at.astimezone(self._zone),
        )

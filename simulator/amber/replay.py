"""A cloud that answers the prices and the usage that a download has recorded."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ..clock import Clock
from ..replay import Recording, RecordingError
from . import prices, usage
from .intervals import Documents
from .nem import DAY, HALF_HOUR, SLOT_MINUTES, first_slot, slot_of, times, today
from .protocol import count_of, day_in
from .server import AmberSimulator
from .sites import Channel, Site

_FORMS: dict[str, Callable[[int], str]] = {
    "site": "01J9ZK3V7Q8M2N4P6R8T0W5X{:02d}".format,
    "NMI": "41031239{:02d}".format,
}
_ONLY_AHEAD = ("estimate", "range", "advancedPrice")


def replayed(recording: Recording, clock: Clock) -> AmberSimulator:
    """Return a simulator with the recorded sites.

    It begins with the interval of the recording as the running one. From there time
    goes on: what was forecast becomes the price.
    """
    recording = recording.invented(_FORMS)
    listed = recording.documents.get("sites") or ()
    # Of a site that is closed there are none
    raw = recording.section("prices").get("raw") or []
    if not listed:
        raise RecordingError("has no list of sites")
    sites = [_site(site) for site in listed]
    simulator = AmberSimulator(clock=clock, sites=sites)
    site_id = recording.section("entry")["data"]["site_id"]
    site = simulator.sites[site_id]
    distance = slot_of(clock()) - slot_of(recording.recorded_at)
    distance -= distance % (site.minutes // SLOT_MINUTES)
    tape = _Prices(raw, distance)
    days = _Days(recording, site)
    states = {
        key.split("/")[1]: _Renewables(document, distance)
        for key, document in recording.documents.items()
        if key.startswith("renewables/")
    }

    def current(
        server: AmberSimulator, asked: Site, query: Mapping[str, str], now: datetime
    ) -> Documents:
        if asked is not site:
            return prices.current(server, asked, query, now)
        return tape.answer(query, now)

    def used(
        server: AmberSimulator, asked: Site, query: Mapping[str, str], now: datetime
    ) -> Documents:
        if asked is not site:
            return usage.usage(server, asked, query, now)
        return days.answer(query, now)

    def renewables(
        server: AmberSimulator, state: str, query: Mapping[str, str], now: datetime
    ) -> Documents:
        if state not in states:
            return prices.renewables(server, state, query, now)
        return states[state].answer(query, now)

    simulator.endpoints |= {
        "prices/current": ("prices_current", current),
        "usage": ("sites_usage", used),
    }
    simulator.renewables = renewables
    return simulator


def _site(told: Mapping[str, Any]) -> Site:
    def day(name: str) -> date | None:
        return date.fromisoformat(told[name]) if told.get(name) else None

    return Site(
        id=told["id"],
        nmi=told["nmi"],
        channels=[
            Channel(
                identifier=channel["identifier"],
                type=channel["type"],
                tariff=channel.get("tariff", ""),
            )
            for channel in told.get("channels") or ()
        ],
        network=told.get("network", ""),
        status=told.get("status", "active"),
        active_from=day("activeFrom"),
        closed_on=day("closedOn"),
        interval_length=told.get("intervalLength"),
    )


class _Intervals:
    """Recorded intervals that are past, running or to come by the clock."""

    kinds = ("ActualInterval", "CurrentInterval", "ForecastInterval")

    def __init__(self, raw: Iterable[Mapping[str, Any]], distance: int) -> None:
        """Move them by so many slots."""
        self._series: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
        for record in raw:
            start = slot_of(datetime.fromisoformat(record["startTime"])) + distance
            self._series[str(record.get("channelType"))][start] = record

    def answer(self, query: Mapping[str, str], now: datetime) -> Documents:
        """Return the running intervals, with as many before and after as asked."""
        before, after = count_of(query, "previous"), count_of(query, "next")
        slot = slot_of(now)
        found: Documents = []
        for series in self._series.values():
            past, running, ahead = [], [], []
            for start, record in sorted(series.items()):
                slots = int(record["duration"]) // SLOT_MINUTES
                if start + slots <= slot:
                    past.append(self._told(0, start, slots, record))
                elif start <= slot:
                    running.append(self._told(1, start, slots, record))
                else:
                    ahead.append(self._told(2, start, slots, record))
            found += [*past[len(past) - before :], *running, *ahead[:after]]
        return found

    def _told(
        self, place: int, start: int, slots: int, record: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {**record, **times(start, slots), "type": self.kinds[place]}


class _Prices(_Intervals):
    def _told(
        self, place: int, start: int, slots: int, record: Mapping[str, Any]
    ) -> dict[str, Any]:
        told = super()._told(place, start, slots, record)
        if place == 0:
            return {key: told[key] for key in told if key not in _ONLY_AHEAD}
        return {"estimate": False, **told} if place == 1 else told


class _Renewables(_Intervals):
    kinds = ("ActualRenewable", "CurrentRenewable", "ForecastRenewable")


class _Days:
    """The days of which energies and money were known.

    Their records were not: the whole of a day is in its first half hour.
    """

    def __init__(self, recording: Recording, site: Site) -> None:
        """Take what was remembered of the usage."""
        remembered = recording.section("remembered").get("usage") or {}
        self._days: Mapping[str, Any] = remembered.get("days") or {}
        self._recorded_on = today(recording.recorded_at)
        self._names = {channel.identifier.lower(): channel for channel in site.channels}

    def answer(self, query: Mapping[str, str], now: datetime) -> Documents:
        """Return the records of the days that are asked for."""
        start, end = day_in(query, "startDate"), day_in(query, "endDate")
        if start is None or end is None:
            return []
        distance = today(now) - self._recorded_on
        found: Documents = []
        for place in range(start.toordinal(), end.toordinal() + 1):
            day = date.fromordinal(place)
            known = self._days.get((day - distance).isoformat()) or {}
            for key, (_, kwh, cost) in (known.get("registers") or {}).items():
                if (channel := self._names.get(key)) is not None:
                    quality = "estimated" if known.get("estimated") else "billable"
                    found += _records(channel, day, quality, kwh, cost)
        return found


def _records(
    channel: Channel, day: date, quality: str, kwh: float, cost: float
) -> Documents:
    first = first_slot(day)
    return [
        {
            "type": "Usage",
            **times(slot, HALF_HOUR),
            "duration": HALF_HOUR * SLOT_MINUTES,
            "quality": quality,
            "kwh": 0.0 if slot > first else abs(kwh),
            "cost": 0.0 if slot > first else round(cost * 100, 6),
            "perKwh": 0.0,
            "channelType": channel.type,
            "channelIdentifier": channel.identifier,
        }
        for slot in range(first, first + DAY, HALF_HOUR)
    ]

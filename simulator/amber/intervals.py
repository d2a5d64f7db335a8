"""Price intervals as the API answers them (amber.md sections 3.2 and 3.3)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from .market import POTENTIAL, SPIKE
from .nem import DAY, HALF_HOUR, SLOT_MINUTES, day_of, first_slot, half_hour_of, times
from .outlook import Outlook
from .sites import Site
from .tariff import CHANNEL_TYPES, ChannelType, descriptor

type Kind = Literal["ActualInterval", "CurrentInterval", "ForecastInterval"]
type Documents = list[dict[str, Any]]


class Intervals:
    """The intervals of one channel of one site at one instant."""

    def __init__(
        self,
        site: Site,
        channel: ChannelType,
        outlook: Outlook,
        *,
        minutes: int,
        horizon_hours: float,
        prices_since: date,
        nulls: bool,
        ranges: bool,
    ) -> None:
        """Answer intervals of 5 or 30 `minutes`, forecasts up to the horizon.

        `nulls`: what is absent is there as null; `ranges` False leaves them out.
        """
        self._site = site
        self._channel = channel
        self._outlook = outlook
        self._nulls = nulls
        self._ranges = ranges
        self._first_known = first_slot(prices_since)
        self._half_hours = minutes == 30
        self._first = half_hour_of(outlook.slot) if self._half_hours else outlook.slot
        ahead = int(horizon_hours * 60) // SLOT_MINUTES
        self._horizon = half_hour_of(outlook.slot + ahead)

    # Series

    def current(self) -> dict[str, Any]:
        """Return the running interval."""
        return self._document("CurrentInterval", self._first, self._length(self._first))

    def previous(self, number: int) -> Documents:
        """Return so many actual intervals before the running one, oldest first."""
        found: Documents = []
        end = self._first
        while len(found) < number:
            length = self._length(end - 1)
            if end - length < self._first_known:
                break
            end -= length
            found.append(self._document("ActualInterval", end, length))
        return found[::-1]

    def forecasts(self, number: int) -> Documents:
        """Return so many forecasts, fewer if the horizon ends."""
        found: Documents = []
        slot = self._first + self._length(self._first)
        while len(found) < number and slot < self._horizon:
            length = self._ahead(slot)
            found.append(self._document("ForecastInterval", slot, length))
            slot += length
        return found

    def between(self, start: date, end: date) -> Documents:
        """Return all intervals of the NEM days from `start` to `end`, both included."""
        found: Documents = []
        slot = max(first_slot(start), self._first_known)
        last = first_slot(end) + DAY
        while slot < last:
            if slot < self._first:
                kind: Kind = "ActualInterval"
                length = self._length(slot)
            elif slot == self._first:
                kind, length = "CurrentInterval", self._length(slot)
            elif slot < self._horizon:
                kind, length = "ForecastInterval", self._ahead(slot)
            else:
                break
            found.append(self._document(kind, slot, length))
            slot += length
        return found

    def _length(self, slot: int) -> int:
        """Return the slots of a past or running interval that a slot is in."""
        half = self._half_hours or day_of(slot) < self._site.five_minute_since
        return HALF_HOUR if half else 1

    def _ahead(self, slot: int) -> int:
        near = not self._half_hours and slot < self._outlook.near_end()
        return 1 if near else HALF_HOUR

    # One interval

    def _document(self, kind: Kind, slot: int, slots: int) -> dict[str, Any]:
        site, outlook, channel = self._site, self._outlook, self._channel
        spot = outlook.mean(slot, slots)
        price = site.tariff.price(channel, spot, slot)
        told: dict[str, Any] = {
            "type": kind,
            **times(slot, slots),
            "duration": slots * SLOT_MINUTES,
            "perKwh": number(price),
            "renewables": number(outlook.renewables(slot, slots)),
            "spotPerKwh": number(spot),
            "channelType": channel,
            "spikeStatus": spike_status(kind, spot),
            **tariff_information(site, channel, slot),
            "descriptor": descriptor(channel, price),
        }
        if kind == "ActualInterval":
            return told
        estimate = kind == "CurrentInterval" and not outlook.is_final(slot + slots - 1)
        if kind == "CurrentInterval":
            told["estimate"] = estimate
        spread = outlook.spread(slot, slots) if self._ranges else None
        if spread is not None:
            told["range"] = {"min": number(spread[0]), "max": number(spread[1])}
        elif self._nulls:
            told["range"] = None
        soon = kind == "ForecastInterval" and slot < outlook.slot + DAY
        if site.advanced and (estimate or soon):
            told["advancedPrice"] = {
                name: number(site.tariff.price(channel, level, slot))
                for name, level in zip(
                    ("low", "predicted", "high"),
                    outlook.advanced(slot, slots),
                    strict=True,
                )
            }
        elif self._nulls:
            told["advancedPrice"] = None
        return told


def channel_types(
    site: Site, outlook_of: Callable[[ChannelType], Outlook]
) -> list[tuple[ChannelType, Outlook]]:
    """Return the channels that a site has prices of, in the documented order."""
    outlooks = [(kind, outlook_of(kind)) for kind in CHANNEL_TYPES]
    return [
        (kind, outlook)
        for kind, outlook in outlooks
        if kind not in site.hidden_channels
        and any(channel.type == kind for channel in site.channels_at(outlook.now))
    ]


def tariff_information(site: Site, channel: ChannelType, slot: int) -> dict[str, Any]:
    """Return the field with the tariff, nothing where the API leaves it out."""
    if channel == "feedIn":
        return {}
    told = site.tariff.information(slot)
    if told is not None and site.information == "present":
        return {"tariffInformation": told}
    return {"tariffInformation": None} if site.information == "null" else {}


def spike_status(kind: str, spot: float) -> str:
    """Return `spikeStatus` at a spot price in c/kWh."""
    if kind == "ForecastInterval":
        return "potential" if spot >= POTENTIAL else "none"
    return "spike" if spot >= SPIKE else "none"


def number(value: float) -> float:
    """Return a number as JSON has it: a whole one without a fraction."""
    return int(value) if value.is_integer() else value

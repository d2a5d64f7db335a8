"""The account through its token: V1 and v4 (reference sections 3.A to 3.E and 5.4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any, Literal

from .._vendor.core.client.clock import Clock, SystemClock
from .._vendor.core.client.decode import mapping, mappings, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    LockedError,
    UnsupportedError,
)
from .._vendor.core.control.book import Notes
from ..api.errors import NOT_SUPPORTED
from ..api.token_client import TokenClient
from ..families import FACTS, Family
from ..inventory_wire import offset_of
from .base import Raw
from .identity import Remembered
from .pages import Pages
from .token_devices import PLANT_COUNT, TokenDevices
from .token_history import TokenHistory
from .token_live import TokenLive

# What of a row of plant/list belongs to the plant's own values
_OF_ROW = ("status", "peak_power", "currency")
# What of a row is decoded
_OF_PLANT = ("plant_id", "name", "user_id", "timezone", *_OF_ROW)


# What of plant/data is decoded; nothing of people and places is kept
_OF_DATA = (
    *("current_power", "peak_power_actual", "efficiency", "carbon_offset"),
    *(f"{time}_energy" for time in ("today", "monthly", "yearly", "total")),
    *("last_update_time", "timezone"),
)


class TokenSource:
    """What a token sees."""

    mode: Literal["token"] = "token"

    def __init__(
        self,
        client: TokenClient,
        notes: Notes | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        """Prepare; what is rarely told is kept in ``notes``."""
        self._client, self._clock = client, clock or SystemClock()
        self._kept = Remembered(notes)
        self._zones: dict[str, tzinfo] = {}
        self._pages = Pages(self._kept, "plants", _OF_PLANT)
        self._devices = TokenDevices(client, self._kept)
        self._live = TokenLive(client)
        self._history = TokenHistory(client)

    def set_zone(self, plant_id: str, zone: tzinfo) -> None:
        """Tell the zone of a plant."""
        self._zones[plant_id] = zone

    async def plants(self, first: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the rows of ``plant/list``, each with its ``details`` once known.

        Details have a limit of one in 5 minutes: those that may not be asked now come
        with a later list.
        """
        rows = await self._pages.read("plants", self._client.plants, first)
        for row in rows:
            plant_id = text(row.get("plant_id"))
            if plant_id is None:
                continue
            row["details"] = await self._plant_details(plant_id)
            kept = {**row["details"], **row}
            self._kept.set(f"plant/{plant_id}", {key: kept.get(key) for key in _OF_ROW})
        self._kept.set(PLANT_COUNT, len(rows))
        return rows

    async def _plant_details(self, plant_id: str) -> Raw:
        note = f"plant_details/{plant_id}"
        known: Raw = dict(mapping(self._kept.get(note)))
        if known:
            return known
        try:
            found = await self._client.plant_details(plant_id)
        except AuthError, LockedError:
            raise
        except ApiError:
            return {}
        known = {
            key: found[key]
            for key in ("name", "user_id", "timezone", "currency")
            if found.get(key) is not None
        }
        self._kept.set(note, known)
        return known

    async def plant(self, plant_id: str) -> Raw:
        """Return ``data``, and where it may be asked the day's ``power``."""
        data = await self._client.plant_data(plant_id)
        found: Raw = {
            "data": {key: data[key] for key in _OF_DATA if key in data},
            "list": dict(mapping(self._kept.get(f"plant/{plant_id}"))),
        }
        try:
            today = self._today(plant_id, data)
            curve = await self._client.plant_power(plant_id, today)
        except AuthError, LockedError:
            raise
        except ApiError:
            return found
        # Of 288 slots only the last ones are ever looked at.
        slots = [
            slot
            for slot in mappings(curve.get("powers"))
            if slot.get("power") is not None
        ]
        slots.sort(key=lambda slot: str(slot.get("time")))
        found["power"] = {"powers": slots[-12:]}
        return found

    def _today(self, plant_id: str, data: Mapping[str, Any]) -> date:
        now = self._clock.now()
        if (zone := self._zones.get(plant_id)) is not None:
            return now.astimezone(zone).date()
        return (now + (offset_of(data.get("timezone")) or timedelta())).date()

    async def devices(self, plant_id: str) -> Raw:
        """Return the union of both lists, with loggers, meters and identities."""
        return await self._devices.read(plant_id)

    async def live(
        self, family: Family, serials: Sequence[str], _plant_id: str
    ) -> dict[str, Raw]:
        """Return the newest records, by the way that no limit stands in."""
        return await self._live.read(family, serials)

    def cadence(self, families: Collection[Family]) -> Mapping[Family, timedelta]:
        """Return how often each family may be asked beside the others."""
        return self._live.cadence(families)

    async def settings(self, family: Family, serial: str) -> Raw:
        """Return the settings as the cloud's copy has them."""
        match family:
            case Family.MIN:
                found = await self._client.settings(serial)
            case (
                Family.SPH | Family.SPA | Family.STORAGE | Family.INVERTER | Family.MAX
            ):
                found = await self._client.details(family, serial)
            case Family.NOAH | Family.WIT | Family.SPH_S:
                records = await self._client.query_info(family, [serial])
                found = dict(mapping(records.get(serial)))
            case _:
                found = {}
        if not found:
            raise UnsupportedError("the device has no settings", reason="no_settings")
        return found

    async def alarms(self, family: Family, serial: str, day: date) -> list[Raw]:
        """Return the alarms of a day."""
        facts = FACTS[family]
        if facts.v1_group is None or facts.serial_param is None:
            raise UnsupportedError("no alarms are told", reason=NOT_SUPPORTED)
        data = await self._client.alarms(family, serial, day)
        return [dict(alarm) for alarm in mappings(data.get("alarms"))]

    async def wifi(self, family: Family, serial: str) -> Raw:
        """Return the signal in dBm."""
        if FACTS[family].v4_type is None:
            raise UnsupportedError("no signal is told", reason=NOT_SUPPORTED)
        return {"dbm": await self._client.wifi_signal(family, serial)}

    async def panels(self, _serial: str, _plant_id: str) -> Raw:
        """Raise ``UnsupportedError``: a token is not told of them."""
        raise UnsupportedError("no panels are told", reason=NOT_SUPPORTED)

    async def history(
        self, family: Family, serial: str, day: date, zone: tzinfo
    ) -> list[Raw]:
        """Return the records of a day."""
        return await self._history.read(family, serial, day, zone)

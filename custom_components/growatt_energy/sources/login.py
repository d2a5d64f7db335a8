"""The account through user name and password: the app's API (section 3.F and 5.5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any, Literal

from .._vendor.core.client.clock import Clock, SystemClock
from .._vendor.core.client.decode import mapping, mappings
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    UnsupportedError,
)
from .._vendor.core.control.book import Notes
from ..api.classic_client import ClassicClient
from ..api.classic_plants import PLANTS_PER_PAGE
from ..api.errors import NOT_SUPPORTED
from ..families import Family
from ..inventory_wire import offset_of
from .base import Raw
from .identity import Remembered
from .login_devices import LoginDevices
from .login_live import LoginLive
from .noah_info import noah_info

_POLL = timedelta(minutes=5)
_MOST_PAGES = 20
_SETTINGS_EVERY = timedelta(hours=12)

# What is decoded of each answer; nothing of people and places is kept
_OF_SETTINGS = ("nominalPower", "formulaMoneyUnitId", "timezone")
_OF_ROW = ("id", "plantId", "plantName", *_OF_SETTINGS)
_OF_INFO = (
    *("todayEnergy", "totalEnergy", "plantMoneyText", "totalMoneyText"),
    *("Co2Reduction", "nominalPower", "nominal_Power", "invTodayPpv"),
)
_OF_ENERGY = ("todayValue", "monthValue", "totalValue")


class LoginSource:
    """What the app sees."""

    mode: Literal["login"] = "login"

    def __init__(
        self,
        client: ClassicClient,
        notes: Notes | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        """Prepare; what is rarely told is kept in ``notes``."""
        self._client, self._clock = client, clock or SystemClock()
        self._kept = Remembered(notes)
        self._zones: dict[str, tzinfo] = {}
        self._settings: dict[str, tuple[float, Raw]] = {}
        self._devices = LoginDevices(client, self._kept)
        self._live = LoginLive(client, self._clock, self._zones, self._kept)

    def set_zone(self, plant_id: str, zone: tzinfo) -> None:
        """Tell the zone of a plant."""
        self._zones[plant_id] = zone

    async def plants(self, first: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the rows of the app's list of plants.

        ``first`` is what the login said; it lacks zones, so the list is read anyway
        unless that fails.
        """
        try:
            rows = await self._all_plants()
        except BadDataError, UnsupportedError:
            rows = []
        if not rows and first is not None:
            rows = _plant_rows(first)
        return rows or _plant_rows(await self._client.plant_list())

    async def _all_plants(self) -> list[Raw]:
        """Return the rows of all pages, up to one that brings nothing new."""
        found: list[Raw] = []
        for page in range(1, _MOST_PAGES + 1):
            rows = _plant_rows(await self._client.all_plants(page))
            new = [row for row in rows if row not in found]
            found += new
            if len(new) < PLANTS_PER_PAGE:
                break
        return found

    async def plant(self, plant_id: str) -> Raw:
        """Return ``info``, and as far as they answer ``energy`` and ``settings``."""
        found: Raw = {"info": _of(_OF_INFO, await self._client.plant_info(plant_id))}
        try:
            energy = await self._client.plant_energy_data(plant_id)
            found["energy"] = _of(_OF_ENERGY, energy)
        except AuthError, LockedError:
            raise
        except ApiError:
            pass
        found["settings"] = await self._plant_settings(plant_id)
        return found

    async def _plant_settings(self, plant_id: str) -> Raw:
        """Return the plant's nominal power and currency, read twice a day."""
        now = self._clock.monotonic()
        known = self._settings.get(plant_id)
        if known is None or now - known[0] >= _SETTINGS_EVERY.total_seconds():
            try:
                settings = await self._client.get_plant_settings(plant_id)
            except AuthError, LockedError:
                raise
            except ApiError:
                return known[1] if known is not None else {}
            known = (now, _of(_OF_SETTINGS, settings))
            self._settings[plant_id] = known
            if offset_of(known[1].get("timezone")) is not None:
                self._kept.set(f"timezone/{plant_id}", known[1]["timezone"])
        return known[1]

    async def devices(self, plant_id: str) -> Raw:
        """Return the devices and loggers of a plant with their identities."""
        return await self._devices.read(plant_id)

    async def live(
        self, family: Family, serials: Sequence[str], plant_id: str
    ) -> dict[str, Raw]:
        """Return the newest records, each of one or several answers."""
        found: dict[str, Raw] = {}
        for serial in serials:
            if (record := await self._live.read(family, serial, plant_id)) is not None:
                found[serial] = record
        return found

    def cadence(self, families: Collection[Family]) -> Mapping[Family, timedelta]:
        """Return how often a device is asked: as often as dataloggers report."""
        return dict.fromkeys(families, _POLL)

    async def settings(self, family: Family, serial: str) -> Raw:
        """Return the settings as the app has them."""
        match family:
            case Family.MIN:
                found = await self._client.tlx_all_settings(serial)
            case Family.SPH:
                found = await self._client.get_mix_inverter_settings(serial)
            case Family.SPA:
                found = await self._client.spa_settings(serial)
            case Family.NOAH:
                found = await noah_info(self._client, self._kept, serial)
            case Family.INVERTER:
                found = await self._client.classic_inverter_info(serial)
            case _:
                found = {}
        if not found:
            raise UnsupportedError("the device has no settings", reason="no_settings")
        return dict(found)

    async def alarms(self, _family: Family, _serial: str, _day: date) -> list[Raw]:
        """Raise ``UnsupportedError``: what the app asks is not known."""
        raise UnsupportedError("no alarms are told", reason=NOT_SUPPORTED)

    async def wifi(self, _family: Family, _serial: str) -> Raw:
        """Raise ``UnsupportedError``: the app does not tell it."""
        raise UnsupportedError("no signal is told", reason=NOT_SUPPORTED)

    async def panels(self, serial: str, plant_id: str) -> Raw:
        """Return the view of today's power."""
        day = self._live.today(plant_id)
        return dict(await self._client.panel_data(plant_id, serial, day))

    async def history(
        self, _family: Family, _serial: str, _day: date, _zone: tzinfo
    ) -> list[Raw]:
        """Raise ``UnsupportedError``: the app's curves have no counters."""
        raise UnsupportedError("no counters are kept", reason=NOT_SUPPORTED)


def _plant_rows(found: Any) -> list[Raw]:
    rows = found if isinstance(found, list) else None
    if rows is None:
        document = mapping(found)
        rows = document.get("PlantList") or document.get("data")
    return [_of(_OF_ROW, row) for row in mappings(rows)]


def _of(keys: tuple[str, ...], found: Mapping[str, Any]) -> Raw:
    return {key: found[key] for key in keys if key in found}

"""What is asked together, and what is kept between the answers (section 5's table).

Everything comes back as plain JSON in the shape that ``driver.py`` decodes, so that it
can be kept over a restart. All methods raise the errors of ``core.client.errors``.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import integer, mapping, mappings
from ._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from .api.chargers import TYPE as CHARGER
from .api.client import GoodWeClient
from .api.errors import NO_RIGHTS
from .api.statistics import ENERGY_ITEMS
from .const import ALARMS_INTERVAL, STATIC_INTERVAL
from .kept import Kept, dispensable
from .readings import DeviceEntry

type Raw = dict[str, Any]

NO_DATA, ASLEEP = "no_data", "asleep"
# A battery system that has counted nothing so often is seldom asked again.
_EMPTY_ANSWERS = 2

_PRIVATE = frozenset(
    {"address", "latitude", "longitude", "ownerName", "ownerPhone", "ownerEmail"}
)


class PlantSource:
    """Reads one plant."""

    def __init__(self, client: GoodWeClient, plant_id: str) -> None:
        """Nothing is sent."""
        self._client, self._id = client, plant_id
        self._static = Kept(STATIC_INTERVAL)
        self._alarms = Kept(ALARMS_INTERVAL)
        self._happened: int | None = None

    def remember(self, raw: Any) -> None:
        """Take over the lists of devices that were kept over a restart."""
        document = mapping(raw)
        for key in ("page", "chargers"):
            self._static.remember(key, document.get(key))
        for serial, rows in mapping(document.get("related")).items():
            self._static.remember(f"related/{serial}", rows)

    async def info(self, before: Mapping[str, Any]) -> Raw:
        """Return the information of section 3.2.

        Rights that one answer lacks are those of the one ``before``.
        """
        found = public(_some(await self._client.station_info(self._id)))
        if not isinstance(found.get("permissions"), list):
            found["permissions"] = before.get("permissions")
        return found

    async def flow(self) -> Raw:
        """Return the powers of section 3.3; empty where there is nothing to tell."""
        return await self._client.flow(self._id)

    async def devices(self) -> Raw:
        """Return all lists of devices, for ``driver.devices``.

        The one with the states is read each time, the others seldom. One of the first
        two is enough; if there is neither, the first one's error is raised.
        """
        trouble: ApiError | None = None
        status: Raw = {}
        try:
            status = await self._client.device_status(self._id)
        except ApiError as err:
            if not dispensable(err):
                raise
            trouble = err
        page = await self._page(known=bool(status.get("deviceDetailList")))
        if trouble is not None and not page:
            raise trouble
        chargers = await self._static.get(
            "chargers",
            lambda: self._client.devices_by_type(self._id, CHARGER),
            empty=True,
        )
        raw: Raw = {
            "status": status,
            "page": page,
            "chargers": _stateless(chargers),
            "related": {},
        }
        if not (found := driver.devices(raw, dt_util.utcnow()).devices):
            raise BadDataError("there is no device", reason=NO_DATA)
        for entry in found.values():
            if entry.cls != "inverter":
                continue
            if batteries := await self._related(entry.serial):
                raw["related"][entry.serial] = _stateless(batteries)
        return raw

    async def _page(self, *, known: bool) -> Any:
        """Return the rows of the page, with their states only if these are of now.

        ``known`` tells whether the states were read elsewhere. Else those of hours ago
        are no answer.
        """

        def ask() -> Awaitable[Any]:
            return self._client.device_page(self._id)

        if known:
            return _stateless(await self._static.get("page", ask))
        if await self._static.renew("page", ask):
            return await self._static.get("page", ask)
        return []

    async def _related(self, serial: str) -> Any:
        return await self._static.get(
            f"related/{serial}", lambda: self._client.related(self._id, serial)
        )

    async def today(self, day: date) -> Raw:
        """Return the energies of a day (3.10)."""
        found = await self._client.energy(self._id, ENERGY_ITEMS, "day", day, day)
        return {"day": day.isoformat(), "energy": _some(found)}

    async def income(self, day: date) -> Raw:
        """Return the incomes of a day (3.11)."""
        return _some(await self._client.income(self._id, day, day))

    async def year(self, year: int) -> Raw:
        """Return the energies of a calendar year (3.10)."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return await self._client.energy(self._id, ENERGY_ITEMS, "year", first, last)

    async def alarms(self) -> Raw:
        """Return counts and active alarms, for ``driver`` (3.12).

        The list is read when the count has changed, else once an hour.
        """
        counts = _some(await self._client.alarm_counts([self._id]))
        happened = integer(counts.get("happened"))
        if happened == 0:
            self._alarms.drop("active")
            self._happened = 0
            return {"counts": counts, "rows": []}

        def ask() -> Awaitable[Any]:
            return self._client.alarms(self._id, active=True)

        if happened != self._happened:
            self._alarms.forget("active")
        rows: list[Raw] | None = await self._alarms.get("active", ask, empty=True)
        if self._alarms.answered("active"):
            # The list lags behind the count: one that has nothing yet is asked anew
            self._happened = happened if rows else None
        return {"counts": counts, "rows": rows}


class DeviceSource:
    """Reads one device of the plant that it belongs to then."""

    def __init__(self, client: GoodWeClient, plant_id: Callable[[], str]) -> None:
        """Nothing is sent."""
        self._client, self._plant_id = client, plant_id
        self._log = Kept(STATIC_INTERVAL)
        self._charging: int | None = None
        self._empty = 0
        self._counters_at: datetime | None = None

    async def telemetry(self, entry: DeviceEntry) -> Any:
        """Return what it measures (3.6)."""
        found = await self._client.telemetry(self._plant_id(), entry.serial, entry.type)
        return _some(found)

    async def counters(self, entry: DeviceEntry) -> Any:
        """Return what it counts (3.7).

        Some batteries count nothing: their inverters do.
        """
        now = dt_util.utcnow()
        if self._empty >= _EMPTY_ANSWERS and entry.cls == "battery":
            if self._counters_at and now - self._counters_at < STATIC_INTERVAL:
                raise UnsupportedError("counts nothing", reason=ASLEEP)
        self._counters_at = now
        found = await self._client.counters(self._plant_id(), entry.serial, entry.type)
        self._empty = 0 if found else self._empty + 1
        return _some(found)

    async def information(self, entry: DeviceEntry) -> Any:
        """Return what it is (3.8)."""
        found = await self._client.information(
            self._plant_id(), entry.serial, entry.type
        )
        return _some(found)

    async def mode(self, entry: DeviceEntry) -> Any:
        """Return the work mode that an inverter is in (6.3)."""
        return await self._client.settings(entry.serial, ["INVCurrentWorkMode"])

    async def charger(self, entry: DeviceEntry) -> Raw:
        """Return detail, session and log of an EV charger (3.14).

        The log is read when a session has ended, else seldom.
        """
        serial, trouble = entry.serial, None
        detail: Any = None
        session: Raw | None = None
        try:
            detail = await self._client.charger(self._plant_id(), serial, entry.model)
        except ApiError as err:
            if not dispensable(err):
                raise
            trouble = err
        try:
            session = await self._client.charger_session(self._plant_id(), serial)
        except ApiError as err:
            if trouble is not None or not dispensable(err):
                raise
        state = integer(mapping(session).get("workStu"))
        if state != self._charging:
            self._log.forget("log")
        self._charging = state
        log = await self._log.get(
            "log", lambda: self._client.charger_log(self._plant_id(), serial)
        )
        return {"detail": detail, "session": session, "log": log}


def optional(
    fetch: Callable[[], Awaitable[Any]], plant_id: Callable[[], str] = lambda: ""
) -> Callable[[], Awaitable[Any]]:
    """Return ``fetch`` for what an account may have no right to (section 4).

    Then it is not asked for again in this run, unless it moves to another plant.
    """
    refused: dict[str, NotPermittedError] = {}

    async def asked() -> Any:
        plant = plant_id()
        if plant not in refused:
            try:
                return await fetch()
            except NotPermittedError as err:
                if err.reason != NO_RIGHTS:
                    raise
                refused[plant] = err
        raise UnsupportedError(str(refused[plant]), reason=NO_RIGHTS) from refused[
            plant
        ]

    return asked


def public(row: Mapping[str, Any]) -> Raw:
    """Return a row without what says who lives where."""
    return {key: value for key, value in row.items() if key not in _PRIVATE}


def _stateless(rows: object) -> list[Raw]:
    return [
        {key: value for key, value in row.items() if key != "status"}
        for row in mappings(rows)
    ]


def _some[T](answer: T) -> T:
    """Return an answer; raise if it is a success that says nothing (section 4)."""
    if not answer:
        raise UnsupportedError("success without data", reason=NO_DATA)
    return answer

"""The newest record of a device, out of the answers of the app's API (section 5.5).

A record is that of the family's detail call where there is one. MIX and SPA have none:
theirs has a part for each method that brought something, by the method's name.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
import json
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import integer, mapping, mappings
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    UnsupportedError,
)
from ..api.classic_client import ClassicClient, Timespan
from ..api.errors import NOT_SUPPORTED
from ..families import Family, from_classic
from ..inventory_wire import offset_of
from ..resolve import (
    OBSERVED,
    RECORDED,
    Kind,
    quantity,
    serial as serial_of,
    slot_time,
    words,
)
from .base import Raw
from .identity import Remembered
from .login_devices import rows_of

# A little less than the reference's 15 minutes, as every third poll may come early
_SLOW = timedelta(minutes=14)
# A part that does not come any more is left out after a while.
_STALE = timedelta(minutes=45)
_CHART_POWERS = ("ppv", "sysOut", "pacToUser", "pacToGrid", "pdischarge", "userLoad")
_ONLINE, _OFFLINE = 1, -1
_DAY = "_day"


class LoginLive:
    """Asks for records and remembers the parts that are asked less often."""

    def __init__(
        self,
        client: ClassicClient,
        clock: Clock,
        zones: Mapping[str, tzinfo],
        kept: Remembered,
    ) -> None:
        """Begin with nothing; ``zones`` are those of the plants as they get known."""
        self._client, self._clock = client, clock
        self._zones, self._kept = zones, kept
        self._parts: dict[str, tuple[float, Raw]] = {}
        self._asked: dict[str, float] = {}
        self._changed: dict[str, tuple[str, datetime]] = {}

    async def read(self, family: Family, serial: str, plant_id: str) -> Raw | None:
        """Return a record, None where there is nothing new enough to tell of.

        Raises ``UnsupportedError`` for a family that the app's API does not have.
        """
        match family:
            case Family.MIN:
                return await self._tlx(serial, plant_id)
            case Family.SPH:
                return await self._mix(serial, plant_id)
            case Family.SPA:
                return await self._spa(serial, plant_id)
            case Family.STORAGE:
                return await self._storage(serial, plant_id)
            case Family.INVERTER:
                return dict(await self._client.inverter_detail(serial))
            case Family.MAX:
                return dict(await self._client.inverter_detail_max(serial))
            case Family.NOAH:
                return await self._noah(serial)
            case _:
                raise UnsupportedError("not in the app's API", reason=NOT_SUPPORTED)

    async def _tlx(self, serial: str, plant_id: str) -> Raw | None:
        try:
            return dict(await self._client.tlx_detail(serial))
        except BadDataError, UnsupportedError:
            pass
        status = await self._client.tlx_system_status(plant_id, serial)
        parts = {"tlx_system_status": dict(status)}
        await self._part(
            parts,
            serial,
            "tlx_energy_overview",
            lambda: self._client.tlx_energy_overview(plant_id, serial),
        )
        return self._dated(serial, status, parts, None)

    async def _mix(self, serial: str, plant_id: str) -> Raw | None:
        status = await self._client.mix_system_status(serial, plant_id)
        day = self.today(plant_id)
        parts = {"mix_system_status": dict(status)}
        await self._part(
            parts,
            serial,
            "mix_totals",
            lambda: self._client.mix_totals(serial, plant_id),
        )
        await self._part(
            parts, serial, "mix_info", lambda: self._client.mix_info(serial, plant_id)
        )
        await self._part(
            parts,
            serial,
            "mix_detail",
            lambda: self._mix_detail(serial, plant_id, day),
            every=_SLOW,
        )
        if serial == self._first_mix(serial, plant_id):
            await self._part(
                parts,
                plant_id,
                "dashboard_data",
                lambda: self._client.dashboard_data(plant_id, Timespan.HOUR, day),
                every=_SLOW,
            )
        newest = self._newest_slot(parts.get("mix_detail"), plant_id)
        for part in ("mix_detail", "dashboard_data"):
            # The charts are large, and nothing else is in them that is shown.
            if part in parts:
                parts[part] = _without_chart(parts[part])
        return self._dated(serial, status, parts, newest)

    def _first_mix(self, serial: str, plant_id: str) -> str:
        """Return which MIX of the plant has the plant's dashboard: one of them only."""
        return min(
            (
                name
                for row in mappings(self._kept.get(rows_of(plant_id)))
                if from_classic(row.get("deviceType")) is Family.SPH
                and (name := serial_of(row.get("deviceSn"))) is not None
            ),
            default=serial,
        )

    async def _mix_detail(self, serial: str, plant_id: str, day: date) -> Raw:
        """Ask for the day's chart, and remember of which day it is (Q8)."""
        found = await self._client.mix_detail(serial, plant_id, Timespan.HOUR, day)
        return {**found, _DAY: day.isoformat()}

    async def _spa(self, serial: str, plant_id: str) -> Raw | None:
        status = await self._client.spa_system_status(plant_id, serial)
        parts = {"spa_system_status": dict(status)}
        await self._part(
            parts,
            serial,
            "spa_totals",
            lambda: self._client.spa_energy_overview(plant_id, serial),
        )
        return self._dated(serial, status, parts, None)

    async def _storage(self, serial: str, plant_id: str) -> Raw:
        found = await self._client.storage_params(serial)
        record = dict(mapping(found.get("storageDetailBean")))
        if not record:  # Q15
            record = dict(await self._client.storage_detail(serial))
        parts: dict[str, Raw] = {}
        await self._part(
            parts,
            serial,
            "storage_energy_overview",
            lambda: self._client.storage_energy_overview(plant_id, serial),
        )
        return {**record, **parts}

    async def _noah(self, serial: str) -> Raw | None:
        note = f"nexa/{serial}"
        nexa = bool(self._kept.get(note))
        try:
            status = await self._noah_status(serial, nexa=nexa)
        except BadDataError, UnsupportedError:
            status = await self._noah_status(serial, nexa=not nexa)
            nexa = not nexa
            self._kept.set(note, nexa or None)
        if integer(status.get("status")) == _OFFLINE:
            return None
        part = "nexa_system_status" if nexa else "noah_system_status"
        return self._dated(serial, status, {part: dict(status)}, None)

    async def _noah_status(self, serial: str, *, nexa: bool) -> Mapping[str, Any]:
        ask = self._client.nexa_status if nexa else self._client.noah_status
        found: Mapping[str, Any] = await ask(serial)
        if not found:
            raise BadDataError("the status is empty")
        return found

    async def _part(
        self,
        parts: dict[str, Raw],
        owner: str,
        name: str,
        ask: Callable[[], Awaitable[Mapping[str, Any] | None]],
        *,
        every: timedelta = timedelta(),
    ) -> None:
        """Put a part into the record: a new one, or the one of last time.

        It fails on its own: the others are not to blame.
        """
        key, now = f"{owner}/{name}", self._clock.monotonic()
        if (
            asked := self._asked.get(key)
        ) is None or now - asked >= every.total_seconds():
            try:
                found = mapping(await ask())
            except AuthError, LockedError:
                raise
            except ApiError:
                found = {}
            else:
                self._asked[key] = now
            if found:
                self._parts[key] = now, dict(found)
        known = self._parts.get(key)
        if known is not None and now - known[0] <= _STALE.total_seconds():
            parts[name] = known[1]

    def _dated(
        self,
        serial: str,
        status: Mapping[str, Any],
        parts: Mapping[str, Raw],
        newest: datetime | None,
    ) -> Raw | None:
        """Note when a record without a time was true, and of when its chart is.

        That is now if the status says that the device is online and no chart knows
        better; else when its status last changed, or the newest slot of the day's
        chart. A device that the cloud calls lost says nothing as long as it has no
        chart.
        """
        now = self._clock.now()
        said = {key: value for key, value in status.items() if key != "lost"}
        content = json.dumps(said, sort_keys=True, default=str)
        before = self._changed.get(serial)
        lost = (words(status.get("lost")) or "").endswith(".lost")
        online = newest is None and self._says_online(status)
        if not lost and (online or before is None or before[0] != content):
            self._changed[serial] = before = content, now
        times = [at for at in (newest, before[1] if before else None) if at is not None]
        if not times:
            return None
        slot = {RECORDED: newest.isoformat()} if newest is not None else {}
        return {**parts, **slot, OBSERVED: max(times).isoformat()}

    @staticmethod
    def _says_online(status: Mapping[str, Any]) -> bool:
        """Whether a status says so itself; a NOAH has a number and no ``lost``."""
        said = words(status.get("lost"))
        if said is None:
            return (integer(status.get("status")) or 0) == _ONLINE
        return said.endswith((".normal", ".operating"))

    def _zone(self, plant_id: str) -> tzinfo | None:
        if (known := self._zones.get(plant_id)) is not None:
            return known
        offset = offset_of(self._kept.get(f"timezone/{plant_id}"))
        return timezone(offset) if offset is not None else None

    def today(self, plant_id: str) -> date:
        """Return the plant's date (Q28)."""
        return self._clock.now().astimezone(self._zone(plant_id)).date()

    def _newest_slot(self, detail: Raw | None, plant_id: str) -> datetime | None:
        """Return the time of the newest slot of a chart that is not all zero (Q8)."""
        zone = self._zone(plant_id)
        if detail is None or zone is None:
            return None
        keys = [
            key
            for key, slot in mapping(detail.get("chartData")).items()
            if any(
                quantity(mapping(slot).get(name), Kind.POWER) for name in _CHART_POWERS
            )
        ]
        return slot_time(keys, detail.get(_DAY), zone, self._clock.now())


def _without_chart(part: Raw) -> Raw:
    return {key: value for key, value in part.items() if key != "chartData"}

"""The devices of a plant in the app's API."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from .._vendor.core.client.decode import flag, mapping, mappings
from .._vendor.core.client.errors import ApiError, AuthError, LockedError
from ..api.classic_client import ClassicClient
from ..families import Family, from_classic
from ..resolve import serial, words
from .base import Raw
from .identity import Remembered, identity
from .noah_info import noah_info

# What of a row is decoded; the rest are readings of which the list has stale ones
_OF_ROW = ("deviceSn", "deviceType", "deviceAilas", "datalogSn", "lost", "model")

_OF_LOGGER = ("datalog_sn", "device_type", "lost", "update_interval")


def rows_of(plant_id: str) -> str:
    """Return under which name the rows of a plant are remembered."""
    return f"rows/{plant_id}"


class LoginDevices:
    """Reads what ``driver.devices`` decodes."""

    def __init__(self, client: ClassicClient, kept: Remembered) -> None:
        """Prepare."""
        self._client, self._kept = client, kept

    async def read(self, plant_id: str) -> Raw:
        """Return the document of one plant."""
        info = await self._client.plant_info(plant_id)
        rows = await self._rows(plant_id, mappings(info.get("deviceList")))
        found: dict[str, Raw] = {}
        for row in rows:
            name = serial(row.get("deviceSn"))
            if name is not None:
                found.setdefault(name, row)
        await self._add_noah(plant_id, found)
        for name, row in found.items():
            await self._identify(plant_id, name, from_classic(row.get("deviceType")))
        return {
            "mode": "login",
            "plant_id": plant_id,
            "list": list(found.values()),
            "loggers": [
                {key: row[key] for key in _OF_LOGGER if key in row}
                for row in mappings(info.get("datalogList"))
            ],
            "info": {name: self._kept.get(f"info/{name}") or {} for name in found},
        }

    async def _rows(
        self, plant_id: str, first: Sequence[Mapping[str, Any]]
    ) -> list[Raw]:
        """Return the rows of both lists; those of last time where the second fails.

        The first one is empty for TLX, or cut off at one row (Q13).
        """
        note = rows_of(plant_id)
        known = [dict(row) for row in mappings(self._kept.get(note))]
        second: Sequence[Mapping[str, Any]]
        try:
            second = await self._client.all_devices(plant_id)
        except AuthError, LockedError:
            raise
        except ApiError:
            if not first and not known:
                raise
            second = known
        rows = [
            {key: row[key] for key in _OF_ROW if key in row}
            for row in (*second, *first)
        ]
        self._kept.set(note, rows)
        return rows

    async def _add_noah(self, plant_id: str, found: dict[str, Raw]) -> None:
        note = f"noah_of/{plant_id}"
        answer = await self._try(self._client.is_noah_plant(plant_id))
        if answer is None:  # not told is not "gone"
            answer = {"deviceSn": self._kept.get(note)}
        data = mapping(answer)
        name = serial(data.get("deviceSn"))
        nexa = bool(flag(data.get("isPlantHaveNexa")))
        self._kept.set(note, name)
        if name is not None and name not in found:
            found[name] = {"deviceSn": name, "deviceType": "noah"}
        if name is not None and nexa:
            self._kept.set(f"nexa/{name}", True)

    async def _identify(self, plant_id: str, name: str, family: Family | None) -> None:
        found: Raw = {}
        match family:
            case Family.MIN:
                params = mapping(await self._try(self._client.tlx_params(name)))
                bean = mapping(params.get("newBean"))
                if bean:
                    found = identity(
                        {**bean, "inverterType": params.get("inverterType")}
                    )
            case Family.SPH:
                settings = self._client.get_mix_inverter_settings(name)
                found = identity(mapping(await self._try(settings)))
            case Family.SPA:
                settings = self._client.spa_settings(name)
                found = identity(mapping(await self._try(settings)))
            case Family.INVERTER:
                found_info = self._client.classic_inverter_info(name)
                found = identity(mapping(await self._try(found_info)))
            case Family.STORAGE:
                params = mapping(await self._try(self._client.storage_params(name)))
                found = identity(mapping(params.get("storageBean")))
                if words(found.get("model")) == "0":
                    del found["model"]
            case Family.NOAH:
                info = noah_info(self._client, self._kept, name)
                found = identity(mapping(await self._try(info)))
            case _:
                return
        if found:
            self._kept.set(f"info/{name}", found)

    async def _try(self, request: Awaitable[Any]) -> Any:
        try:
            return await request
        except AuthError, LockedError:
            raise
        except ApiError:
            return None

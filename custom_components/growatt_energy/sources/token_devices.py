"""The devices of a plant through the token: two lists, and what they do not say."""

from collections.abc import Awaitable
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    ThrottledError,
    UnsupportedError,
)
from ..api.token_client import TokenClient
from ..families import FACTS, Family, from_v1, from_v4
from ..resolve import serial
from .base import Raw
from .identity import Remembered, identity, model
from .pages import PAGE, Pages

# Under which name the number of the account's plants is remembered
PLANT_COUNT = "plant_count"
# What of a row is decoded
_OF_ROW = ("device_sn", "type", "model", "datalogger_sn", "lost")
_OF_QUERY = ("deviceSn", "deviceType", "datalogSn")
_MOST_PAGES = 10


class TokenDevices:
    """Reads what ``driver.devices`` decodes.

    Identities have limits of 5 minutes and change seldom: each list brings as many as
    it may, and what was known before stays.
    """

    def __init__(self, client: TokenClient, kept: Remembered) -> None:
        """Prepare."""
        self._client, self._kept = client, kept
        self._pages = Pages(kept, "devices", _OF_ROW)
        # Whose plant is still to be asked for, and for whose nobody had an answer
        self._waiting, self._vain = set[str](), set[str]()

    async def read(self, plant_id: str) -> Raw:
        """Return the document of one plant; more is to come soon if ``pending``."""
        rows = await self._pages.read(
            f"rows/{plant_id}", lambda page: self._client.devices(plant_id, page)
        )
        loggers = [
            dict(row)
            for row in mappings(
                mapping(await self._try(self._client.dataloggers(plant_id))).get(
                    "dataloggers"
                )
            )
        ]
        known = f"loggers/{plant_id}"
        if loggers:
            loggers = [_logger(row) for row in loggers]
            self._kept.set(known, loggers)
        else:
            loggers = [dict(row) for row in mappings(self._kept.get(known))]
        query = await self._of_v4_only(plant_id, rows, loggers)
        found = self._families(rows, query)
        await self._identify(found)
        return {
            "mode": "token",
            "plant_id": plant_id,
            "list": rows,
            "query": query,
            "pending": bool(self._waiting),
            "loggers": loggers,
            "meters": await self._meters(rows),
            "info": {key: self._kept.get(f"info/{key}") or {} for key in found},
            "models": {key: self._kept.get(f"model/{key}") or {} for key in found},
        }

    async def _of_v4_only(
        self, plant_id: str, rows: list[Raw], loggers: list[Raw]
    ) -> list[Raw]:
        """Return the devices of v4's list that belong to the plant (Q34)."""
        here = {serial(row.get("device_sn")) for row in rows}
        nearby = {serial(row.get("sn")) for row in loggers}
        note = f"query/{plant_id}"
        known = {
            serial(row.get("deviceSn")): dict(row)
            for row in mappings(self._kept.get(note))
        }
        queried, whole = await self._queried()
        found: dict[str | None, Raw] = {} if whole else dict(known)
        if whole:
            self._waiting &= {serial(row.get("deviceSn")) for row in queried}
        # One is asked for in five minutes: those without an answer come last.
        for row in sorted(
            queried, key=lambda row: serial(row.get("deviceSn")) in self._vain
        ):
            name = serial(row.get("deviceSn"))
            family = from_v4(row.get("deviceType"))
            if name is None or family is None:
                continue
            if self._kept.get(PLANT_COUNT) != 1:
                # The list of the account; V1's types are in the list of their plant
                if FACTS[family].v1_type is not None:
                    continue
                logger = serial(row.get("datalogSn"))
                if logger is None or logger not in nearby:
                    its_plant = await self._plant_of(name)
                    if its_plant is None and name not in known:
                        continue
                    if its_plant not in {None, plant_id}:
                        found.pop(name, None)
                        continue
            found[name] = {key: row[key] for key in _OF_QUERY if key in row}
        self._kept.set(note, list(found.values()) or None)
        return [row for name, row in found.items() if name not in here]

    async def _queried(self) -> tuple[list[Raw], bool]:
        """Return the rows of v4's list as far as they come, and whether all came."""
        found: list[Raw] = []
        for page in range(1, _MOST_PAGES + 1):
            data = await self._try(self._client.query_devices(page))
            if data is None:
                return found, False
            rows = mappings(mapping(data).get("data"))
            found += [dict(row) for row in rows]
            if len(rows) < PAGE:
                break
        return found, True

    async def _plant_of(self, name: str) -> str | None:
        note = f"plant_of/{name}"
        if (known := text(self._kept.get(note))) is not None:
            return known
        self._waiting.discard(name)
        try:
            data = mapping(await self._client.plant_of(name))
        except AuthError, LockedError:
            raise
        except ApiError as err:
            data = {}
            if isinstance(err, ThrottledError):
                if err.reason == "budget" and name not in self._vain:
                    self._waiting.add(name)
                return None
        # How the answer looks is not documented.
        found = next(
            (
                named
                for part in (data, mapping(data.get("plant")))
                for key in ("plant_id", "plantId", "id")
                if (named := text(part.get(key))) is not None
            ),
            None,
        )
        if found is None:
            self._vain.add(name)
        else:
            self._kept.set(note, found)
        return found

    def _families(self, rows: list[Raw], query: list[Raw]) -> dict[str, Family]:
        listed = [
            (serial(row.get("device_sn")), from_v1(row.get("type"))) for row in rows
        ]
        queried = [
            (serial(row.get("deviceSn")), from_v4(row.get("deviceType")))
            for row in query
        ]
        found: dict[str, Family] = {}
        for name, family in (*listed, *queried):
            if name is not None and family not in {None, Family.METER}:
                found.setdefault(name, family)
        return found

    async def _identify(self, found: dict[str, Family]) -> None:
        """Read identities as far as the limits go; those that lack one come first."""
        order = sorted(found, key=lambda name: bool(self._kept.get(f"info/{name}")))
        batch: dict[Family, list[str]] = {}
        for name in order:
            family = found[name]
            details = None
            if FACTS[family].v1_group is not None:
                details = await self._try(self._client.details(family, name))
            if details:
                self._kept.set(f"info/{name}", identity(details))
            else:
                batch.setdefault(family, []).append(name)
        for family, names in batch.items():
            records = await self._try(self._client.query_info(family, names))
            for name, details in mapping(records).items():
                kept = identity({**details, "tlxSetbean": None})
                kept.pop("has_settings", None)
                before = mapping(self._kept.get(f"info/{name}"))
                self._kept.set(f"info/{name}", {**before, **kept})
        for name in order:
            if self._kept.get(f"model/{name}"):
                continue
            try:
                data = await self._client.device_type(name)
            except AuthError, LockedError:
                raise
            except ThrottledError:
                break
            except BadDataError, UnsupportedError:
                data = {}  # that does not change
            except ApiError:
                continue
            self._kept.set(f"model/{name}", model(data) or {"model": None})

    async def _meters(self, rows: list[Raw]) -> dict[str, Any]:
        """Return the meters by datalogger."""
        loggers = {
            name
            for row in rows
            if from_v1(row.get("type")) is Family.METER
            and (name := serial(row.get("datalogger_sn"))) is not None
        }
        found = {}
        for logger in sorted(loggers):
            note = f"meters/{logger}"
            data = mapping(await self._try(self._client.meters(logger)))
            if rows_found := [dict(row) for row in mappings(data.get("meters"))]:
                self._kept.set(note, [_meter(row) for row in rows_found])
            found[logger] = self._kept.get(note) or []
        return found

    async def _try(self, request: Awaitable[Any]) -> Any:
        """Return an answer, None where there is none now."""
        try:
            return await request
        except AuthError, LockedError:
            raise
        except ApiError:
            return None


def _logger(row: Raw) -> Raw:
    keys = ("sn", "model", "lost", "update_interval")
    return {key: row[key] for key in keys if key in row}


def _meter(row: Raw) -> Raw:
    return {key: row[key] for key in ("address", "deviceName", "lost") if key in row}

"""What is asked together, and what is kept of the answers (reference section 5).

Everything comes back as plain JSON in the shape that ``driver.py`` decodes, so that it
can be kept over a restart. Personal data is left out. All methods raise the errors of
``core.client.errors``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from ._vendor.core.client.clock import Clock, SystemClock
from ._vendor.core.client.decode import mapping, mappings
from ._vendor.core.client.errors import (
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from .api.access import Flavour
from .asking import Asking, real_type
from .entries import identity
from .points import PLANT_TYPE

type Raw = dict[str, Any]

_PRIVATE = frozenset(
    {"ps_location", "latitude", "longitude", "description", "ps_name_remark"}
)
_PRIVATE_STARTS = ("owner_", "user_", "communication_dev_detail", "remark")
_PRIVATE_ENDS = ("email", "mobile", "phone")
# The plant list tells enough to go on without details, the table of points without a
# catalogue.
_DISPENSABLE = (UnsupportedError, NotPermittedError, BadDataError)


class Client(Protocol):
    """What is needed of ``SungrowClient``."""

    @property
    def flavour(self) -> Flavour:
        """Which of the two APIs is asked."""

    async def plants(self) -> list[Raw]:
        """Return rows of section 3.1."""

    async def plant_details(self, ids: Sequence[str]) -> Raw:
        """Return ``data_list`` and ``not_authorization_ps_list`` of section 3.2."""

    async def devices(self, plant_id: str) -> list[Raw]:
        """Return rows of section 3.3."""

    async def plant_points(
        self, ids: Sequence[str], points: Sequence[str], *, want_dict: bool = False
    ) -> Raw:
        """Return the answer of section 3.4, merged."""

    async def device_points(
        self,
        device_type: str | int,
        ps_keys: Sequence[str],
        points: Sequence[str],
        *,
        want_dict: bool = False,
    ) -> Raw:
        """Return the answer of section 3.5, merged."""

    async def faults(self, plant_id: str | None = None) -> list[Raw]:
        """Return rows of section 3.7."""

    async def open_points(self, device_type: str | int) -> list[Raw]:
        """Return the points that a type can have (login flavour)."""


class SungrowSource:
    """Reads an account."""

    def __init__(self, client: Client, *, clock: Clock | None = None) -> None:
        """Nothing is sent."""
        self._client = client
        self._clock = clock or SystemClock()
        self._asking: dict[int, Asking] = {}

    async def plants(self, details_of: Collection[str] | None = None) -> Raw:
        """Return the plants, for ``driver.plants``; details of all unless said."""
        rows = [_public(row) for row in await self._client.plants()]
        ids = [found for row in rows if (found := identity(row.get("ps_id")))]
        if details_of is not None:
            ids = list(dict.fromkeys(details_of))
        details: Mapping[str, Any] = {}
        if ids:
            try:
                details = await self._client.plant_details(ids)
            except _DISPENSABLE:
                details = {}
        told = [_public(row) for row in mappings(mapping(details).get("data_list"))]
        denied = mapping(details).get("not_authorization_ps_list")
        return {
            "rows": rows,
            "details": {
                "data_list": told,
                "not_authorization_ps_list": list(denied or ()),
            },
        }

    async def devices(self, plant_id: str) -> list[Raw]:
        """Return the devices of a plant, for ``driver.devices``."""
        return [dict(row) for row in await self._client.devices(plant_id)]

    async def plants_live(self, ids: Sequence[str]) -> Raw:
        """Return the points of plants, for ``driver.plants_live``."""
        asking = await self._asked(PLANT_TYPE, PLANT_TYPE)
        now = self._clock.monotonic()
        told = asking.wants_names(now)
        answer = await self._client.plant_points(ids, asking.next(), want_dict=told)
        return self._kept(asking, answer, told=told, failed="fail_ps_id_list")

    async def live(self, device_type: int, ps_keys: Sequence[str]) -> Raw:
        """Return samples of devices of one type, for ``driver.live``."""
        if not ps_keys:
            return {"device_point_list": [], "point_dict": []}
        server_type = real_type(device_type, ps_keys[0])
        asking = await self._asked(device_type, server_type)
        told = asking.wants_names(self._clock.monotonic())
        answer = await self._client.device_points(
            server_type, ps_keys, asking.next(), want_dict=told
        )
        return self._kept(asking, answer, told=told, failed="illegal_ps_key_list")

    async def faults(self, plant_id: str | None = None) -> list[Raw]:
        """Return the open faults of a plant or of all, for ``driver.faults``."""
        return [_public(row) for row in await self._client.faults(plant_id)]

    async def _asked(self, device_type: int, server_type: int) -> Asking:
        if (found := self._asking.get(device_type)) is not None:
            return found
        catalogue: list[Raw] = []
        if self._client.flavour is Flavour.LOGIN:
            try:
                catalogue = await self._client.open_points(server_type)
            except _DISPENSABLE:
                catalogue = []
        more = [point for row in catalogue if (point := _point_id(row))]
        asking = self._asking[device_type] = Asking(device_type, more)
        asking.name(catalogue)
        return asking

    def _kept(
        self, asking: Asking, answer: Mapping[str, Any], *, told: bool, failed: str
    ) -> Raw:
        rows = [
            {**row, **mapping(row.get("device_point"))}
            for row in mappings(answer.get("device_point_list"))
        ]
        asking.took(rows, answer.get("point_dict"), self._clock.monotonic(), told=told)
        refused = answer.get(failed)
        return {
            "device_point_list": [_sample(row) for row in rows],
            "point_dict": asking.names,
            failed: refused if isinstance(refused, list) else [],
        }


def _point_id(row: Mapping[str, Any]) -> str | None:
    found = identity(row.get("point_id"))
    return found if found and found.isdecimal() else None


def _sample(row: Mapping[str, Any]) -> Raw:
    """Return a row without the names that people gave."""
    return {
        key: value
        for key, value in row.items()
        if key not in ("ps_name", "device_name", "device_point")
    }


def _public(row: Mapping[str, Any]) -> Raw:
    """Return a row without what says who lives where."""
    return {key: value for key, value in row.items() if not _private(key)}


def _private(key: str) -> bool:
    return (
        key in _PRIVATE
        or key.startswith(_PRIVATE_STARTS)
        or key.endswith(_PRIVATE_ENDS)
    )

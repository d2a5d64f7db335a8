"""Points of plants and devices as they are now (reference sections 3.4 and 3.5)."""

from collections.abc import Sequence
from itertools import batched
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from .access import Access, Flavour

MOST_POINTS = 100
MOST_DEVICES = 50
PLANT_TYPE = "11"


class Realtime:
    """The main poll; part of ``SungrowClient``."""

    _access: Access

    async def plant_points(
        self, ids: Sequence[str], points: Sequence[str], *, want_dict: bool = False
    ) -> dict[str, Any]:
        """Return ``{device_point_list, point_dict, fail_ps_id_list}`` of section 3.4.

        One flat row per plant, however many calls it takes; each has ``ps_id``. Only in
        the login flavour there is a ``device_time``, and never a ``point_dict``.
        """
        if self._access.flavour is Flavour.LOGIN:
            keys = [plant_key(plant) for plant in ids]
            data = await self.device_points(PLANT_TYPE, keys, points)
            for row in data["device_point_list"]:
                row.setdefault("ps_id", _plant_of(row))
            failed = [key.partition("_")[0] for key in data["illegal_ps_key_list"]]
            return {
                "device_point_list": data["device_point_list"],
                "point_dict": data["point_dict"],
                "fail_ps_id_list": failed,
            }
        rows, units, failed = await self._points(
            "getPowerStationRealTimeData",
            {},
            ("ps_id_list", ids),
            points,
            ("ps_id", "fail_ps_id_list"),
            want_dict=want_dict,
        )
        return {
            "device_point_list": rows,
            "point_dict": units,
            "fail_ps_id_list": failed,
        }

    async def device_points(
        self,
        device_type: str | int,
        ps_keys: Sequence[str],
        points: Sequence[str],
        *,
        want_dict: bool = False,
    ) -> dict[str, Any]:
        """Return ``{device_point_list, point_dict, illegal_ps_key_list}`` of 3.5.

        One flat row per device of that type, however many calls it takes; each has
        ``ps_key``. In the login flavour the ``point_dict`` is always empty.
        """
        rows, units, failed = await self._points(
            "getDeviceRealTimeData",
            {"device_type": str(device_type)},
            ("ps_key_list", ps_keys),
            points,
            ("ps_key", "illegal_ps_key_list"),
            want_dict=want_dict,
        )
        return {
            "device_point_list": rows,
            "point_dict": units,
            "illegal_ps_key_list": failed,
        }

    async def _points(
        self,
        endpoint: str,
        fields: dict[str, Any],
        asked: tuple[str, Sequence[str]],
        points: Sequence[str],
        answered: tuple[str, str],
        *,
        want_dict: bool,
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
        """Return merged rows, the dictionary of points, and who is refused."""
        list_name, who = asked
        id_name, failed_name = answered
        rows: dict[str, dict[str, Any]] = {}
        units: dict[str, dict[str, Any]] = {}
        failed: dict[str, None] = {}
        if want_dict:
            fields = {**fields, "is_get_point_dict": "1"}
        for some in batched(who, MOST_DEVICES, strict=False):
            for ids in batched(points, MOST_POINTS, strict=False):
                body = {**fields, list_name: list(some), "point_id_list": list(ids)}
                data = mapping(await self._access.ask(endpoint, body))
                for row in mappings(data.get("device_point_list")):
                    flat = {**row, **mapping(row.get("device_point"))}
                    flat.pop("device_point", None)
                    if key := text(flat.get(id_name)) or _plant_of(flat):
                        rows.setdefault(key, {}).update({**flat, id_name: key})
                for entry in mappings(data.get("point_dict")):
                    if point := text(entry.get("point_id")):
                        units[point] = dict(entry)
                refused = data.get(failed_name)
                if isinstance(refused, list):
                    failed |= dict.fromkeys(filter(None, map(text, refused)))
        return list(rows.values()), list(units.values()), list(failed)


def plant_key(plant_id: str) -> str:
    """Return the ``ps_key`` of a plant itself."""
    return f"{plant_id}_{PLANT_TYPE}_0_0"


def _plant_of(row: dict[str, Any]) -> str:
    return (text(row.get("ps_key")) or "").partition("_")[0]

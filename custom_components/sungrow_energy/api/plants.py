"""Plants and devices (reference sections 3.1, 3.2, 3.3 and 2.5)."""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from .._vendor.core.client.decode import integer, mapping, mappings, text
from .._vendor.core.client.errors import (
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from .access import Access, Flavour
from .errors import BAD_REQUEST, NO_PERMISSION, NOT_FOUND
from .pages import all_pages

_MOST_PLANTS = 20
_DETAIL_OK = 1
# None found, not authorized: an answer about the plants, not about the call.
_NONE_OF_THEM = frozenset({6, 7})


class Plants:
    """What is asked rarely; part of ``SungrowClient``."""

    _access: Access

    async def plants(self) -> list[dict[str, Any]]:
        """Return all plants that the token sees, as rows of section 3.1.

        In the login flavour rows also carry powers and energies as ``{unit, value}``.
        """
        if self._access.flavour is Flavour.OAUTH:
            return await all_pages(self._access, "queryPowerStationList", {})
        return await all_pages(self._access, "getPowerStationList", {})

    async def plant_details(self, ids: Sequence[str]) -> dict[str, Any]:
        """Return ``{data_list, not_authorization_ps_list}`` of section 3.2.

        Personal data is in it. In the login flavour a server may not tell it: then the
        lists are empty.
        """
        login = self._access.flavour is Flavour.LOGIN
        endpoint = "getBatchPsDetail" if login else "getPowerStationDetail"
        found: list[dict[str, Any]] = []
        denied: list[str] = []
        for chunk in batched(ids, _MOST_PLANTS, strict=False):
            try:
                data = await self._access.ask(endpoint, {"ps_ids": ",".join(chunk)})
            except (BadDataError, UnsupportedError, NotPermittedError) as err:
                if not login or err.reason not in {
                    BAD_REQUEST,
                    NOT_FOUND,
                    NO_PERMISSION,
                }:
                    raise
                continue
            if isinstance(data, list):
                data = {"data_list": data}
            fields = mapping(data)
            code = integer(fields.get("code"))
            if code not in {None, _DETAIL_OK, *_NONE_OF_THEM}:
                raise BadDataError(
                    f"{endpoint} answered {code}", code=str(code), reason=BAD_REQUEST
                )
            found += [
                dict(row)
                for row in mappings(fields.get("data_list", fields.get("pageList")))
            ]
            denied += _ids(fields.get("not_authorization_ps_list"))
        return {"data_list": found, "not_authorization_ps_list": denied}

    async def devices(self, plant_id: str) -> list[dict[str, Any]]:
        """Return the physical devices of a plant, as rows of section 3.3."""
        fields = {"ps_id": plant_id}
        if self._access.flavour is Flavour.LOGIN:
            return await all_pages(self._access, "getDeviceList", fields)
        fields["is_get_firmware_version"] = "1"
        return await all_pages(self._access, "getDeviceListByPsId", fields)


def _ids(value: object) -> list[str]:
    """Return ids of a list of ids, or of rows that have one."""
    if not isinstance(value, list):
        return []
    return [
        found
        for item in value
        if (
            found := text(item.get("ps_id"))
            if isinstance(item, Mapping)
            else text(item)
        )
    ]

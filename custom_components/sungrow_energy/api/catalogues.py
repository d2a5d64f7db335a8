"""What only the login flavour documents (reference sections 2.5 and 5)."""

from collections.abc import Sequence
from typing import Any

from .._vendor.core.client.decode import mapping, mappings
from .._vendor.core.client.errors import UnsupportedError
from .access import Access, Flavour
from .errors import NOT_FOUND


class Catalogues:
    """Quota, points and properties; part of ``SungrowClient``.

    Each raises ``UnsupportedError`` (``not_found``) in the OAuth flavour. What the last
    two want in their bodies is documented nowhere: it is the vocabulary of the others.
    """

    _access: Access

    async def call_info(self) -> dict[str, Any]:
        """Return limits and calls of the application, as the vendor counts them."""
        return dict(mapping(await self._login_only("getOpenApiCallInfo", {})))

    async def open_points(self, device_type: str | int) -> list[dict[str, Any]]:
        """Return the points of a device type: ``point_id``, name and units."""
        data = await self._login_only(
            "getOpenPointInfo", {"device_type": str(device_type)}
        )
        fields = mapping(data)
        rows = fields.get("pageList", fields.get("point_dict", data))
        return [dict(row) for row in mappings(rows)]

    async def property_points(
        self, device_type: str | int, ps_keys: Sequence[str], points: Sequence[str]
    ) -> dict[str, Any]:
        """Return properties such as 18290, a device's own limit of its power."""
        fields = {
            "device_type": str(device_type),
            "ps_key_list": list(ps_keys),
            "point_id_list": list(points),
        }
        return dict(mapping(await self._login_only("getDevPropertyPointValue", fields)))

    async def _login_only(self, endpoint: str, fields: dict[str, Any]) -> Any:
        if self._access.flavour is not Flavour.LOGIN:
            raise UnsupportedError(f"no {endpoint} here", reason=NOT_FOUND)
        return await self._access.ask(endpoint, fields)

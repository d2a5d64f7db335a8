"""What only the login flavour documents (reference sections 2.5 and 5)."""

from typing import Any

from .._vendor.core.client.decode import mapping, mappings
from .._vendor.core.client.errors import UnsupportedError
from .access import Access, Flavour
from .errors import NOT_FOUND

_POINTS = "getOpenPointInfo"


class Catalogues:
    """The points that there are; part of ``SungrowClient``."""

    _access: Access

    async def open_points(self, device_type: str | int) -> list[dict[str, Any]]:
        """Return the points of a device type: ``point_id``, name and units.

        Raises ``UnsupportedError`` (``not_found``) in the OAuth flavour. What is wanted
        in the body is documented nowhere: it is the vocabulary of the other calls.
        """
        if self._access.flavour is not Flavour.LOGIN:
            raise UnsupportedError(f"no {_POINTS} here", reason=NOT_FOUND)
        data = await self._access.ask(_POINTS, {"device_type": str(device_type)})
        fields = mapping(data)
        rows = fields.get("pageList", fields.get("point_dict", data))
        return [dict(row) for row in mappings(rows)]

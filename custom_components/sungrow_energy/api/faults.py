"""Faults and alarms (reference section 3.7)."""

from typing import Any

from .access import Access
from .pages import all_pages


class Faults:
    """What is wrong now; part of ``SungrowClient``."""

    _access: Access

    async def faults(self, plant_id: str | None = None) -> list[dict[str, Any]]:
        """Return the open faults of one plant or of all that the token sees."""
        fields = {"process_status": "8"}
        if plant_id is not None:
            fields["ps_id"] = plant_id
        return await all_pages(self._access, "getFaultAlarmInfo", fields)

"""Named settings: work modes, slots and so on (reference sections 6.3 and 6.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden
from .target import Target

__all__ = ["Settings", "Target"]


class Settings:
    """What an inverter is set to; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def settings(
        self, sn: str, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Return the values of named settings by name; one may be empty or missing."""
        self.hidden.device(sn)
        body = {"sn": sn, "functionName": list(names)}
        data = mapping(
            await self._access.ask(Call(endpoint=endpoints.SETTINGS, body=body))
        )
        return {
            name: dict(mapping(item.get("value")))
            for item in mappings(data.get("items"))
            if (name := text(item.get("functionName"))) is not None
        }

    async def set_setting(
        self,
        target: Target,
        name: str,
        data: Mapping[str, Any],
        logs: Mapping[str, Any],
    ) -> None:
        """Write one named setting and return when the device has acknowledged it.

        ``logs`` is what the portal shows. Raises as ``Functions.set_function``.
        """
        target.hide(self.hidden)
        body = {
            "functionName": name,
            "sn": target.sn,
            **target.fields,
            "data": dict(data),
            "controlItemLogs": dict(logs),
            "waitingForDevice": True,
        }
        await self._access.ask(Call(endpoint=endpoints.SET_SETTING, body=body))

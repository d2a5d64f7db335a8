"""Functions of devices: registers behind ids (reference section 6.2)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden
from .target import Target

GENERAL, WORK_MODE = "GENERAL_FUNCTIONS", "WORK_MODE"


class Functions:
    """What a device can be set to; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def work_mode(self, sn: str) -> dict[str, Any]:
        """Return ``{workMode, arm}``: which dialect of section 6.3 is spoken."""
        self.hidden.device(sn)
        call = Call(endpoint=endpoints.WORK_MODE, params={"sn": sn})
        return dict(mapping(await self._access.ask(call)))

    async def related_sn(self, sn: str, menu_code: int) -> str | None:
        """Return the serial by which a meter or a battery is written to."""
        self.hidden.device(sn)
        body = {"sn": sn, "menuCode": menu_code}
        call = Call(endpoint=endpoints.RELATED_SN, body=body)
        found = text(mapping(await self._access.ask(call)).get("sn"))
        self.hidden.device(found)
        return found

    async def function_menus(
        self,
        sn: str,
        *,
        module: str = GENERAL,
        menu_code: int = 0,
        bat_index: str = "",
    ) -> list[dict[str, Any]]:
        """Return the nested menus of a device, of a battery by its inverter's serial."""
        self.hidden.device(sn)
        body = {
            "sn": sn,
            "module": module,
            "batIndex": bat_index,
            "menuCode": menu_code,
        }
        call = Call(endpoint=endpoints.FUNCTION_MENUS, body=body)
        data = mapping(await self._access.ask(call))
        return [dict(menu) for menu in mappings(data.get("functionMenus"))]

    async def function_values(
        self, sn: str, functions: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return what the cloud remembers of registers, by address.

        ``functions`` are ids by address. One that was never written may be missing.
        """
        self.hidden.device(sn)
        body = {
            "sn": sn,
            "addresses": list(functions),
            "addrFuncMap": dict(functions),
        }
        call = Call(endpoint=endpoints.FUNCTION_VALUES, body=body)
        data = mapping(await self._access.ask(call))
        return dict(mapping(data.get("data")))

    async def set_function(
        self,
        target: Target,
        values: Mapping[str, Any],
        functions: Mapping[str, str],
        logs: Mapping[str, Any],
    ) -> None:
        """Write registers and return when the device has acknowledged it.

        Args:
            target: Whose.
            values: By address, as its menu gives them.
            functions: Ids by address, of the same addresses.
            logs: What the portal shows, by ``translateKey``.

        Raises:
            WriteRejected: ``refused``, ``device_busy``, ``device_unreachable`` or
                ``bad_request``.
            WriteUnknown: It may have been written.
        """
        target.hide(self.hidden)
        body = {
            "sn": target.sn,
            "addressMap": dict(values),
            "addrFuncMap": dict(functions),
            "controlItemLogs": dict(logs),
            "waitingForDevice": True,
            **target.fields,
        }
        await self._access.ask(Call(endpoint=endpoints.SET_FUNCTION, body=body))

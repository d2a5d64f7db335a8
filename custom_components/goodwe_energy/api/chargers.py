"""EV chargers (reference sections 3.14 and 6.5)."""

from collections.abc import Mapping
from typing import Any

from .._vendor.core.client.decode import mapping
from . import endpoints
from .access import Access
from .endpoints import Endpoint
from .frame import Call
from .hidden import Hidden
from .pages import rows_of

TYPE = "EV_CHARGER"
FAST, PV, PV_AND_BATTERY = 0, 1, 2
_LOG_SIZE = 20


class Chargers:
    """What is asked of and told to chargers; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def charger(
        self, station: str, sn: str, model: str | None = None
    ) -> dict[str, Any]:
        """Return state, mode and limits of a charger, powers in kW."""
        body = self._body(station, sn, model)
        call = Call(endpoint=endpoints.CHARGER, body=body)
        return dict(mapping(await self._access.ask(call)))

    async def charger_session(self, station: str, sn: str) -> dict[str, Any]:
        """Return the charging of now or the last one; empty without one."""
        self._body(station, sn, None)
        params = {"chargeSn": sn, "pwId": station}
        call = Call(endpoint=endpoints.CHARGER_SESSION, params=params)
        data = mapping(await self._access.ask(call))
        return dict(mapping(data.get("chargeLog")))

    async def charger_log(self, station: str, sn: str) -> list[dict[str, Any]]:
        """Return the last 20 charging sessions.

        UNCERTAIN: nobody has told the fields of its body, so they are those by which
        the session of now is asked for. It may be refused.
        """
        self._body(station, sn, None)
        body = {"chargeSn": sn, "pwId": station, "current": 1, "size": _LOG_SIZE}
        call = Call(endpoint=endpoints.CHARGER_LOG, body=body)
        return rows_of(await self._access.ask(call))

    async def charger_mode(
        self,
        station: str,
        sn: str,
        mode: int,
        *,
        power: float | None = None,
        model: str | None = None,
    ) -> None:
        """Choose ``FAST`` with a power in kW, or one of the others without.

        It shows after 60 to 90 s, if at all: to be read back.

        Raises:
            ValueError: A power where there must be none, or none where one is needed:
                the vendor would ignore it without a word.
            WriteRejected: ``device_busy`` and others.
            WriteUnknown: It may have been taken.
        """
        if (mode == FAST) != (power is not None):
            raise ValueError("a power belongs to the fast mode, and to no other")
        fields: dict[str, Any] = {"mode": mode}
        if power is not None:
            kilowatts = float(power)
            fields |= {"chargePowerSetted": kilowatts, "chargeMaxPower": kilowatts}
        await self._change(endpoints.CHARGER_MODE, station, sn, model, fields)

    async def charger_start(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        """Start charging; raises as ``charger_mode``."""
        await self._change(endpoints.CHARGER_START, station, sn, model, {})

    async def charger_stop(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        """Stop charging; raises as ``charger_mode``."""
        await self._change(endpoints.CHARGER_STOP, station, sn, model, {})

    async def _change(
        self,
        endpoint: Endpoint,
        station: str,
        sn: str,
        model: str | None,
        fields: Mapping[str, Any],
    ) -> None:
        body = {**self._body(station, sn, model), **fields}
        await self._access.ask(Call(endpoint=endpoint, body=body, true_is_ok=True))

    def _body(self, station: str, sn: str, model: str | None) -> dict[str, Any]:
        self.hidden.station(station)
        self.hidden.device(sn)
        body = {"sn": sn, "plantId": station}
        if model:
            body["productModel"] = model
        return body

"""What the live push needs of the gateway (reference section 5)."""

from typing import Any

from .._vendor.core.client.decode import flag, mapping, text
from . import endpoints
from .access import Access
from .frame import Call
from .hidden import Hidden


class LivePush:
    """Switches the push on and tells how to connect; part of ``GoodWeClient``."""

    _access: Access
    hidden: Hidden

    async def live_enable(self, station: str) -> bool:
        """Ask for values every 5 s; return whether the station has such."""
        self.hidden.station(station)
        call = Call(endpoint=endpoints.LIVE_ENABLE, params={"stationId": station})
        return flag(await self._access.ask(call)) is True

    async def live_config(self) -> dict[str, Any]:
        """Return ``{clientId, userName, password}`` for one connection to the broker."""
        call = Call(endpoint=endpoints.LIVE_CONFIG)
        found = dict(mapping(await self._access.ask(call)))
        for name in ("clientId", "userName", "password"):
            self.hidden.secret(text(found.get(name)), "broker")
        return found

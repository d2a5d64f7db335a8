"""The uniform "new-api" (reference sections 3.E, 6.6 and 6.7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from .._vendor.core.client.decode import integer, mapping, mappings, text
from .._vendor.core.client.errors import ThrottledError, UnsupportedError
from ..families import FACTS, Family
from .envelopes import Kind
from .errors import NOT_SUPPORTED
from .limits import FIVE_MINUTES, LAST, NOAH_LAST
from .token_http import TokenHttp
from .v1_devices import check_batch


class V4(TokenHttp):
    """All families alike; ``UnsupportedError`` for one that v4 does not have."""

    async def query_devices(self, page: int = 1) -> dict[str, Any]:
        """List up to 100 devices of the account: ``data``, ``lastPager``."""
        body = await self.v4("queryDeviceList", {"page": str(page)})
        return dict(mapping(body.get("data")))

    async def query_info(
        self, family: str, serials: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Read the details of up to 100 devices, by serial."""
        return await self._query("queryDeviceInfo", family, serials)

    async def query_last(
        self, family: str, serials: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Read the newest records of up to 100 devices, by serial.

        Those without permission are left out by the vendor. NOAH may be asked each
        minute; as that may count for the endpoint, other families then wait 5 minutes.
        """
        if Family(family) is not Family.NOAH:
            return await self._query(LAST, family, serials)
        sent = True
        try:
            return await self._query(LAST, family, serials, group=NOAH_LAST)
        except ThrottledError as err:
            sent = err.code is not None
            raise
        finally:
            if sent:
                self._budget.block(FIVE_MINUTES, reason="budget", group=LAST)

    async def query_day(
        self, family: str, serial: str, day: date, start: int = 0
    ) -> dict[str, Any]:
        """Read the 5-minute records of a day: ``datas``, ``haveNext``, ``start``."""
        params = {**_device(family, serial), "date": day.isoformat()}
        if start:
            params["start"] = str(start)
        body = await self.v4("queryHistoricalData", params)
        return dict(mapping(body.get("data")))

    async def wifi_signal(self, family: str, serial: str) -> int | None:
        """Read the datalogger's signal in dBm; the value stands in ``message``."""
        body = await self.v4("getWiFiSignalByDevice", _device(family, serial))
        return integer(body.get("message"), low=-200, high=0)

    async def read_power(self, family: str, serial: str) -> int | None:
        """Read the limit of the active power in percent, of NOAH in W."""
        params = _device(family, serial)
        body = await self.v4("readPower", params, kind=Kind.LIVE_READ)
        return integer(body.get("data"), low=0)

    async def read_vpp(self, family: str, serial: str, number: int) -> Any:
        """Read ``set_param_<number>``; ``UnsupportedError`` on models without."""
        params = {**_device(family, serial), "setType": f"set_param_{number}"}
        body = await self.v4("readVppParameter", params, kind=Kind.LIVE_READ)
        return body.get("data")

    async def set_vpp(
        self, family: str, serial: str, number: int, value: str | float
    ) -> None:
        """Write ``set_param_<number>``, once; raises as ``envelopes.v4_body``."""
        await self._set(
            "setVppParameter",
            family,
            serial,
            setType=f"set_param_{number}",
            value=str(value),
        )

    async def set_on(self, family: str, serial: str, *, on: bool) -> None:
        """Switch the inverter, once."""
        await self._set("setOnOrOff", family, serial, value=str(int(on)))

    async def set_power(self, family: str, serial: str, value: int) -> None:
        """Limit the active power, once: percent, of NOAH W."""
        await self._set("setPower", family, serial, value=str(value))

    async def set_high_limit_soc(self, serial: str, percent: int) -> None:
        """Set up to where a NOAH charges, once."""
        await self._set("setHighLimitSoc", Family.NOAH, serial, value=str(percent))

    async def set_low_limit_soc(self, serial: str, percent: int) -> None:
        """Set down to where a NOAH discharges, once."""
        await self._set("setLowLimitSoc", Family.NOAH, serial, value=str(percent))

    async def set_time_segment(
        self,
        serial: str,
        number: int,
        *,
        start: str,
        end: str,
        mode: int,
        power: int,
        enabled: bool,
    ) -> None:
        """Set one of a NOAH's 9 segments, once: ``HH:MM``, W."""
        await self._set(
            "setTimeSegment",
            Family.NOAH,
            serial,
            type=str(number),
            startTime=start,
            endTime=end,
            mode=str(mode),
            power=str(power),
            enable=str(int(enabled)),
        )

    async def set_grid_charge(self, serial: str, *, on: bool) -> None:
        """Let a NOAH charge from the grid or not, once."""
        await self._set("setGridCharge", Family.NOAH, serial, value=str(int(on)))

    async def set_off_grid(self, serial: str, *, on: bool) -> None:
        """Switch a NOAH's off-grid output, once."""
        await self._set("setOffGrid", Family.NOAH, serial, value=str(int(on)))

    async def noah_status(self, serial: str) -> dict[str, Any]:
        """Read what the app shows of a NOAH."""
        return await self._app("noah/getSystemStatus", serial)

    async def noah_info(self, serial: str) -> dict[str, Any]:
        """Read a NOAH's settings and packs as the app has them."""
        return await self._app("noah/getNoahInfoBySn", serial)

    async def nexa_info(self, serial: str) -> dict[str, Any]:
        """Read a NEXA's settings and packs as the app has them."""
        return await self._app("nexa/getNexaInfoBySn", serial, language="1")

    async def noah_batteries(self, serial: str) -> dict[str, Any]:
        """Read a NOAH's packs."""
        return await self._app("noah/getBatteryData", serial)

    async def _app(self, name: str, serial: str, **more: str) -> dict[str, Any]:
        """Ask one of the app's paths with the token (3.F)."""
        form = {"deviceSn": serial, **more}
        return await self.app(f"v4/noahDeviceApi/{name}", form)

    async def _query(
        self,
        endpoint: str,
        family: str,
        serials: Sequence[str],
        *,
        group: str | None = None,
    ) -> dict[str, dict[str, Any]]:
        check_batch(serials)
        params = _device(family, ",".join(serials))
        body = await self.v4(endpoint, params, group=group)
        records: dict[str, dict[str, Any]] = {}
        found = mappings(mapping(body.get("data")).get(params["deviceType"]))
        for record in found:
            for key in ("serialNum", "deviceSn", "sn"):
                if (serial := text(record.get(key))) in serials and serial:
                    records.setdefault(serial, dict(record))
        if not records and len(found) == len(serials) == 1:
            # A sleeping device's record has no serial; nobody else was asked about
            records[serials[0]] = dict(found[0])
        return records

    async def _set(
        self, endpoint: str, family: str, serial: str, **values: str
    ) -> None:
        params = {**_device(family, serial), **values}
        await self.v4(endpoint, params, kind=Kind.WRITE)


def _device(family: str, serials: str) -> dict[str, str]:
    kind = Family(family)
    if (name := FACTS[kind].v4_type) is None:
        raise UnsupportedError(f"v4 does not know {kind}", reason=NOT_SUPPORTED)
    return {"deviceSn": serials, "deviceType": name}

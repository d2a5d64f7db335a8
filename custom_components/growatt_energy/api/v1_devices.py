"""The devices of V1: details, last data, history, alarms (sections 3.B to 3.D)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .._vendor.core.client.decode import mapping, number, text
from .._vendor.core.client.errors import BadDataError, UnsupportedError
from ..families import FACTS, Facts, Family
from .envelopes import Kind
from .errors import BAD_REQUEST, NOT_SUPPORTED
from .token_http import TokenHttp
from .v1_plants import PAGE

MOST_SERIALS = 100
MOST_DAYS = 7

# What the endpoints of a family begin with, where it is not the group
_STEMS = {Family.INVERTER: "inv"}
_READS = {
    Family.MIN: "readMinParam",
    Family.SPH: "readMixParam",
    Family.SPA: "readSpaParam",
    Family.MAX: "readMaxParam",
    Family.INVERTER: "readInverterParam",
    Family.STORAGE: "readStorageParam",
}
# Endpoint, and how many parameters have to be there (sections 2.1 and 6)
_WRITES = {
    Family.MIN: ("tlxSet", 19),
    Family.SPH: ("mixSet", 18),
    Family.SPA: ("spaSet", 18),
    Family.STORAGE: ("storageSet", 4),
    Family.INVERTER: ("inverterSet", 2),
}
WRITE_ENDPOINTS = {family: endpoint for family, (endpoint, _) in _WRITES.items()}


class V1Devices(TokenHttp):
    """What is asked of a device; each returns the inner ``data``.

    All raise ``UnsupportedError`` for a family that V1 does not have.
    """

    async def details(self, family: str, serial: str) -> dict[str, Any]:
        """Read identity and, of SPH and SPA, all settings (``*_data_info``)."""
        kind, facts = _facts(family)
        stem = _STEMS.get(kind, facts.v1_group)
        endpoint = f"device/{facts.v1_group}/{stem}_data_info"
        return await self.v1_data("GET", endpoint, {"device_sn": serial})

    async def settings(self, serial: str) -> dict[str, Any]:
        """Read the settings of a MIN (``tlx_set_info``)."""
        params = {"device_sn": serial}
        return await self.v1_data("GET", "device/tlx/tlx_set_info", params)

    async def last(self, family: str, serial: str) -> dict[str, Any]:
        """Read the newest record."""
        kind, facts = _facts(family)
        if kind is Family.INVERTER:
            params = {"device_sn": serial}
            return await self.v1_data("GET", "device/inverter/last_new_data", params)
        endpoint = f"device/{facts.v1_group}/{facts.v1_group}_last_data"
        return await self.v1_data("POST", endpoint, {_param(facts): serial})

    async def last_many(
        self, family: str, serials: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Read the newest record of up to 100 devices, by serial.

        Those of which the vendor says nothing are left out.
        """
        kind, facts = _facts(family)
        if facts.many_param is None:
            raise UnsupportedError(f"no multi read for {kind}", reason=NOT_SUPPORTED)
        check_batch(serials)
        stem = _STEMS.get(kind, facts.v1_group)
        endpoint = f"device/{facts.v1_group}/{stem}s_data"
        params = {facts.many_param: ",".join(serials), "pageNum": "1"}
        data = await self.v1_data("POST", endpoint, params)
        records = {}
        for serial in serials:
            # The record stands in an object of its own, beside its datalogger
            outer = mapping(data.get(serial))
            inner = outer.get(serial)
            if record := dict(inner if isinstance(inner, Mapping) else outer):
                records[serial] = record
        return records

    async def history(
        self,
        family: str,
        serial: str,
        start: date,
        end: date,
        zone_name: str,
        page: int = 1,
    ) -> dict[str, Any]:
        """Read 5-minute records of at most 7 days, 100 per page: ``count``, ``datas``."""
        kind, facts = _facts(family)
        if not 0 <= (end - start).days < MOST_DAYS:
            raise BadDataError("the range is not 1 to 7 days", reason=BAD_REQUEST)
        params = {
            _param(facts): serial,
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            "timezone_id": zone_name,
            "page": str(page),
            "perpage": str(PAGE),
        }
        if kind is Family.INVERTER:
            return await self.v1_data("GET", "device/inverter/data", params)
        endpoint = f"device/{facts.v1_group}/{facts.v1_group}_data"
        return await self.v1_data("POST", endpoint, params)

    async def alarms(
        self, family: str, serial: str, day: date, page: int = 1
    ) -> dict[str, Any]:
        """Read the alarms of a plant-local day: ``count`` and ``alarms``."""
        kind, facts = _facts(family)
        params = {
            _param(facts): serial,
            "date": day.isoformat(),
            "page": str(page),
            "perpage": str(PAGE),
        }
        if kind is Family.INVERTER:
            return await self.v1_data("GET", "device/inverter/alarm", params)
        endpoint = f"device/{facts.v1_group}/alarm_data"
        return await self.v1_data("POST", endpoint, params)

    async def day_energy(self, serial: str, day: date) -> float | None:
        """Read the kWh of a string inverter's day."""
        params = {"device_sn": serial, "date": day.isoformat()}
        body = await self.v1("GET", "device/inverter/day_energy", params)
        return number(body.get("data"))

    async def meters(self, datalogger: str) -> dict[str, Any]:
        """List the meters behind a datalogger: ``meters`` with an ``address`` each."""
        params = {"datalog_sn": datalogger}
        return await self.v1_data("GET", "device/ammeter/meter_list", params)

    async def meter_last(self, datalogger: str, address: str) -> dict[str, Any]:
        """Read a meter's newest record."""
        params = {"datalog_sn": datalogger, "address": address}
        return await self.v1_data("GET", "device/ammeter/meter_last_data", params)

    async def sensors(self, datalogger: str) -> dict[str, Any]:
        """List the environment sensors behind a datalogger."""
        params = {"datalog_sn": datalogger}
        return await self.v1_data("GET", "device/env/env_list", params)

    async def vpp_soc(self, serial: str) -> float | None:
        """Read the state of charge in percent: the cheapest read there is (6.6)."""
        body = await self.v1("POST", "device/vpp/getSocData", {"vppSn": serial})
        return number(body.get("soc"), low=0, high=100)

    async def read_param(self, family: str, serial: str, name: str) -> str:
        """Read one setting by its write name through the datalogger: slow, but live.

        Raises ``MaintenanceError`` (``offline``) if that cannot be reached, and
        ``UnsupportedError`` for a setting that cannot be read.
        """
        return await self._read(family, serial, name, 0, 0)

    async def _read(
        self, family: str, serial: str, name: str, first: int, last: int
    ) -> str:
        kind, _ = _facts(family)
        params = {
            "device_sn": serial,
            "paramId": name,
            "startAddr": str(first),
            "endAddr": str(last),
        }
        body = await self.v1("POST", _READS[kind], params, kind=Kind.LIVE_READ)
        if (found := text(body.get("data"))) is None:
            raise BadDataError("the answer has no value")
        return found

    async def write_param(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Send one setting, once; missing parameters go out empty (2.1).

        Raises ``WriteUnknown`` if it may have been applied, else what
        ``envelopes.v1_body`` raises for a write.
        """
        kind, facts = _facts(family)
        if kind not in _WRITES:
            raise UnsupportedError(f"no settings for {kind}", reason=NOT_SUPPORTED)
        endpoint, count = _WRITES[kind]
        if len(params) > count:
            raise BadDataError("too many parameters", reason=BAD_REQUEST)
        values = [*params, *[""] * (count - len(params))]
        if kind is Family.INVERTER:
            form = {"device_sn": serial, "paramId": type_}
            form |= {f"command_{n}": value for n, value in enumerate(values, 1)}
        else:
            form = {_param(facts): serial, "type": type_}
            form |= {f"param{n}": value for n, value in enumerate(values, 1)}
        await self.v1("POST", endpoint, form, kind=Kind.WRITE)


def _facts(family: str) -> tuple[Family, Facts]:
    kind = Family(family)
    facts = FACTS[kind]
    if facts.v1_group is None or facts.serial_param is None:
        raise UnsupportedError(f"V1 does not know {kind}", reason=NOT_SUPPORTED)
    return kind, facts


def _param(facts: Facts) -> str:
    return facts.serial_param or "device_sn"


def check_batch(serials: Sequence[str]) -> None:
    """Raise ``BadDataError`` for what the vendor would refuse (code 11)."""
    if not 1 <= len(serials) <= MOST_SERIALS:
        raise BadDataError("not 1 to 100 serials", reason=BAD_REQUEST)

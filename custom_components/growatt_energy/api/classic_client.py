"""The app's API of one account (reference sections 3.F, 6.2 to 6.10)."""

from collections.abc import Sequence
import json
import re
from typing import Any

from .._vendor.core.client.decode import mapping, text
from .._vendor.core.client.errors import BadDataError, UnsupportedError
from .._vendor.core.client.message import Response
from ..families import Family
from .classic_answers import live_error, obj
from .classic_batteries import ClassicBatteries
from .classic_plants import ClassicPlants
from .classic_session import WRITE_TIMEOUT
from .classic_tlx import ClassicTlx
from .errors import NOT_SUPPORTED, object_of
from .timespan import Timespan

__all__ = ["ClassicClient", "Timespan"]

_SET = "newTcpsetAPI.do"
_WRITES = {Family.MIN: "tlxSet", Family.SPH: "mixSetApiNew", Family.SPA: "spaSetApi"}
# `deviceTypeStr` of a live read is known for these only (6.10).
_LIVE_TYPES = {Family.MIN: "8"}
_INVERTER_PAGE = re.compile(r"inv\s*=\s*JSON\.parse\('(?P<json>.*?)'\)", re.DOTALL)


class ClassicClient(ClassicPlants, ClassicTlx, ClassicBatteries):
    """All that the app asks and sets; a login is made when one is needed.

    Reads return what is inside the envelope, empty where the vendor says ``null``. They
    raise ``UnsupportedError`` for what the account or device does not have,
    ``MaintenanceError`` for other refusals, and what ``ClassicSession.read`` raises.
    """

    async def classic_inverter_info(self, serial: str) -> dict[str, Any]:
        """Read a string inverter's settings, which only stand in a web page (6.8)."""
        page = await self.text(
            "commonDeviceSetC/setInverter", {"type": "server", "invSn": serial}
        )
        if (match := _INVERTER_PAGE.search(page)) is None:
            raise BadDataError("the page has no settings")
        try:
            # The page's script has quotes escaped once more
            return dict(mapping(json.loads(match["json"].replace("\\'", "'"))))
        except ValueError:
            raise BadDataError("the page's settings are no JSON") from None

    async def read_setting(self, family: str, serial: str, name: str) -> str:
        """Read one setting by its write name through the datalogger: slow, but live.

        Raises ``UnsupportedError`` for families of which the reference does not say
        how, ``MaintenanceError`` (``offline``) if the datalogger cannot be reached.
        """
        kind = Family(family)
        if kind not in _LIVE_TYPES:
            raise UnsupportedError(f"no live read for {kind}", reason=NOT_SUPPORTED)
        form = {
            "serialNum": serial,
            "deviceTypeStr": _LIVE_TYPES[kind],
            "paramId": name,
            "startAddr": "-1",
            "endAddr": "-1",
        }

        def decode(response: Response) -> str:
            body = object_of(response)
            if (err := live_error(body, self.redact)) is not None:
                raise err
            if (value := text(obj(body).get("param1"))) is None:
                raise BadDataError("the answer has no value")
            return value

        found: str = await self._session.read(
            "POST",
            _SET,
            {"action": "readDeviceParam"},
            form=form,
            decode=decode,
            timeout=WRITE_TIMEOUT,
        )
        return found

    async def write_setting(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Send one setting, once.

        Raises ``WriteUnknown`` if it may have been applied, ``WriteRejected`` if not
        (see ``classic_answers.check_write``), ``UnsupportedError`` for a family that
        has no such way. Of NOAH it is one of the types that only a NEXA has.
        """
        kind = Family(family)
        if kind is Family.INVERTER:
            inverter = {"action": "inverterSet", "serialNum": serial, "paramId": type_}
            inverter |= {
                f"command_{number}": value
                for number, value in enumerate([*params, "", ""][:2], 1)
            }
            await self.send("tcpSet.do", inverter)
            return
        if kind is Family.NOAH:
            await self.noah_set(serial, type_, params, nexa=True)
            return
        if (operation := _WRITES.get(kind)) is None:
            raise UnsupportedError(f"no settings for {kind}", reason=NOT_SUPPORTED)
        query = {"op": operation, "serialNum": serial, "type": type_}
        query |= {f"param{number}": value for number, value in enumerate(params, 1)}
        await self.send(_SET, query)

    async def noah_set(
        self, serial: str, type_: str, params: Sequence[str], *, nexa: bool = False
    ) -> None:
        """Send one setting of a NOAH or NEXA, once; raises as ``write_setting`` (6.7)."""
        form = {"serialNum": serial, "type": type_}
        form |= {f"param{number}": value for number, value in enumerate(params, 1)}
        await self.send(f"noahDeviceApi/{'nexa' if nexa else 'noah'}/set", form=form)

"""Writing and reading single settings, whichever way the account is reached (6)."""

from collections.abc import Sequence
from typing import Any, Protocol

from .._vendor.core.client.decode import integer
from .._vendor.core.client.errors import (
    BadDataError,
    UnsupportedError,
)
from ..families import Family
from .classic_client import ClassicClient
from .errors import BAD_REQUEST, NOT_SUPPORTED
from .token_client import TokenClient
from .v1_devices import WRITE_ENDPOINTS

# v4 does not switch or limit these (3.E)
_NO_POWER = frozenset({Family.STORAGE, Family.SPH_S})
_ON_OFF = {
    Family.MIN: "tlx_on_off",
    Family.SPH: "pv_on_off",
    Family.SPA: "pv_on_off",
    Family.INVERTER: "pv_on_off",
}
_POWER = "pv_active_p_rate"
_NOAH_ENDPOINTS = {
    "output_power": "setPower",
    "charging_soc": "setLowLimitSoc",
    "time_segment": "setTimeSegment",
    "grid_charge": "setGridCharge",
    "off_grid": "setOffGrid",
}
_NEXA_SWITCHES = {
    "grid_charge": "allow_grid_charging",
    "off_grid": "grid_connection_control",
}


class Setter(Protocol):
    """What control drivers write with. Each write is sent once.

    Writes raise ``WriteUnknown`` if they may have been applied (also "system error",
    Q19): read before anything else. ``WriteRejected`` (``offline``, ``out_of_range``,
    …), ``UnsupportedError``, ``NotPermittedError`` and ``ThrottledError`` mean that
    nothing has changed, ``TransportError`` that nothing was sent.
    """

    @property
    def padded(self) -> bool:
        """Whether hours and minutes are sent with two digits."""

    @property
    def vpp(self) -> bool:
        """Whether there are VPP parameters at all; a model may still lack them."""

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Write a setting by its write name; those left out at the end go out empty."""

    async def read_named(self, family: str, serial: str, name: str) -> str:
        """Read a setting live by its write name, as text.

        Raises ``UnsupportedError`` where there is no such read: the settings have it.
        """

    async def read_vpp(self, family: str, serial: str, number: int) -> Any:
        """Read ``set_param_<number>``; ``UnsupportedError`` on models without."""

    async def set_vpp(
        self, family: str, serial: str, number: int, value: str | float
    ) -> None:
        """Write ``set_param_<number>``."""

    async def set_on(self, family: str, serial: str, *, on: bool) -> None:
        """Switch the inverter."""

    async def set_power(self, family: str, serial: str, percent: int) -> None:
        """Limit the active power to percent of the rated power."""

    async def read_power(self, family: str, serial: str) -> int | None:
        """Read that limit. Raises ``UnsupportedError`` where it cannot be read."""

    async def set_noah(self, serial: str, what: str, **params: Any) -> None:
        """Write a setting of a NOAH.

        ``output_power``: ``watts``. ``charging_soc``: ``high`` and ``low`` in percent;
        with a token only those that are given are sent, a login needs both.
        ``time_segment``: ``number``, ``start`` and ``end`` (``HH:MM``), ``mode``,
        ``power`` in W, ``enabled``. ``grid_charge``, ``off_grid``: ``on``.
        A login is told if it is a ``nexa``, and with its power the present ``mode``.
        """

    def admit(self, family: str, what: str = "set") -> None:
        """Raise ``ThrottledError`` if a write could not go within moments.

        ``what`` is ``set``, ``vpp``, or one of ``set_noah``.
        """


class TokenSetter:
    """Settings with a token: V1 for single ones and periods, v4 for the rest."""

    padded = False
    vpp = True

    def __init__(self, client: TokenClient) -> None:
        """Take the client that all users of the account share."""
        self._client = client

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Write with ``tlxSet``, ``mixSet``, ``spaSet``, ``storageSet``, ``inverterSet``."""
        await self._client.write_param(family, serial, type_, params)

    async def read_named(self, family: str, serial: str, name: str) -> str:
        """Read with ``read*Param``."""
        return await self._client.read_param(family, serial, name)

    async def read_vpp(self, family: str, serial: str, number: int) -> Any:
        """Read with ``readVppParameter``."""
        return await self._client.read_vpp(family, serial, number)

    async def set_vpp(
        self, family: str, serial: str, number: int, value: str | float
    ) -> None:
        """Write with ``setVppParameter``."""
        await self._client.set_vpp(family, serial, number, value)

    async def set_on(self, family: str, serial: str, *, on: bool) -> None:
        """Switch with v4."""
        _check_power(family)
        await self._client.set_on(family, serial, on=on)

    async def set_power(self, family: str, serial: str, percent: int) -> None:
        """Limit with v4."""
        _check_power(family)
        await self._client.set_power(family, serial, percent)

    async def read_power(self, family: str, serial: str) -> int | None:
        """Read with v4."""
        _check_power(family)
        return await self._client.read_power(family, serial)

    async def set_noah(self, serial: str, what: str, **params: Any) -> None:
        """Write with v4; of ``charging_soc`` each limit is a request of its own."""
        match what:
            case "output_power":
                await self._client.set_power(Family.NOAH, serial, params["watts"])
            case "charging_soc":
                if (high := params.get("high")) is not None:
                    await self._client.set_high_limit_soc(serial, high)
                if (low := params.get("low")) is not None:
                    await self._client.set_low_limit_soc(serial, low)
            case "time_segment":
                await self._client.set_time_segment(serial, **params)
            case "grid_charge":
                await self._client.set_grid_charge(serial, on=params["on"])
            case "off_grid":
                await self._client.set_off_grid(serial, on=params["on"])
            case _:
                raise BadDataError(f"unknown setting {what}", reason=BAD_REQUEST)

    def admit(self, family: str, what: str = "set") -> None:
        """Look at the endpoint that a write would go to."""
        if what == "vpp":
            endpoint = "setVppParameter"
        elif what == "set":
            endpoint = WRITE_ENDPOINTS.get(Family(family), "setPower")
        else:
            endpoint = _NOAH_ENDPOINTS[what]
        self._client.admit(endpoint)


class LoginSetter:
    """Settings with a login, as the app writes them."""

    padded = True
    vpp = False

    def __init__(self, client: ClassicClient) -> None:
        """Take the client that all users of the account share."""
        self._client = client

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Write with ``newTcpsetAPI.do``, of string inverters with ``tcpSet.do``."""
        await self._client.write_setting(family, serial, type_, params)

    async def read_named(self, family: str, serial: str, name: str) -> str:
        """Read with ``readDeviceParam``, which is known for MIN only."""
        return await self._client.read_setting(family, serial, name)

    async def read_vpp(self, family: str, serial: str, number: int) -> Any:
        """Raise ``UnsupportedError``."""
        raise _token_only("VPP")

    async def set_vpp(
        self, family: str, serial: str, number: int, value: str | float
    ) -> None:
        """Raise ``UnsupportedError``."""
        raise _token_only("VPP")

    async def set_on(self, family: str, serial: str, *, on: bool) -> None:
        """Switch with the family's setting."""
        if (type_ := _ON_OFF.get(Family(family))) is None:
            raise _token_only("switching")
        await self.set(family, serial, type_, ["0001" if on else "0000"])

    async def set_power(self, family: str, serial: str, percent: int) -> None:
        """Limit with the family's setting."""
        if Family(family) not in _ON_OFF:
            raise _token_only("limiting")
        await self.set(family, serial, _POWER, [str(percent)])

    async def read_power(self, family: str, serial: str) -> int | None:
        """Read from the page of a string inverter; others have it in their settings."""
        if Family(family) is not Family.INVERTER:
            raise UnsupportedError("the settings have it", reason=NOT_SUPPORTED)
        page = await self._client.classic_inverter_info(serial)
        return integer(page.get("activeRate"), low=0, high=100)

    async def set_noah(self, serial: str, what: str, **params: Any) -> None:
        """Write with the app's own path."""
        nexa = bool(params.get("nexa"))
        match what:
            case "output_power" if nexa:
                type_, values = (
                    "system_out_put_power",
                    [params["mode"], params["watts"]],
                )
            case "output_power":
                type_, values = "default_power", [params["watts"]]
            case "charging_soc":
                type_, values = what, [params.get("high"), params.get("low")]
            case "grid_charge" | "off_grid" if nexa:
                type_, values = _NEXA_SWITCHES[what], [int(params["on"])]
            case _:
                raise _token_only(what)
        if None in values:
            raise BadDataError("all values are needed", reason=BAD_REQUEST)
        texts = [str(value) for value in values]
        await self._client.noah_set(serial, type_, texts, nexa=nexa)

    def admit(self, family: str, what: str = "set") -> None:
        """Look at the account's day limit and pauses."""
        self._client.admit()


def _check_power(family: str) -> None:
    if Family(family) in _NO_POWER:
        raise UnsupportedError(f"not for {family}", reason=NOT_SUPPORTED)


def _token_only(what: str) -> UnsupportedError:
    return UnsupportedError(f"{what} needs a token", reason=NOT_SUPPORTED)

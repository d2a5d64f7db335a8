"""Sends single changes of an inverter, each once (reference sections 6.2 and 6.3).

The client keeps the pause between two changes, and has the patience for the device.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .._vendor.core.client.errors import ThrottledError, WriteRejected
from .._vendor.core.control.intent import Values
from ..api.errors import DEVICE_BUSY
from ..api.target import Target
from . import named, registers
from .catalogue import OF_BATTERY
from .client import RemoteClient
from .controllee import Controllee
from .discovery import Discovery
from .matching import command_of
from .registers import RegisterWrite


class Sender:
    """The hands of one device's driver."""

    def __init__(
        self, what: Controllee, client: RemoteClient, discovery: Discovery
    ) -> None:
        """Write what ``discovery`` has found."""
        self._what, self._client, self._discovery = what, client, discovery
        self.battery_name: Callable[[], str] = str

    async def send(
        self, changes: Values, values: Values, raw: Mapping[str, Any]
    ) -> None:
        """Send the changes of one step; ``values`` and ``raw`` are what was read.

        Raises ``ApiError``; ``WriteRejected`` also for what the device does not have
        any more, ``ThrottledError`` with a code while it is busy.
        """
        try:
            await self._send(changes, values, raw)
        except WriteRejected as err:
            if err.reason == DEVICE_BUSY:
                raise ThrottledError(
                    str(err), code=err.code or DEVICE_BUSY, reason=DEVICE_BUSY
                ) from err
            raise

    async def _send(
        self, changes: Values, values: Values, raw: Mapping[str, Any]
    ) -> None:
        found = self._discovery.found
        if found.dialect is not None:
            request = named.request_of(
                changes, {**values, **changes}, raw, found.dialect
            )
            if request is not None:
                await self._client.set_setting(
                    self._target(), request.name, request.data, request.logs
                )
                return
        for key, value in changes.items():
            write = registers.write_of(key, value, found.functions)
            if write is None:
                raise WriteRejected(f"{key} is not listed", reason="unknown_setting")
            await self._write(write, of_battery=key in OF_BATTERY)

    async def command(self, key: str) -> None:
        """Press a button. Raises ``ApiError``."""
        function = self._discovery.found.functions.get(command_of(key))
        if function is None:
            raise WriteRejected(f"{key} is not listed", reason="unknown_setting")
        await self._write(registers.command(function))

    async def _write(self, write: RegisterWrite, *, of_battery: bool = False) -> None:
        await self._client.set_function(
            self._target(of_battery=of_battery),
            {write.address: write.value},
            {write.address: write.id},
            write.logs,
        )

    def _target(self, *, of_battery: bool = False) -> Target:
        """Return whom it is for; a battery has no serial of its own in a change."""
        what = self._what
        return Target(
            station=what.station_id,
            sn=what.serial,
            device_name=(of_battery and self.battery_name()) or what.name,
            virtual_sn=None if of_battery else what.serial,
        )

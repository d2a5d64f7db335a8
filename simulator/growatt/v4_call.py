"""A request of v4, and what its parameters have to be (growatt.md 3.E and 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .account import Account
from .commands import CommandError, Reason, check_reachable
from .device import Device
from .families import Family
from .protocol import V4Error

if TYPE_CHECKING:
    from .server import GrowattSimulator

MOST_DEVICES = 100
POWER_FAMILIES = {Family.MIN, Family.SPH, Family.SPA, Family.INVERTER, Family.MAX}
CODES: dict[Reason, int] = {"offline": 5, "collector": 5, "system": 1}


@dataclass(slots=True)
class V4Call:
    """A request of a token that may ask."""

    server: GrowattSimulator
    account: Account
    form: Mapping[str, str]

    def family(self) -> Family:
        """Return `deviceType`; V4Error 7."""
        try:
            return Family(self.form.get("deviceType", ""))
        except ValueError as err:
            raise V4Error(7) from err

    def devices(self) -> list[Device]:
        """Return those of `deviceSn` that may be seen; V4Error if there are none."""
        family = self.family()
        serials = [sn for sn in self.form.get("deviceSn", "").split(",") if sn]
        if not serials:
            raise V4Error(8)
        if len(serials) > MOST_DEVICES:
            raise V4Error(11)
        known = self.account.devices
        found = [
            device
            for sn in serials
            if (device := known.get(sn)) is not None
            and device.family is family
            and device.switches.permission
        ]
        if not found:
            raise V4Error(12)
        for device in found:
            device.house.advance()
        return found

    def device(self) -> Device:
        """Return the only one; V4Error 4, 7 or 12."""
        family = self.family()
        sn = self.form.get("deviceSn", "")
        if not sn:
            raise V4Error(8)
        device = self.account.devices.get(sn)
        if device is None:
            raise V4Error(4)
        if device.family is not family:
            raise V4Error(7)
        if not device.switches.permission:
            raise V4Error(12)
        device.house.advance()
        return device

    def day(self) -> date:
        """Return `date`; V4Error 9."""
        try:
            return date.fromisoformat(self.form.get("date", ""))
        except ValueError as err:
            raise V4Error(9) from err

    def number(self, name: str, low: float, high: float) -> int:
        """Return a whole number in a range; V4Error 6."""
        try:
            value = int(self.form.get(name, ""))
        except ValueError as err:
            raise V4Error(6) from err
        if not low <= value <= high:
            raise V4Error(6)
        return value


def reach(device: Device) -> None:
    """Raise V4Error 5 unless the datalogger answers."""
    try:
        check_reachable(device)
    except CommandError as error:
        raise V4Error(CODES[error.reason]) from error

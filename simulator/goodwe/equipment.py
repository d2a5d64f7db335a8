"""Which device a call of `equipments/{sn}` is about (reference sections 3.6 to 3.9)."""

from typing import TYPE_CHECKING

from .home import CABINET
from .refusal import Refusal

if TYPE_CHECKING:
    from .call import Call
    from .device import Device


def equipment(call: Call) -> tuple[Device, bool]:
    """Return the device, and whether it is of the `deviceType` that is asked for.

    A storage inverter is one of the all-in-ones too. Raises Refusal where the type or
    the station `pwId` is missing, or the device is not of that station.
    """
    device = call.device()
    kind = call.text("deviceType")
    if call.station(call.text("pwId")) is not device.station:
        raise Refusal("100025")
    return device, kind == device.type or (kind == CABINET and device.has_battery)

"""External dispatch falls back when nobody beats any more (reference section 6.4)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .parameters import EMS_HEARTBEAT, EMS_MODE, HEARTBEAT, MODE

if TYPE_CHECKING:
    from .device import Device


def needs_heartbeat(device: Device) -> bool:
    """Return whether the mode that is stored ends without a heartbeat."""
    stored = device.parameters.stored
    mode = stored.get(MODE, 0)
    if mode == 2:
        return device.switches.forced_needs_heartbeat
    return mode in {3, 4} or stored.get(EMS_MODE, 1) == 4


def watch(device: Device) -> None:
    """Fall back later, unless there is a write of the heartbeat until then.

    A change of the mode counts as one: time begins with it.
    """
    if not needs_heartbeat(device):
        return
    stored = device.parameters.stored
    seconds = stored.get(HEARTBEAT) or stored.get(EMS_HEARTBEAT) or 60
    began = device.heartbeat = device.house.live().at
    device.house.call_at(
        began + timedelta(seconds=seconds), lambda: _fall_back(device, began)
    )


def _fall_back(device: Device, began: datetime) -> None:
    if device.heartbeat != began or not needs_heartbeat(device):
        return
    stored = device.parameters.stored
    device.put({MODE: 0} if MODE in stored else {EMS_MODE: 1}, reaction=0.0)
    device.fell_back += 1

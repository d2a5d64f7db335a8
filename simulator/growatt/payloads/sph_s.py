"""SPH-S and WIT, which only v4 knows: live record and details (section 3.E).

Little of them is documented: what is, comes on top of the record of an SPH.
"""

from typing import Any

from ..device import Device, Snapshot
from ..families import Family
from . import sph
from .electrics import counters


def last(device: Device, shot: Snapshot, *, v4: bool = True) -> dict[str, Any]:
    """Return the live record of v4."""
    record = sph.last(device, shot, v4=v4)
    if device.family is Family.WIT:
        return record
    cycles = record.pop("bmsCycleCnt")
    today = counters(device, shot.today)
    return record | {
        "bmssn": "",
        "bmscycleCnt": cycles,
        # A month begins with today for a device that is watched since today
        "epvMonth": today.solar,
        "eToGridMonth": today.exported,
        "genPower": 0,
        "genEnergyToday": 0,
    }


def info(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return the details of v4."""
    return sph.info(device, shot)

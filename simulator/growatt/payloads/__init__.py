"""Records of the cloud in the spellings of V1, v4 and the app.

Pure functions of a device and of what its house did at a moment. Their numbers are
exact: noise and oddities come on top.
"""

from typing import Any, Protocol

from ..device import Device, Snapshot
from ..families import Family
from . import min as tlx, noah, spa, sph, sph_s, storage, strings


class _Payloads(Protocol):
    def last(self, device: Device, shot: Snapshot, *, v4: bool) -> dict[str, Any]: ...

    def info(self, device: Device, shot: Snapshot) -> dict[str, Any]: ...


_FAMILIES: dict[Family, _Payloads] = {
    Family.MIN: tlx,
    Family.SPH: sph,
    Family.SPA: spa,
    Family.MAX: strings,
    Family.INVERTER: strings,
    Family.STORAGE: storage,
    Family.NOAH: noah,
    Family.SPH_S: sph_s,
    Family.WIT: sph_s,
}


def last(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return a live or history record of any family."""
    return _FAMILIES[device.family].last(device, shot, v4=v4)


def info(device: Device, shot: Snapshot, *, v4: bool = False) -> dict[str, Any]:
    """Return the details of any family; v4 leaves out the settings of a MIN."""
    record = _FAMILIES[device.family].info(device, shot)
    if v4 and "tlxSetbean" in record:
        record["tlxSetbean"] = None
    return record

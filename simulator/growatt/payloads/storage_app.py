"""Storage in the app, `newStorageAPI.do` (reference sections 3.F and 3.I)."""

from typing import Any

from ..device import Device, Snapshot
from . import storage
from .numbers import texts


def parameters(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getStorageParams_sacolar`: identity and the live values as texts."""
    return {
        "storageBean": {
            "serialNum": device.sn,
            "alias": device.spec.alias,
            "model": "0",
            "fwVersion": "067.05/068.05",
            "lost": device.switches.lost or not device.online,
            "status": "0",
        },
        "storageDetailBean": detail(device, shot),
    }


def detail(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getStorageInfo_sacolar`: the live values as texts."""
    return texts(storage.detail(device, shot))


def overview(device: Device, shot: Snapshot) -> dict[str, Any]:
    """Return `getEnergyOverviewData_sacolar`: texts in kWh."""
    return texts(storage.overview(device, shot))

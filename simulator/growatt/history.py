"""Records of the past, with counters (growatt.md 7)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..snapshot import past
from . import quirks
from .device import Device, Snapshot


def snapshots(device: Device, day: date) -> Iterator[Snapshot]:
    """Return what a device pushed on a local day of its plant, oldest first."""
    for shot in past(device.house, device.lifetime, day):
        if not device.switches.sleeps or shot.live.pv_w > 0:
            yield device.own(shot)


def rows(
    device: Device, day: date, *, v4: bool = False, plant_zone: bool = False
) -> list[dict[str, Any]]:
    """Return the records of a day, oldest first; `time` can be of the plant's zone."""
    answers = []
    for shot in snapshots(device, day):
        row = quirks.last(device, shot, v4=v4)
        if plant_zone and isinstance(row.get("time"), str):
            local = shot.at.astimezone(device.house.spec.zone)
            row["time"] = f"{local:%Y-%m-%d %H:%M:%S}"
        answers.append(row)
    return answers

"""Records of the past, with counters (growatt.md 7)."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from ..balance import SELF_USE
from ..energy import SLOT_MINUTES, Energy, Record
from ..house import CarState, Live
from . import quirks
from .device import Device, Snapshot

_NO_CAR = CarState(
    plugged=False, enabled=False, wanted_wh=0.0, charged_wh=0.0, power_w=0.0
)
_HOURS = SLOT_MINUTES / 60
_FLOWS = tuple(entry.name for entry in fields(Energy))


def snapshots(device: Device, day: date) -> Iterator[Snapshot]:
    """Return what a device pushed on a local day of its plant, oldest first."""
    house = device.house
    records = house.records(day)
    if not records:
        return
    limit = house.energy_on(day) or Energy()
    begin = device.lifetime.at_midnight(day)
    today = Energy()
    for record in records:
        # Means hide what went both ways within five minutes: never more than the day
        today = _least(today + _energy_of(record), limit)
        if device.switches.sleeps and record.pv_w <= 0:
            continue
        yield device.own(
            Snapshot(
                record.start + timedelta(minutes=SLOT_MINUTES),
                _live(device, record),
                today,
                begin + today,
            )
        )


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


def _energy_of(record: Record) -> Energy:
    charge = max(-record.battery_w, 0.0)
    return Energy(
        solar_wh=record.pv_w * _HOURS,
        import_wh=record.import_w * _HOURS,
        export_wh=record.export_w * _HOURS,
        charge_wh=charge * _HOURS,
        discharge_wh=max(record.battery_w, 0.0) * _HOURS,
        load_wh=record.load_w * _HOURS,
        grid_charge_wh=max(charge - max(record.pv_w - record.load_w, 0.0), 0.0)
        * _HOURS,
        ev_wh=record.ev_w * _HOURS,
    )


def _least(energy: Energy, limit: Energy) -> Energy:
    return Energy(*(min(getattr(energy, it), getattr(limit, it)) for it in _FLOWS))


def _live(device: Device, record: Record) -> Live:
    spec = device.house.spec
    return Live(
        at=record.start,
        pv_w=record.pv_w,
        strings_w=tuple(record.pv_w * share for share in spec.string_shares),
        load_w=record.load_w,
        grid_w=record.import_w - record.export_w,
        battery_w=record.battery_w,
        ev_w=record.ev_w,
        soc=record.soc,
        stored_wh=spec.battery_capacity_wh * record.soc / 100,
        grid=True,
        car=_NO_CAR,
        command=SELF_USE,
    )

"""What tests ask of a world's manager."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    SetExportLimit,
    SetReserve,
    SetValues,
    Value,
)
from core.control.outcome import Result

from .fakes import World


def force(world: World, minutes: float = 30, **options: Any) -> ForceCharge:
    return ForceCharge(until=world.clock.now() + timedelta(minutes=minutes), **options)


def discharge(world: World, minutes: float = 30, **options: Any) -> ForceDischarge:
    until = world.clock.now() + timedelta(minutes=minutes)
    return ForceDischarge(until=until, **options)


def hold(world: World, minutes: float = 30) -> Hold:
    return Hold(until=world.clock.now() + timedelta(minutes=minutes))


def reserve(world: World, soc: float = 50, minutes: float = 30) -> SetReserve:
    until = world.clock.now() + timedelta(minutes=minutes)
    return SetReserve(soc=soc, until=until)


def limit(world: World, percent: float = 80, minutes: float = 30) -> SetExportLimit:
    until = world.clock.now() + timedelta(minutes=minutes)
    return SetExportLimit(percent=percent, until=until)


def values(**changes: Value) -> SetValues:
    def edit(now: Mapping[str, Value]) -> Mapping[str, Value]:
        return changes

    return SetValues(edits=(edit,))


async def ask(world: World, intent: Intent, *faults: str | None) -> Result:
    """Give an intent while these things happen to its writes."""
    world.device.faults = list(faults)
    try:
        return await world.run(world.manager.execute(intent))
    finally:
        world.device.faults = []


async def poll(world: World) -> None:
    """Let the settings be read for others, and what follows from it be done."""
    await world.read()
    await world.clock.advance(1)

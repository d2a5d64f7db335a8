"""What both modes of the public client `growattServer` need."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from simulator.clock import ManualClock
from simulator.growatt import Device, GrowattSimulator

MIN = "TPJ0CD4001"
SPH = "ODCDA2500A"
SPA = "WPD0A1234K"
STRING = "INV0A5600B"
NOAH = "0HVR00AA25BB0001"
STORAGE = "KHM0A12345"
HOMES = ("MIN", "SPH", "SPA", "NOAH", "STORAGE")


class Peer:
    """Calls the blocking client in a thread of its own."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        async def call(*args: Any, **options: Any) -> Any:
            return await asyncio.to_thread(getattr(self.client, name), *args, **options)

        return call


def noon() -> ManualClock:
    """Return the clock of a bright day in May."""
    return ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))


async def running(clock: ManualClock) -> AsyncIterator[GrowattSimulator]:
    """Yield a cloud that runs."""
    sim = GrowattSimulator(clock=clock, homes=HOMES)
    await sim.start()
    yield sim
    await sim.stop()


def still(device: Device) -> Device:
    """Let a house stand still, with a record of it in the cloud."""
    device.house.override(pv_w=3120, load_w=985, soc=62)
    device.push()
    return device

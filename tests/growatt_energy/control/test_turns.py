"""Reads and writes of one device never meet (reference section 6.1)."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.control.driver import (
    Observation,
    Step,
)
from custom_components.growatt_energy.control_drivers import GrowattDriver
from custom_components.growatt_energy.control_min.min_driver import MinDriver
from custom_components.growatt_energy.control_rest.inverter_driver import (
    InverterDriver,
)
from custom_components.growatt_energy.control_rest.noah_driver import NoahDriver
from custom_components.growatt_energy.control_sph.sph_driver import SphDriver
from custom_components.growatt_energy.families import Family
from tests.core.fake_clock import FakeClock

from .fakes import SERIAL, ZONE, Inverter, Notes
from .mix import sph


class Slow:
    """A device that takes its time, and notices two requests at once."""

    padded, vpp = False, True

    def __init__(self, settings: dict[str, Any]) -> None:
        """Answer with these settings."""
        self.settings, self.requests = settings, 0
        self._busy = self.met = False

    @asynccontextmanager
    async def _request(self) -> AsyncGenerator[None]:
        self.requests += 1
        self.met = self.met or self._busy
        self._busy = True
        for _ in range(5):
            await asyncio.sleep(0)
        yield
        self._busy = False

    async def fetch(self) -> dict[str, Any]:
        async with self._request():
            return dict(self.settings)

    async def read_vpp(self, family: str, serial: str, number: int) -> Any:
        async with self._request():
            return 0

    async def read_named(self, family: str, serial: str, name: str) -> str:
        async with self._request():
            return "1"

    async def read_power(self, family: str, serial: str) -> int:
        async with self._request():
            return 100

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        async with self._request():
            pass

    async def set_vpp(self, family: str, serial: str, number: int, value: str) -> None:
        async with self._request():
            pass

    async def set_power(self, family: str, serial: str, percent: int) -> None:
        async with self._request():
            pass

    async def set_noah(self, serial: str, what: str, **params: Any) -> None:
        async with self._request():
            pass


def _min(device: Slow, shared: dict[str, Any]) -> GrowattDriver:
    return MinDriver(SERIAL, device, notes=Notes(), **shared)


def _sph(device: Slow, shared: dict[str, Any]) -> GrowattDriver:
    return SphDriver(SERIAL, device, notes=Notes(), **shared)


def _max(device: Slow, shared: dict[str, Any]) -> GrowattDriver:
    return InverterDriver(SERIAL, device, Family.MAX, **shared)


def _noah(device: Slow, shared: dict[str, Any]) -> GrowattDriver:
    return NoahDriver(SERIAL, device, fetch_app=device.fetch, **shared)


@pytest.mark.parametrize(
    ("make", "settings", "key", "value"),
    [
        (_min, Inverter().settings, "discharge_power", 50),
        (_min, Inverter().settings, "vpp.power", 50),
        (_sph, sph(), "active_power_limit", 50),
        (_max, {}, "active_power_limit", 50),
        (_noah, {"defaultPower": 200}, "output_power", 100),
    ],
)
async def test_a_poll_waits_for_a_write_and_a_write_for_a_poll(
    make: Any, settings: dict[str, Any], key: str, value: int
) -> None:
    device, clock = Slow(settings), FakeClock(auto=True)
    driver = make(
        device,
        {
            "fetch": device.fetch,
            "on_read": lambda raw, at: None,
            "observe": Observation,
            "zone": ZONE,
            "clock": clock,
            "budget": Budget(clock=clock),
            "rated_power": lambda: 6000.0,
        },
    )
    settings_read = await driver.read()
    (step,) = driver.steps({key: value}, settings_read)
    assert isinstance(step, Step)
    before = device.requests
    await asyncio.gather(
        driver.fetch(), driver.apply(step, settings_read, {}), driver.fetch()
    )
    assert device.requests >= before + 3
    assert not device.met

"""One battery after the other in a real Home Assistant, with blueprints that lead it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.alphaess_energy._vendor.core.client.clock import (
    SystemClock as AlphaClock,
)
from custom_components.alphaess_energy.const import DOMAIN as ALPHAESS
from custom_components.goodwe_energy._vendor.core.client.clock import (
    SystemClock as GoodWeClock,
)
from custom_components.goodwe_energy.const import DOMAIN as GOODWE
from custom_components.growatt_energy._vendor.core.client.clock import (
    SystemClock as GrowattClock,
)
from custom_components.growatt_energy.const import DOMAIN as GROWATT
from custom_components.sonnen_energy._vendor.core.client.clock import (
    SystemClock as SonnenClock,
)
from custom_components.sungrow_energy._vendor.core.client.clock import (
    SystemClock as SungrowClock,
)
from custom_components.sungrow_energy.const import DOMAIN as SUNGROW
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator
from simulator.goodwe import GoodWeSimulator
from simulator.growatt import GrowattSimulator
from simulator.sonnen import SonnenSimulator
from simulator.sungrow import SungrowSimulator

from ..alphaess_energy.conftest import SYSTEM_2
from ..alphaess_energy.orders.room import Room as AlphaRoom
from ..goodwe_energy.conftest import entry_data as goodwe_data
from ..goodwe_energy.orders.room import Room as GoodWeRoom
from ..growatt_energy.conftest import entry_data as growatt_data
from ..growatt_energy.orders.room import Room as GrowattRoom
from ..orders_room import OrdersRoom
from ..sonnen_energy.conftest import entry_of
from ..sonnen_energy.orders.room import Room as SonnenRoom
from ..sungrow_energy.conftest import entry_data as sungrow_data
from ..sungrow_energy.orders.room import Room as SungrowRoom
from .stage import Stage, Waiting, from_repository

ZONE = "Europe/Berlin"
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)  # 12:00 in Berlin

# What a user says once in the options
OPTIONS: dict[str, dict[str, Any]] = {
    "alphaess": {"assume_enabled": True},
}

type Step = Callable[[float], Awaitable[None]]


@pytest.fixture
def vendor() -> str:
    """Whose battery it is."""
    return "sonnen"


@pytest.fixture
def start_time() -> datetime:
    """When the test begins."""
    return NOON


@pytest.fixture
def quick_sleep(
    freezer: FrozenDateTimeFactory, start_time: datetime
) -> Generator[None]:
    """Begin at the test's time; sleeping moves it on at once."""
    freezer.move_to(start_time)

    async def sleep(self: Any, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with (
        patch.object(AlphaClock, "sleep", sleep),
        patch.object(GoodWeClock, "sleep", sleep),
        patch.object(GrowattClock, "sleep", sleep),
        patch.object(SonnenClock, "sleep", sleep),
        patch.object(SungrowClock, "sleep", sleep),
    ):
        yield


class _Rooms:
    """Makes a battery of a vendor, with its simulator."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        step: Step,
        stack: AsyncExitStack,
    ) -> None:
        self.hass, self.freezer, self.step, self.stack = hass, freezer, step, stack

    async def _started(self, simulator: Any) -> None:
        await simulator.start()
        self.stack.push_async_callback(simulator.stop)

    async def sonnen(self) -> OrdersRoom:
        sim = SonnenSimulator(batteries=1, time_zone=ZONE)
        await self._started(sim)
        battery = sim.batteries[0]
        entry = entry_of(battery)
        return SonnenRoom(self.hass, entry, sim, battery, self.step, self.freezer)

    async def alphaess(self) -> OrdersRoom:
        sim = AlphaEssSimulator(homes=2, time_zone=ZONE)
        await self._started(sim)
        data = {"app_id": APP_ID, "app_secret": APP_SECRET, "base_url": sim.url}
        entry = MockConfigEntry(domain=ALPHAESS, unique_id=APP_ID, data=data)
        return AlphaRoom(self.hass, entry, sim, self.step, self.freezer, SYSTEM_2)

    async def goodwe(self) -> OrdersRoom:
        sim = GoodWeSimulator(homes=["hybrid"], time_zone=ZONE)
        await self._started(sim)
        entry = MockConfigEntry(domain=GOODWE, unique_id=sim.uid, data=goodwe_data(sim))
        return GoodWeRoom(self.hass, entry, sim, self.step, self.freezer)

    async def growatt(self) -> OrdersRoom:
        return await self._growatt("MIN")

    async def growatt_sph(self) -> OrdersRoom:
        return await self._growatt("SPH")

    async def _growatt(self, home: str) -> OrdersRoom:
        sim = GrowattSimulator(homes=[home], time_zone=ZONE)
        await self._started(sim)
        data = growatt_data(sim, "token")
        entry = MockConfigEntry(
            domain=GROWATT, unique_id=f"127.0.0.1_{sim.user_id}", data=data
        )
        return GrowattRoom(self.hass, entry, sim, self.step, self.freezer)

    async def sungrow(self) -> OrdersRoom:
        sim = SungrowSimulator(homes=["hybrid"], time_zone=ZONE)
        await self._started(sim)
        data = sungrow_data(sim, "oauth")
        entry = MockConfigEntry(domain=SUNGROW, unique_id="eu_499", data=data)
        return SungrowRoom(self.hass, entry, sim, self.step, self.freezer)


@pytest.fixture
async def stage(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    socket_enabled: None,
    quick_sleep: None,
    freezer: FrozenDateTimeFactory,
    vendor: str,
) -> AsyncGenerator[Stage]:
    """A battery that is half full, without sun, in a house that takes 500 W."""
    await hass.config.async_set_time_zone(ZONE)
    waiting = Waiting()

    async def step(seconds: float) -> None:
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        await made.settle()

    async with AsyncExitStack() as stack:
        stack.enter_context(waiting.counted())
        stack.enter_context(from_repository())
        room = await getattr(_Rooms(hass, freezer, step, stack), vendor)()
        made = Stage(room, waiting)
        room.settle = made.settle
        await room.start(**OPTIONS.get(vendor, {}))
        yield made
        for domain in ("automation", "script"):
            if running := hass.states.async_entity_ids(domain):
                await hass.services.async_call(
                    domain, "turn_off", {"entity_id": running}, blocking=True
                )
        await made.settle()

"""How often the cloud is asked (reference sections 5.2 to 5.5)."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
import sys
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.clock import SystemClock
from custom_components.growatt_energy.families import Family
from simulator.growatt import GrowattSimulator, Limits

from .conftest import MIN, Step, set_up

DAY = timedelta(hours=24)


@pytest.fixture
def quick_sleep(quick_sleep: None, freezer: FrozenDateTimeFactory) -> Generator[None]:
    """Move the time on only while no request is on its way.

    Somebody's sleep takes no time here: a request that is on its way meanwhile would
    arrive as late as if it had been on its way for so long, just before the next one.
    """
    on_their_way: list[str] = []
    ended = asyncio.Event()
    slot = Budget.slot

    @asynccontextmanager
    async def counted(
        self: Budget, group: str = "default", **how: Any
    ) -> AsyncGenerator[None]:
        async with slot(self, group, **how):
            on_their_way.append(group)
            try:
                yield
            finally:
                on_their_way.remove(group)
                ended.set()

    async def sleep(self: SystemClock, seconds: float) -> None:
        while on_their_way:
            ended.clear()
            await ended.wait()
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with (
        patch.object(Budget, "slot", counted),
        patch.object(SystemClock, "sleep", sleep),
    ):
        yield


class BothReadings(Limits):
    """Counts what breaks the limits if they hold per endpoint and family, too."""

    def __init__(self) -> None:
        """Begin with a token that has not been used, for either reading."""
        super().__init__()
        self.scope = "endpoint"
        self.per_family = Limits()
        self.per_family.scope = "family"

    def spend(
        self, token: str, endpoint: str, family: str | None, now: datetime
    ) -> bool:
        """Count a call for both."""
        allowed = self.per_family.spend(token, endpoint, family, now)
        return super().spend(token, endpoint, family, now) and allowed


async def a_day(sim: GrowattSimulator, step: Step) -> dict[str, int]:
    """Let a day pass; return and print how often each endpoint was asked."""
    end = dt_util.utcnow() + DAY
    while dt_util.utcnow() < end:
        await step(165)
    counts = dict(sorted(sim.counters.by_endpoint().items()))
    shown = {**counts, "in all": sum(counts.values())}
    sys.stdout.writelines(f"{count:6} {name}\n" for name, count in shown.items())
    return counts


def too_close(sim: GrowattSimulator) -> list[tuple[str, str]]:
    """Return what was asked less than a second after what."""
    requests = sim.counters.requests()
    return [
        (first.endpoint, second.endpoint)
        for first, second in pairwise(requests)
        if second.at - first.at < timedelta(seconds=1)
    ]


@pytest.mark.parametrize("homes", [("MIN", "SPH", "SPA")])
async def test_a_day_of_three_devices_keeps_all_limits(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Whichever way the limits are meant, none is broken, and nothing goes stale."""
    limits = sim.limits = BothReadings()
    await set_up(hass, entry)
    counts = await a_day(sim, step)
    assert limits.violations == []
    assert limits.per_family.violations == []
    assert counts["plant/list"] <= 2
    assert counts["device/list"] <= 3 * 5
    assert sum(counts.values()) < 2900
    devices = entry.runtime_data.devices.values()
    assert len(devices) == 5  # with a plain inverter and a meter
    for device in devices:
        assert device.fresh, device.family
        assert dt_util.utcnow() - device.observed_at < timedelta(minutes=15)
    lived = [count for name, count in counts.items() if "last" in name.lower()]
    assert max(lived, default=0) <= 288
    assert too_close(sim) == []


@pytest.mark.parametrize("homes", [("MIN",)])
async def test_a_day_of_one_device(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """About 500 requests, as the reference reckons for a MIN with its meter."""
    await set_up(hass, entry)
    counts = await a_day(sim, step)
    assert sim.limits.violations == []
    assert 500 <= sum(counts.values()) <= 1000


@pytest.mark.parametrize("mode", ["login"])
@pytest.mark.parametrize("homes", [("MIN", "SPH", "SPA")])
async def test_a_day_of_a_login(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Two logins, below the own limit, and room for changes all day."""
    await set_up(hass, entry)
    counts = await a_day(sim, step)
    assert len(sim.sessions.logins) <= 2
    assert sum(counts.values()) <= 1650
    assert too_close(sim) == []
    assert all(device.fresh for device in entry.runtime_data.devices.values())


async def test_calls_keep_their_distance_while_one_waits_for_its_endpoint(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever waits for seconds has no turn: the others go on, a second apart."""
    await set_up(hass, entry)
    client = entry.runtime_data.connection.client
    freezer.tick(301)
    await client.wifi_signal(Family.MIN, MIN)
    freezer.tick(2)
    sim.counters.reset()
    await asyncio.gather(
        client.query_devices(),
        client.wifi_signal(Family.MIN, MIN),
        client.settings(MIN),
        client.plants(),
    )
    assert sim.counters.count() == 4
    assert too_close(sim) == []

"""A source on a simulated cloud, in a time of its own and without Home Assistant."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from custom_components.growatt_energy import driver
from custom_components.growatt_energy._vendor.core.client.errors import ThrottledError
from custom_components.growatt_energy._vendor.core.client.http import HttpClient
from custom_components.growatt_energy._vendor.core.client.redact import Redactor
from custom_components.growatt_energy.api.classic_client import ClassicClient
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.limits import login_budget, token_budget
from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.token_client import TokenClient
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.readings import Devices, Reading
from custom_components.growatt_energy.sources.login import LoginSource
from custom_components.growatt_energy.sources.token import TokenSource
from simulator.growatt import GrowattSimulator
from tests.core.fake_clock import FakeClock

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
AGENT = "Dalvik/2.1.0 (Linux; U; Android 13; ha-growatt/0.1.0) - 48213"
MINUTES_5 = 301.0


class Notes(dict[str, Any]):
    """What is remembered over restarts."""

    def set(self, key: str, value: Any) -> None:
        """Keep a note; None forgets it."""
        if value is None:
            self.pop(key, None)
        else:
            self[key] = value

    async def save(self) -> None:
        """Have it on disk."""


@dataclass
class Bench[S: (TokenSource, LoginSource)]:
    """A source and what it talks to."""

    source: S
    sim: GrowattSimulator
    clock: FakeClock
    notes: Notes = field(default_factory=Notes)

    async def wait(self, seconds: float = MINUTES_5) -> None:
        """Let time pass."""
        await self.clock.sleep(seconds)

    async def devices(self, plant_id: str) -> Devices:
        """Read and decode the devices of a plant."""
        return driver.devices(await self.source.devices(plant_id), self.clock.now())

    async def reading(
        self, family: Family, serial: str, plant_id: str = ""
    ) -> Reading | None:
        """Read and decode one device."""
        raw = await self.source.live(family, [serial], plant_id)
        return driver.live(raw, self.clock.now(), family).devices.get(serial)

    async def past(self, family: Family, serial: str) -> list[dict[str, Any]]:
        """Read yesterday, as slowly as the limits want it."""
        day = datetime(2026, 5, 11, tzinfo=UTC).date()
        zone = self.sim.devices[serial].house.spec.zone
        for _ in range(10):
            try:
                return await self.source.history(family, serial, day, zone)
            except ThrottledError as err:
                await self.wait((err.retry_after or 0.0) + 1)
        raise AssertionError("the day has no end")

    def asked(self, endpoint: str) -> int:
        """Return how often an endpoint was asked."""
        return self.sim.counters.count(endpoint)


def _http(
    session: aiohttp.ClientSession, sim: GrowattSimulator, clock: FakeClock, budget: Any
) -> HttpClient:
    return HttpClient(
        session, sim.url, budget=budget, clock=clock, redact=str, timeout=10.0
    )


@asynccontextmanager
async def _cloud(
    *homes: str,
) -> AsyncGenerator[tuple[GrowattSimulator, FakeClock, Any]]:
    clock = FakeClock(NOON, auto=True)
    sim = GrowattSimulator(clock=clock.now, homes=homes)
    await sim.start()
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield sim, clock, session
    await sim.stop()


@asynccontextmanager
async def with_token(*homes: str) -> AsyncGenerator[Bench[TokenSource]]:
    """A token's source on homes of these kinds."""
    async with _cloud(*homes) as (sim, clock, session):
        budget = token_budget(clock)
        client = TokenClient(
            _http(session, sim, clock, budget),
            sim.token,
            user_agent=AGENT,
            budget=budget,
            clock=clock,
            redact=str,
        )
        notes = Notes()
        yield Bench(TokenSource(client, notes, clock=clock), sim, clock, notes)


@asynccontextmanager
async def with_login(*homes: str) -> AsyncGenerator[Bench[LoginSource]]:
    """A login's source on homes of these kinds."""
    async with _cloud(*homes) as (sim, clock, session):
        budget, notes = login_budget(clock), Notes()
        classic = ClassicSession(
            _http(session, sim, clock, budget),
            sim.user_name,
            modified_md5(sim.password),
            user_agent=AGENT,
            budget=budget,
            notes=notes,
            clock=clock,
            redactor=Redactor(),
        )
        client = ClassicClient(classic, clock=clock)
        yield Bench(LoginSource(client, notes, clock=clock), sim, clock, notes)

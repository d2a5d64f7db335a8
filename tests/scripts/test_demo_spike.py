"""scripts/demo --check sees a spike told, whatever the market does by itself."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from scripts.demolib.price_site import PriceSite
from scripts.demolib.price_trial import spike_problems
from scripts.demolib.sim import PriceSimulator
from simulator.amber import AmberSimulator
from simulator.clock import ManualClock

from .demo_fakes import SITE, FakeHass, a_tariff

CALM = datetime(2026, 10, 5, 2, 1, tzinfo=UTC)
SPIKE = datetime(2026, 11, 21, 8, 51, tzinfo=UTC)  # by the market itself


class Told(FakeHass):
    """Shows whether there is a spike, and tells when one begins or is over."""

    def __init__(self, amber: AmberSimulator, now: datetime) -> None:
        super().__init__()
        self.amber, self.now = amber, now
        self.deaf = False
        self.look()

    def look(self) -> None:
        before = self.states.get("price_spike")
        spike = self.amber.truth.spot(SITE, self.now) >= 100
        self.states["price_spike"] = "on" if spike else "off"
        if before not in {None, self.states["price_spike"]} and not self.deaf:
            told = "spike_started" if spike else "spike_ended"
            self.attributes["price_spike_event.event_type"] = told

    async def post(self, path: str, _body: Any) -> None:
        self.look()


@pytest.fixture(params=[CALM, SPIKE], ids=["calm", "in a spike"])
async def amber(
    request: pytest.FixtureRequest, socket_enabled: None
) -> AsyncIterator[AmberSimulator]:
    server = AmberSimulator(clock=ManualClock(request.param))
    await server.start()
    yield server
    await server.stop()


@pytest.mark.parametrize("deaf", [False, True])
async def test_a_spike_is_told(
    amber: AmberSimulator, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    now = amber.clock()
    told = Told(amber, now)
    assert told.states["price_spike"] == ("on" if now == SPIKE else "off")
    told.deaf = deaf

    async def nothing(*_: Any) -> list[str]:
        return []

    monkeypatch.setattr("scripts.demolib.price_trial.quiet", nothing)
    monkeypatch.setattr("scripts.demolib.price_trial.utcnow", lambda: now)
    monkeypatch.setattr("scripts.demolib.price_trial.SOON", 0)
    async with aiohttp.ClientSession() as session:
        market = PriceSimulator(amber.origin, "amber", session)
        tariff = a_tariff("price_spike", "price_spike_event", "refresh")
        site = PriceSite(told, tariff, market)  # type: ignore[arg-type]
        monkeypatch.setattr(site, "shown_problems", nothing)
        problems = await spike_problems(site)
    assert bool(problems) is deaf
    spot = amber.truth.spot(SITE, now)
    assert (spot >= 100) is (now == SPIKE)  # the market has its price back

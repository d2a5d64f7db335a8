"""Rows 1 to 6: what happens on the way."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.api.client import AmberClient
from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.conftest import set_up
from tests.amber_energy.passing import Passing

from .conftest import StateOf

PRICES = "prices/current"

type Warnings = Callable[[], list[str]]


@pytest.fixture
def price(site: Site) -> str:
    """Unique id of the price."""
    return f"{site.id}_general_price"


async def test_row_01_outage(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    state_of: StateOf,
    price: str,
    warnings: Warnings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The price stays until 5 minutes after its interval; one line each way."""
    await set_up(hass, entry)
    await sim.stop()
    await step(180 + 298)
    assert state_of(price) != STATE_UNAVAILABLE
    await step(5)
    assert state_of(price) == STATE_UNAVAILABLE
    await step(1800)
    assert len(warnings()) == 1, warnings()

    await sim.start()
    await step(330)
    assert float(state_of(price)) != 0
    assert len(warnings()) == 1
    assert caplog.text.count("can be read again") == 1


async def test_row_01_setup_without_network(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Set-up is tried again by Home Assistant; nobody is asked for a token."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


class TestRealTime:
    """Where the time limit of a request is what matters."""

    @pytest.fixture
    def frozen_time(self) -> None:
        """Time passes by itself."""

    @pytest.mark.parametrize("seconds", [0.05, 3600.0], ids=["drip", "stalled"])
    async def test_row_02_a_body_that_never_ends(
        self,
        hass: HomeAssistant,
        sim: AmberSimulator,
        entry: MockConfigEntry,
        state_of: StateOf,
        price: str,
        monkeypatch: pytest.MonkeyPatch,
        seconds: float,
    ) -> None:
        """It is given up in time; nothing is stuck, and the price stays meanwhile."""
        await set_up(hass, entry)
        before, feed = state_of(price), entry.runtime_data.prices
        limits: dict[str, Any] = AmberClient._read.__kwdefaults__ or {}
        assert limits["timeout"] == 15.0
        monkeypatch.setitem(limits, "timeout", 0.5)
        sim.faults.add("drip", PRICES, seconds=seconds)
        async with asyncio.timeout(5):
            with pytest.raises(HomeAssistantError) as failed:
                await feed.async_refresh_now()
        assert failed.value.translation_key == "cannot_connect"
        assert not feed.poller.busy
        assert state_of(price) == before
        assert feed.status == "server_error"
        assert feed.next_poll > dt_util.utcnow()

        sim.faults.clear()
        async with asyncio.timeout(5):
            await feed.async_refresh_now()
        assert feed.status == "ok"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("status", {"status": 500}, id="row_03_500"),
        pytest.param("status", {"status": 502}, id="row_03_502"),
        pytest.param("status", {"status": 503}, id="row_03_503"),
        pytest.param("html", {}, id="row_03_html"),
        pytest.param("reset", {}, id="row_03_reset"),
        pytest.param("huge", {"size": 8_000_000}, id="row_04_huge"),
        pytest.param("gzip_bomb", {"size": 40_000_000}, id="row_04_gzip_bomb"),
        pytest.param("redirect", {}, id="row_04_redirect_loop"),
        pytest.param(
            "redirect", {"location": "http://127.0.0.1:9/x"}, id="row_04_other_host"
        ),
        pytest.param("vendor_error", {"code": 429}, id="row_05_gateway"),
        pytest.param("status", {"status": 400}, id="row_06_400"),
        pytest.param("status", {"status": 422}, id="row_06_422"),
        pytest.param("status", {"status": 418}, id="row_06_unknown"),
    ],
)
async def test_rows_03_to_06(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    state_of: StateOf,
    price: str,
    warnings: Warnings,
    kind: Any,
    options: dict[str, Any],
) -> None:
    """The price stays for a while, then goes; no sign-in, no storm."""
    await set_up(hass, entry)
    sim.counters.reset()
    sim.faults.add(kind, PRICES, **options)
    await step(170)
    assert state_of(price) != STATE_UNAVAILABLE
    await step(1030)
    assert state_of(price) == STATE_UNAVAILABLE
    # 4 slots; a redirect leads on three times
    assert sim.counters.count(PRICES) <= 4 * 8 * 4
    assert len(warnings()) == 1, warnings()
    assert not ir.async_get(hass).issues
    assert not list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))

    sim.faults.clear()
    sim.counters.reset()
    await step(620)
    assert state_of(price) != STATE_UNAVAILABLE
    # Recovery is no storm: what two slots and a bit need anyway
    assert sim.counters.count(PRICES) <= 3 * 10
    assert len(warnings()) == 1


@pytest.mark.parametrize("headers", ["all", "reset", "none"])
@pytest.mark.parametrize("extends", [False, True])
async def test_row_05_the_window_is_used_up(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    state_of: StateOf,
    price: str,
    headers: Any,
    extends: bool,
) -> None:
    """One request finds out, and the next follows the reset; never a sign-in."""
    await set_up(hass, entry)
    sim.limits.refused_headers, sim.limits.refused_extends = headers, extends
    caller = sim.caller(sim.accounts[0], sim.token)
    sim.spend(
        "prices_current",
        sim.limits.remaining(caller, "prices_current", sim.clock()),
    )
    sim.counters.reset()
    await step(280)
    # Without any header it looks like the gateway's, so it is tried a little more
    assert sim.counters.count(PRICES) <= (7 if headers == "none" else 2)
    await step(700)
    assert state_of(price) != STATE_UNAVAILABLE
    assert not list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
    assert entry.runtime_data.prices.status == "ok"


async def test_row_05_storm_of_minutes(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    state_of: StateOf,
    price: str,
) -> None:
    """While the gateway throttles at the full minutes, confirmed prices still come."""
    await set_up(hass, entry)
    sim.timing.fixed = 22.0
    sim.limits.storm_rate, sim.limits.storm_seconds = 1.0, 15.0
    await step(1200)
    feed = entry.runtime_data.prices
    assert sim.limits.refused["gateway"] > 0
    assert feed.last_confirmed is not None
    assert (sim.clock() - feed.last_confirmed).total_seconds() < 300
    assert feed.confirmation_delay <= 32
    assert state_of(price) != STATE_UNAVAILABLE

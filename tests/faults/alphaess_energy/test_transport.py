"""Rows 1 to 6: what happens on the way."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator
from tests.alphaess_energy.conftest import SYSTEM_1, SYSTEM_2, Step, set_up

from .conftest import StateOf

SOC = f"{SYSTEM_1}_battery_soc"
SOLAR_TODAY = f"{SYSTEM_1}_solar_energy_today"

type Warnings = Callable[[], list[str]]


async def minutes(step: Step, count: int) -> None:
    for _ in range(count):
        await step(60)


async def test_row_01_outage(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    warnings: Warnings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Three missed polls keep the values; then unavailable; one line each way."""
    await set_up(hass, entry)
    known = state_of(SOC)
    await sim.stop()
    await minutes(step, 2)
    assert state_of(SOC) == known
    await minutes(step, 3)
    assert state_of(SOC) == STATE_UNAVAILABLE
    # The day's energies stay: nothing says that they fell.
    assert float(state_of(SOLAR_TODAY)) > 0
    await minutes(step, 30)
    assert len(warnings()) == 1, warnings()

    await sim.start()
    await minutes(step, 20)
    assert float(state_of(SOC)) > 0
    assert len(warnings()) == 1
    assert caplog.text.count("can be read again") == 1


async def test_row_01_setup_without_network(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Set-up is tried again by Home Assistant; nobody is asked for credentials."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


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
        pytest.param("status", {"status": 429}, id="row_05_429"),
        pytest.param(
            "status", {"status": 429, "retry_after": 120}, id="row_05_429_with_header"
        ),
        pytest.param("vendor_error", {"code": 6053}, id="row_05_too_fast"),
        pytest.param("vendor_error", {"code": 6026}, id="row_06_busy"),
        pytest.param("vendor_error", {"code": 9999}, id="row_06_unknown_code"),
    ],
)
async def test_rows_03_to_06(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    warnings: Warnings,
    kind: Any,
    options: dict[str, Any],
) -> None:
    """Values stay for a while, then go; no sign-in, no repair issue, no storm."""
    await set_up(hass, entry)
    known = state_of(SOC)
    energy = state_of(SOLAR_TODAY)
    sim.counters.reset()
    sim.faults.add(kind, **options)
    await minutes(step, 2)
    assert state_of(SOC) == known
    await minutes(step, 8)
    assert state_of(SOC) == STATE_UNAVAILABLE
    assert state_of(SOLAR_TODAY) == energy
    # 10 minutes of 2.6 requests: each tried three times, or led on three times
    assert sim.counters.count() <= 10 * 2.6 * 4 + 5
    expected = 2 if options.get("code") == 9999 else 1  # an unknown code is named once
    assert len(warnings()) == expected, warnings()
    assert not ir.async_get(hass).issues
    assert not list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))

    sim.faults.clear()
    sim.counters.reset()
    await minutes(step, 25)
    assert state_of(SOC) != STATE_UNAVAILABLE
    # Recovery is no storm: at most what 25 minutes need anyway, once more.
    assert sim.counters.count() < 25 * 2.6 + 15
    assert len(warnings()) == expected


async def test_row_05_retry_after_is_obeyed(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Nothing is sent for as long as the vendor asked."""
    await set_up(hass, entry)
    sim.faults.add("status", "getLastPowerData", count=1, status=429, retry_after=600)
    await step(61)
    sim.counters.reset()
    await minutes(step, 9)
    assert sim.counters.count() == 0
    await minutes(step, 5)
    assert sim.counters.count("getLastPowerData") > 0


@pytest.mark.parametrize("homes", [2])
async def test_row_06_one_system_offline(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    warnings: Warnings,
) -> None:
    """An offline system is asked at its normal pace; the other goes on."""
    await set_up(hass, entry)
    sim.systems[SYSTEM_1].online = False
    sim.counters.reset()
    await minutes(step, 10)
    assert state_of(SOC) == STATE_UNAVAILABLE
    assert state_of(f"{SYSTEM_2}_battery_soc") != STATE_UNAVAILABLE
    assert 9 <= sim.counters.count("getLastPowerData", system=SYSTEM_1) <= 11
    assert len(warnings()) == 1
    sim.systems[SYSTEM_1].online = True
    await minutes(step, 2)
    assert state_of(SOC) != STATE_UNAVAILABLE

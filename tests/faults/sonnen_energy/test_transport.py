"""Rows 1 to 6: what happens on the way."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator
from tests.sonnen_energy.conftest import Step, entry_of, set_up
from tests.sonnen_energy.orders.room import Room
from tests.sonnen_energy.states import shown

type Warnings = Callable[[], list[str]]


async def polls(step: Step, count: int) -> None:
    for _ in range(count):
        await step(10)


async def test_row_01_outage(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    warnings: Warnings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Values stay for a minute; then unavailable; one line each way."""
    await set_up(hass, entry)
    known = shown(hass, "battery_soc")
    await battery.stop()
    await polls(step, 5)
    assert shown(hass, "battery_soc") == known
    await polls(step, 3)
    assert shown(hass, "battery_soc") == STATE_UNAVAILABLE
    await polls(step, 60)
    assert len(warnings()) == 1, warnings()

    await battery.start()
    await polls(step, 10)
    assert float(shown(hass, "battery_soc")) > 0
    assert len(warnings()) == 1
    assert caplog.text.count("can be read again") == 1


async def test_row_01_setup_without_network(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry
) -> None:
    """Set-up is tried again by Home Assistant; nobody is asked for a token."""
    await battery.stop()
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
    ],
)
async def test_rows_03_to_05(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    warnings: Warnings,
    kind: Any,
    options: dict[str, Any],
) -> None:
    """Values stay for a while, then go; no new token, no repair issue, no storm."""
    await set_up(hass, entry)
    known = shown(hass, "battery_soc")
    sim.counters.reset()
    sim.faults.add(kind, **options)
    await polls(step, 5)
    assert shown(hass, "battery_soc") == known
    await polls(step, 10)
    assert shown(hass, "battery_soc") == STATE_UNAVAILABLE
    assert sim.counters.count() <= 20
    assert len(warnings()) == 1, warnings()
    assert not ir.async_get(hass).issues
    assert not list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))

    sim.faults.clear()
    sim.counters.reset()
    began = dt_util.utcnow()
    await polls(step, 30)
    assert shown(hass, "battery_soc") != STATE_UNAVAILABLE
    # Recovery is no storm: what the time needs anyway, and each document once more.
    minutes = (dt_util.utcnow() - began).total_seconds() / 60
    assert sim.counters.count() < minutes * 13.2 + 15
    assert len(warnings()) == 1


@pytest.mark.parametrize("batteries", [2])
async def test_row_14_one_of_two_batteries(
    hass: HomeAssistant, sim: SonnenSimulator, step: Step, warnings: Warnings
) -> None:
    """A battery that is away does not hold up the other."""
    one, two = sim.batteries
    for battery in (one, two):
        await set_up(hass, entry_of(battery))
    await one.stop()
    await polls(step, 12)
    assert shown(hass, "battery_soc", serial=one.serial) == STATE_UNAVAILABLE
    assert float(shown(hass, "battery_soc", serial=two.serial)) == round(two.usoc)
    assert len(warnings()) == 1


@pytest.mark.parametrize("seconds", [40, 100, 200])
async def test_row_03_settings_that_are_missing_for_a_while(
    room: Room, seconds: float
) -> None:
    """A 404 of a start does not leave a battery forced."""
    await room.start()
    was = room.stored
    await room.charge(10)
    await room.minutes(5)
    room.battery.change(missing_endpoints=["configurations"])
    await room.seconds(seconds)
    room.battery.change(missing_endpoints=[])
    await room.minutes(12 - 5 - seconds / 60)
    assert room.stored == was
    assert room.control == "idle"


async def test_row_03_nothing_but_the_status_after_a_restart(room: Room) -> None:
    """What was there before is asked for again soon, and the force goes on."""
    await room.start()
    await room.charge(60)
    await room.minutes(5)
    room.battery.change(reset_keeps_mode=True, boot_missing_minutes=3)
    room.battery.nightly_reset(2, boot_minutes=1)
    await room.minutes(7)
    assert room.power < -2900
    assert room.control == "active"
    assert all(item.fresh for item in room.entry.runtime_data.coordinators[:-1])


async def test_row_03_a_start_without_a_state_of_charge(room: Room) -> None:
    """0 % would start automations, and the meters' 0 kWh a new count."""
    await room.start()
    meter = "meter_production_4_1_energy_imported"
    before = room.state("sensor", meter)
    room.battery.change(boot_values="running", boot_meters_fail=False)
    room.battery.nightly_reset(0, boot_minutes=3)
    for _ in range(20):
        await room.seconds(10)
        assert room.state("sensor", "battery_soc") not in {"0", "0.0"}
        assert room.state("sensor", meter) in {before, STATE_UNAVAILABLE}
    assert float(room.state("sensor", "battery_soc")) > 40

"""What the panels of a micro inverter give, where somebody wants to know (9.3)."""

from datetime import timedelta
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy import panel_wire
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.base import Source
from simulator.growatt import GrowattSimulator

from .conftest import NOON, Step, set_up
from .entities import enabled, shown
from .platforms import only

NEO = "BZP4N2K00E"
VIEW = "componentsApi/getViewData"
KEYS = {f"{NEO}_panel_{n}_{what}" for n in (1, 2) for what in ("power", "voltage")} | {
    f"{NEO}_panel_{n}_current" for n in (1, 2)
}


@pytest.fixture
def homes() -> tuple[str, ...]:
    """A micro inverter with two panels."""
    return ("NEO",)


@pytest.fixture
def mode() -> str:
    """Only the app tells of panels."""
    return "login"


async def test_panels_are_read_while_somebody_wants_them(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """At once, and every quarter of an hour, all of them in one request."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    (first, second) = (float(shown(hass, f"{NEO}_panel_{n}_power")) for n in (1, 2))
    made = sim.devices[NEO].house.live().pv_w
    assert first + second == pytest.approx(made, rel=0.2)
    assert float(shown(hass, f"{NEO}_panel_1_voltage")) > 10
    assert float(shown(hass, f"{NEO}_panel_1_current")) > 0
    assert sim.counters.count(VIEW) == 1
    for _ in range(7):
        await step(300)
    assert sim.counters.count(VIEW) == 3
    sim.faults.add("vendor_error", VIEW, code=501)
    for _ in range(8):
        await step(300)
    assert shown(hass, f"{NEO}_panel_1_power") == STATE_UNAVAILABLE
    assert shown(hass, f"{NEO}_output_power") != STATE_UNAVAILABLE


async def test_nobody_asks_for_panels_that_are_not_shown(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """They are disabled by default."""
    await set_up(hass, entry)
    found = enabled(hass)
    assert set(found) >= KEYS
    assert not any(found[key] for key in KEYS)
    for _ in range(4):
        await step(900)
    assert sim.counters.count(VIEW) == 0


@pytest.mark.parametrize("mode", ["token"])
async def test_a_token_is_not_told_of_panels(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """There are no entities that could never have a value."""
    await set_up(hass, entry)
    assert not set(enabled(hass)) & KEYS
    source: Source = entry.runtime_data.source
    with pytest.raises(Exception, match="panels"):
        await source.panels(NEO, "1234606")


@pytest.mark.parametrize("homes", [("MIN",)])
async def test_other_inverters_have_no_panels(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Their inputs are all that is known of them."""
    await set_up(hass, entry)
    (device,) = (
        found
        for found in entry.runtime_data.devices.values()
        if found.family is Family.MIN
    )
    assert device.panels is None
    assert not [key for key in enabled(hass) if "_panel_" in key]


async def test_a_sleeping_inverter_has_no_power_at_its_panels(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What the view says then is of the evening."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    sim.devices[NEO].switches.online = False
    for _ in range(8):
        await step(300)
    assert shown(hass, f"{NEO}_panel_1_power") == STATE_UNAVAILABLE


ROW = {"id": f"{NEO}-PV2", "power": "120.5", "voltage": 31.2, "current": "3.9"}


@pytest.mark.parametrize(
    "raw",
    [
        {"obj": {"box": {"time": [ROW]}}},
        {"box": {"time": [ROW]}},
        {"obj": {"box": {"11:55": [], "11:50": [ROW], "09:00": [ROW | {"power": 1}]}}},
    ],
)
def test_rows_of_a_view(raw: Any) -> None:
    """The newest ones, wherever they stand."""
    found = panel_wire.panels(raw, NOON, NEO)
    assert found.observed_at == NOON
    assert found.panels == {2: {"power": 120.5, "voltage": 31.2, "current": 3.9}}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"obj": None},
        {"obj": {"box": {"time": None}}},
        {"obj": {"box": {"time": [{"id": "OTHER-PV1", "power": 3}, {"id": NEO}, 7]}}},
        {"obj": {"box": {"time": [ROW | {"id": f"{NEO}-PVx"}]}}},
    ],
)
def test_views_without_panels(raw: Any) -> None:
    """They are another device's, or nobody's."""
    assert panel_wire.panels(raw, NOON + timedelta(hours=1), NEO).panels == {}

"""Rows 8 to 15: what the answers say."""

from datetime import UTC, date, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    DOMAIN,
)
from simulator.alphaess import APP_ID, Account, AlphaEssSimulator
from simulator.faults import MISSING
from tests.alphaess_energy.conftest import SYSTEM_1, SYSTEM_2, ZONE, Step, set_up

from .conftest import StateOf

SOC = f"{SYSTEM_1}_battery_soc"
GRID = f"{SYSTEM_1}_grid_power"
SOLAR = f"{SYSTEM_1}_solar_power"
SOLAR_TODAY = f"{SYSTEM_1}_solar_energy_today"
SOLAR_TOTAL = f"{SYSTEM_1}_solar_energy_total"


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "-", "NaN", [], {}, True, -1, 101, 1e308, "abc"),
        pytest.param(MISSING, id="missing"),
    ],
    ids=repr,
)
async def test_row_08_one_odd_field(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    state_of: StateOf,
    value: Any,
) -> None:
    """An odd field is unknown; the others of the same answer survive."""
    sim.faults.add("mutate", "getLastPowerData", field="data.soc", value=value)
    await set_up(hass, entry)
    assert state_of(SOC) == STATE_UNKNOWN
    assert float(state_of(GRID)) == pytest.approx(
        round(sim.houses[SYSTEM_1].live().grid_w), abs=1
    )


@pytest.mark.parametrize("value", ["62.4", " 62.4 ", 62.4])
async def test_row_08_numbers_as_text(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    state_of: StateOf,
    value: Any,
) -> None:
    """A number is a number, also as text."""
    sim.faults.add("mutate", "getLastPowerData", field="data.soc", value=value)
    await set_up(hass, entry)
    assert float(state_of(SOC)) == 62.4


@pytest.mark.parametrize("data", [None, [], "text", 7, {"data": {}}], ids=repr)
async def test_row_08_senseless_answers(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    data: Any,
) -> None:
    """Whatever stands where the data belong, nothing is raised."""
    await set_up(hass, entry)
    sim.faults.add("mutate", "get*", field="data", value=data)
    for _ in range(20):
        await step(60)
    assert entry.state.name == "LOADED"


async def test_row_08_unknown_charger_status(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    state_of: StateOf,
) -> None:
    """A status that nobody explains is unknown."""
    sim.faults.add(
        "mutate", "getEvChargerStatusBySn", field="data.evchargerStatus", value=8
    )
    await set_up(hass, entry)
    assert state_of("ALP0110240303_ev_status") == STATE_UNKNOWN


@pytest.mark.parametrize("skew", [400, -400])
async def test_row_10_wrong_clock(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    skew: int,
) -> None:
    """It goes on with the server's time, and says that the clock is wrong."""
    fault = sim.faults.add("clock_skew", seconds=skew)
    await set_up(hass, entry)
    assert float(state_of(SOC)) > 0
    issues = ir.async_get(hass).issues
    assert [issue.translation_key for issue in issues.values()] == ["clock_skew"]
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    # The clock is mended: the issue goes by itself.
    sim.faults.remove(fault.number)
    await step(61)
    await step(61)
    assert not issues


@pytest.mark.parametrize("homes", [3])
async def test_row_11_curve_that_stands_still(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
) -> None:
    """A model without live data is read from the day's curve, while that is new."""
    serial = next(
        serial for serial, system in sim.systems.items() if system.live == "null"
    )
    await set_up(hass, entry)
    for _ in range(6):
        await step(60)
    assert float(state_of(f"{serial}_solar_power")) >= 0
    old = [
        {
            "sysSn": serial,
            "uploadTime": "2026-05-12 11:00:00",
            "ppv": 100.0,
            "load": 100.0,
            "cbat": 50.0,
            "feedIn": 0.0,
            "gridCharge": 0.0,
            "pchargingPile": 0,
        }
    ]
    sim.faults.add("mutate", "getOneDayPowerBySn", field="data", value=old)
    for _ in range(30):
        await step(60)
    assert state_of(f"{serial}_solar_power") == STATE_UNAVAILABLE


@pytest.mark.parametrize("value", [0, None, 5.0, 9999.0])
async def test_row_12_energy_that_jumps(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    value: Any,
) -> None:
    """One wrong answer, too low or too high, is never shown."""
    await set_up(hass, entry)
    before = float(state_of(SOLAR_TODAY))
    total = float(state_of(SOLAR_TOTAL))
    sim.faults.add(
        "mutate", "getOneDateEnergyBySn", count=1, field="data.epv", value=value
    )
    sim.faults.add(
        "mutate", "getSumDataForCustomer", count=1, field="data.epvtotal", value=value
    )
    for _ in range(16):
        await step(60)
        assert before <= float(state_of(SOLAR_TODAY)) < before + 2
        assert total <= float(state_of(SOLAR_TOTAL)) < total + 2
    assert float(state_of(SOLAR_TODAY)) > before


@pytest.mark.parametrize("homes", [2])
async def test_row_13_systems_come_and_go(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
) -> None:
    """A system's device goes after two lists without it, and comes back."""
    devices = dr.async_get(hass)

    def device_of(serial: str) -> object:
        return devices.async_get_device_by_identifier((DOMAIN, serial), entry.entry_id)

    await set_up(hass, entry)
    bound = sim.accounts[APP_ID].bound
    bound.discard(SYSTEM_2)
    await step(15 * 60 + 1)
    assert device_of(SYSTEM_2) is not None
    await step(15 * 60 + 1)
    assert device_of(SYSTEM_2) is None
    assert device_of(SYSTEM_1) is not None
    sim.counters.reset()
    await step(15 * 60 + 1)
    assert sim.counters.count(system=SYSTEM_2) == 0

    bound.add(SYSTEM_2)
    await step(15 * 60 + 1)
    await step(30)
    assert device_of(SYSTEM_2) is not None
    assert float(state_of(f"{SYSTEM_2}_battery_soc")) >= 0


async def test_row_13_empty_list_once(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
) -> None:
    """One list of nothing, or no list at all, takes no device away."""
    await set_up(hass, entry)
    sim.faults.add("mutate", "getEssList", count=1, field="data", value=[])
    await step(15 * 60 + 1)
    sim.faults.add("mutate", "getEssList", field="data", value=None)
    for _ in range(5):
        await step(15 * 60 + 1)
    assert float(state_of(SOC)) >= 0


@pytest.mark.parametrize("homes", [2])
async def test_row_13_unbound_system(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A system that is bound no more gets its own issue; the other is not touched."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", system=SYSTEM_1, code=6005)
    for _ in range(5):
        await step(60)
    issues = ir.async_get(hass).issues
    assert [issue.translation_key for issue in issues.values()] == ["not_bound"]
    assert not list(entry.async_get_active_flows(hass, {"reauth"}))
    sim.faults.clear()
    await step(61)
    assert not issues


@pytest.mark.parametrize("homes", [2])
async def test_row_14_two_accounts(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Two accounts never share a value, a budget or a device."""
    other = Account(
        app_id="alphafedcba9876543210",
        app_secret="fedcba9876543210fedcba9876543210",
        bound={SYSTEM_2},
    )
    sim.accounts[other.app_id] = other
    sim.accounts[APP_ID].bound.discard(SYSTEM_2)
    second = MockConfigEntry(
        domain=DOMAIN,
        unique_id=other.app_id,
        data={
            CONF_APP_ID: other.app_id,
            CONF_APP_SECRET: other.app_secret,
            CONF_BASE_URL: sim.url,
        },
    )
    await set_up(hass, entry)
    await set_up(hass, second)
    assert set(entry.runtime_data.systems) == {SYSTEM_1}
    assert set(second.runtime_data.systems) == {SYSTEM_2}
    assert entry.runtime_data.account is not second.runtime_data.account


@pytest.mark.parametrize(
    ("start_time", "days"),
    [
        pytest.param(
            datetime(2026, 3, 28, 22, 0, tzinfo=UTC),
            [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)],
            id="spring",
        ),
        pytest.param(
            datetime(2026, 10, 24, 20, 0, tzinfo=UTC),
            [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)],
            id="autumn",
        ),
    ],
)
async def test_row_15_clock_change(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    state_of: StateOf,
    freezer: FrozenDateTimeFactory,
    days: list[date],
) -> None:
    """Over 23 and 25 hours each day's energy is that of the site's day."""
    await set_up(hass, entry)
    solar: dict[date, float] = {}
    for _ in range(12 * 29):
        await step(300)
        day = entry.runtime_data.systems[SYSTEM_1].energy.data.day
        solar[day] = float(state_of(SOLAR_TODAY))
    assert list(solar) == days
    truth = sim.houses[SYSTEM_1].energy_on(days[1])
    assert truth is not None
    assert solar[days[1]] == pytest.approx(truth.solar_wh / 1000, abs=0.1)
    assert str(hass.config.time_zone) == ZONE

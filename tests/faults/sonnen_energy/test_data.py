"""Rows 8 to 15: what the answers say."""

import json
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.faults import MISSING
from simulator.sonnen import SonnenBattery, SonnenSimulator
from tests.sonnen_energy.conftest import Step, entry_of, set_up
from tests.sonnen_energy.states import shown, state

ENDPOINTS = (
    "latestdata",
    "battery",
    "powermeter",
    "inverter",
    "configurations",
    "io",
)
ODD = [
    *(None, "", "-", "NaN", [], {}, True, -1, 101, 1e308, "abc"),
    pytest.param(MISSING, id="missing"),
]


@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_row_08_one_odd_field(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    value: Any,
) -> None:
    """An odd field is unknown; the others of the same answer survive."""
    await set_up(hass, entry)
    sim.faults.add("mutate", "status", field="USOC", value=value)
    await step(10)
    assert shown(hass, "battery_soc") == STATE_UNKNOWN
    assert float(shown(hass, "grid_power")) == pytest.approx(
        battery.live.grid_w, abs=30
    )


@pytest.mark.parametrize("value", ["62.4", " 62.4 ", 62.4])
async def test_row_08_numbers_as_text(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, value: Any
) -> None:
    """A number is a number, also as text."""
    sim.faults.add("mutate", "status", field="USOC", value=value)
    await set_up(hass, entry)
    assert entry.runtime_data.live.data.power.soc == 62.4
    assert float(shown(hass, "battery_soc")) == 62


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "7", "{}", '{"a": {}}'])
@pytest.mark.parametrize("endpoint", [*ENDPOINTS, "status"])
async def test_row_08_senseless_answers(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
    body: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever comes instead of a document, nothing is raised, at first and later."""
    sim.faults.add("replace", endpoint, body=body)
    if endpoint != "status":
        await set_up(hass, entry)
    else:
        sim.faults.clear()
        await set_up(hass, entry)
        sim.faults.add("replace", endpoint, body=body)
    for _ in range(13):
        await step(10)
    assert entry.state.name == "LOADED"
    assert (shown(hass, "battery_soc") == STATE_UNAVAILABLE) is (endpoint == "status")
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_row_08_every_field_is_odd(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    value: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One odd value in the place of all: nothing is raised and no zero is shown."""
    await set_up(hass, entry)
    battery = entry.runtime_data
    for endpoint, coordinator in (
        ("latestdata", battery.detail),
        ("battery", battery.battery),
        ("inverter", battery.inverter),
        ("configurations", battery.config),
    ):
        body = {
            key: item for key, item in coordinator.raw.items() if key == "ic_status"
        }
        if value is not MISSING:
            body = dict.fromkeys(coordinator.raw, value)
        sim.faults.add("replace", endpoint, body=json.dumps(body or {"x": 1}))
    for _ in range(13):
        await step(10)
    assert entry.state.name == "LOADED"
    if value != 101:  # which is a number as good as any
        assert shown(hass, "state_of_health") in {STATE_UNKNOWN, STATE_UNAVAILABLE}
    assert not [record for record in caplog.records if record.exc_info]


async def test_row_10_wrong_clock_of_the_battery(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """A clock that is hours off does not move what is predicted (quirk 9)."""
    battery.house.override(pv_w=0, load_w=1000, soc=60)
    battery.clock_error = 5 * 3600
    await set_up(hass, entry)
    await step(10)
    left = float(shown(hass, "time_until_fully_discharged"))
    end = state(hass, "fully_discharged_at")
    now = entry.runtime_data.live.observed_at
    assert (entry.runtime_data.newest.derived.empty_at - now).total_seconds() == (
        pytest.approx(left, abs=60)
    )
    assert end.state not in {STATE_UNKNOWN, STATE_UNAVAILABLE}


async def test_row_11_frozen_battery(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """The same answer again and again is one sample: nothing is counted from it."""
    battery.house.override(pv_w=6000, load_w=500, soc=100)
    await set_up(hass, entry)
    for _ in range(6):
        await step(10)
    before = float(shown(hass, "solar_energy_total"))
    battery.change(frozen=True)
    for _ in range(36):
        await step(10)
    battery.change(frozen=False)
    await step(10)
    assert float(shown(hass, "solar_energy_total")) <= before + 0.02


async def test_row_11_is_told(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Its values go when they are too old; after an hour a person hears of it."""
    await set_up(hass, entry)
    battery.change(frozen=True)
    issues = ir.async_get(hass).issues
    for _ in range(5):
        await step(10)
    assert float(shown(hass, "battery_soc")) > 0
    for _ in range(3):
        await step(10)
    assert shown(hass, "battery_soc") == STATE_UNAVAILABLE
    for _ in range(340):
        await step(10)
    assert not issues
    for _ in range(20):
        await step(10)
    assert [item.translation_key for item in issues.values()] == ["standstill"]
    battery.change(frozen=False)
    await step(10)
    assert not issues
    assert float(shown(hass, "battery_soc")) > 0


async def test_row_11_firmware_without_a_clock(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What has no time stamp cannot be seen to stand still."""
    sim.faults.add("mutate", "status", field="Timestamp", value=None)
    await set_up(hass, entry)
    for _ in range(20):
        await step(10)
    assert float(shown(hass, "battery_soc")) > 0


@pytest.mark.parametrize("batteries", [2])
async def test_row_14_two_batteries_never_mix(
    hass: HomeAssistant, sim: SonnenSimulator, step: Step
) -> None:
    """Each entry shows its own battery, with its own token."""
    one, two = sim.batteries
    one.house.override(soc=30)
    two.house.override(soc=80)
    for battery in (one, two):
        await set_up(hass, entry_of(battery))
    for _ in range(6):
        await step(10)
    for battery in (one, two):
        value = float(shown(hass, "battery_soc", serial=battery.serial))
        assert value == pytest.approx(battery.usoc, abs=1)
    assert one.usoc != two.usoc

"""What the sensors show, for every family in both modes."""

from datetime import UTC, datetime, timedelta
from itertools import product

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.descriptions_flows import METERED
from simulator.growatt import GrowattSimulator

from .conftest import MIN, NOON, SPH, Step, set_up
from .entities import enabled, shown, state_of, table
from .platforms import only

KINDS = ("MIN", "SPH", "SPA", "NOAH", "STORAGE", "MAX", "NEO")
NEO = "BZP4N2K00E"
NOAH = "0HVR00AA25BB0001"
STORAGE = "KHM0A12345"
SENSORS = (Platform.SENSOR, Platform.BINARY_SENSOR, Platform.EVENT)


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


@pytest.mark.parametrize(
    ("homes", "mode"),
    [
        *product(KINDS, ("token", "login")),
        # The app does not list them (reference section 3.A)
        ("WIT", "token"),
        ("SPH-S", "token"),
    ],
    indirect=["homes"],
)
async def test_entities_of_each_family(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every entity with its class, unit and whether it is enabled, and its value.

    Those of control have tests of their own.
    """
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"allow_control": False})
    with only(*SENSORS, all_enabled=False):
        await set_up(hass, entry)
    assert table(hass, *SENSORS) == snapshot


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_signs_and_sums(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Import and discharge are positive, and what comes in goes out."""
    house = sim.devices[MIN].house
    house.override(pv_w=1000.0, load_w=4000.0, soc=50.0)
    sim.devices[MIN].push()
    await set_up(hass, entry)
    watts = {
        key: float(shown(hass, f"{MIN}_{key}_power"))
        for key in ("solar", "load", "grid", "battery", "grid_import", "grid_export")
    }
    assert watts["solar"] == pytest.approx(1000, abs=50)
    assert watts["load"] == pytest.approx(4000, abs=50)
    assert watts["battery"] > 2000
    assert watts["grid"] == watts["grid_import"] - watts["grid_export"]
    made = watts["solar"] + watts["grid"] + watts["battery"]
    assert made == pytest.approx(watts["load"], rel=0.1)
    assert float(shown(hass, f"{MIN}_battery_soc")) == pytest.approx(50, abs=1)


async def test_battery_is_a_device_of_its_own(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """What a battery tells is shown with it, and the phantom is none (Q10)."""
    await set_up(hass, entry)
    devices = dr.async_get(hass)
    battery = devices.async_get_device_by_identifier(
        (DOMAIN, f"{MIN}_bat1"), entry.entry_id
    )
    assert battery is not None
    entities = er.async_entries_for_device(
        er.async_get(hass), battery.id, include_disabled_entities=True
    )
    ids = {entity.unique_id for entity in entities}
    assert {f"{MIN}_battery_soc", f"{MIN}_battery_1_voltage"} <= ids
    assert f"{MIN}_solar_power" not in ids
    assert not [key for key in enabled(hass) if "battery_2" in key]


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_without_a_meter(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Counters that stand at zero are disabled with a hint, until there is a meter."""
    device = sim.devices[MIN]
    device.switches.has_meter = False
    device.push()
    await set_up(hass, entry)
    own = {key: f"{MIN}_{key}" for key in METERED}
    found = enabled(hass)
    assert not any(found[key] for key in own.values() if key in found)
    assert found[f"{MIN}_solar_energy_total"]
    issues = ir.async_get(hass)
    hint = issues.async_get_issue(DOMAIN, f"no_meter_{entry.entry_id}")
    assert hint is not None
    assert hint.translation_placeholders == {"devices": "Garage"}

    device.switches.has_meter = True
    device.house.override(pv_w=0.0, load_w=3000.0, soc=10.0)
    await step(330)
    await step(330)
    assert issues.async_get_issue(DOMAIN, f"no_meter_{entry.entry_id}") is None
    assert enabled(hass)[f"{MIN}_import_energy_total"]


@pytest.mark.parametrize("homes", ["NEO"], indirect=True)
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 18, 0, tzinfo=UTC)])
async def test_a_sleeping_inverter_keeps_its_counters(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Its powers are unknown at night, its total stands, the day's until midnight."""
    await set_up(hass, entry)
    total = shown(hass, f"{NEO}_output_energy_total")
    assert float(total) > 0
    for _ in range(18):  # until 23:00
        await step(600)
    assert shown(hass, f"{NEO}_output_power") == STATE_UNAVAILABLE
    assert state_of(hass, "binary_sensor", f"{NEO}_online").state == "off"
    assert float(shown(hass, f"{NEO}_output_energy_total")) >= float(total)
    assert float(shown(hass, f"{NEO}_output_energy_today")) > 0
    for _ in range(9):  # until half past midnight
        await step(600)
    assert shown(hass, f"{NEO}_output_energy_today") == STATE_UNAVAILABLE
    assert float(shown(hass, f"{NEO}_output_energy_total")) >= float(total)


async def test_old_records_are_not_shown(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A cloud that goes on telling the same record is silent (half an hour)."""
    await set_up(hass, entry)
    sim.devices[MIN].switches.online = False
    for _ in range(7):
        await step(330)
    assert shown(hass, f"{MIN}_solar_power") == STATE_UNAVAILABLE
    assert shown(hass, f"{MIN}_solar_energy_total") != STATE_UNAVAILABLE
    assert shown(hass, f"{MIN}_last_update") == NOON.isoformat()


@pytest.mark.parametrize(
    ("mode", "endpoint"),
    [("token", "plant/data"), ("login", "newTwoPlantAPI.do/getAllDeviceListTwo")],
)
async def test_old_sums_of_a_plant_are_not_shown(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
) -> None:
    """Its power for three quarters of an hour, its day until midnight, its total on."""
    await set_up(hass, entry)
    (plant,) = entry.runtime_data.plants.values()
    sim.faults.add("status", f"*{endpoint}", code=503)

    def seen() -> list[bool]:
        keys = ("output_power", "energy_today", "energy_total", "peak_power")
        return [shown(hass, f"{plant.key}_{key}") != STATE_UNAVAILABLE for key in keys]

    for _ in range(4):
        await step(600)
    assert seen() == [True] * 4
    for _ in range(2):
        await step(600)
    assert seen() == [False, True, True, True]
    for _ in range(10):  # until eleven
        await step(3600)
    assert seen() == [False, True, True, True]
    await step(4000)
    assert seen() == [False, False, True, True]


async def test_an_equal_reading_is_reported_once(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A new record with an equal value counts for statistics, an old one does not."""
    house = sim.devices[MIN].house
    house.override(pv_w=2000.0, load_w=500.0, soc=100.0)
    await set_up(hass, entry)
    await step(360)
    first = state_of(hass, "sensor", f"{MIN}_solar_power")
    value, reported = first.state, first.last_reported
    await step(360)
    second = state_of(hass, "sensor", f"{MIN}_solar_power")
    assert second.state == value
    assert second.last_reported > reported
    reported = second.last_reported
    sim.devices[MIN].switches.online = False
    await step(360)
    assert state_of(hass, "sensor", f"{MIN}_solar_power").last_reported == reported


@pytest.mark.parametrize("homes", ["SPH"], indirect=True)
@pytest.mark.parametrize("mode", ["token", "login"])
async def test_sph_priority_and_state_of_charge(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Priorities are words, and packs without a BMS tell their charge too."""
    device = sim.devices[SPH]
    device.switches.soc_from_bms = False
    device.house.override(soc=42.0)
    device.push()
    await set_up(hass, entry)
    assert shown(hass, f"{SPH}_priority_mode") == "load_first"
    assert float(shown(hass, f"{SPH}_battery_soc")) == pytest.approx(42, abs=1)


@pytest.mark.parametrize("mode", ["login"])
async def test_money_begins_with_the_day(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """An amount of the day says since when; both have the plant's currency."""
    await set_up(hass, entry)
    (plant,) = entry.runtime_data.plants.values()
    today = state_of(hass, "sensor", f"{plant.key}_money_today")
    assert today.attributes["unit_of_measurement"] == "EUR"
    assert today.attributes["last_reset"] == "2026-05-12T00:00:00+02:00"
    total = state_of(hass, "sensor", f"{plant.key}_money_total")
    assert "last_reset" not in total.attributes


async def test_counters_hold_through_midnight(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Value, 0, yesterday's value, 0 is one new start; totals never fall (Q3)."""
    sim.devices[MIN].switches.midnight_bounce = True
    freezer.move_to(NOON + timedelta(hours=11, minutes=30))  # 23:30
    await set_up(hass, entry)
    seen = []
    for _ in range(14):
        await step(330)
        seen.append(
            tuple(
                float(shown(hass, f"{MIN}_solar_energy_{span}"))
                for span in ("today", "total")
            )
        )
    days, totals = [pair[0] for pair in seen], [pair[1] for pair in seen]
    falls = [n for n in range(1, len(days)) if days[n] < days[n - 1]]
    rises = [n for n in range(1, len(days)) if days[n] > days[n - 1] + 1]
    assert len(falls) == 1
    assert rises == []
    assert totals == sorted(totals)

"""What the entities show, for every kind of plant."""

from datetime import UTC, datetime

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from simulator.goodwe import GoodWeSimulator

from .conftest import Step, set_up
from .entities import enabled, shown, state_of, table
from .platforms import only

SENSORS = (Platform.SENSOR, Platform.BINARY_SENSOR, Platform.EVENT)
HYBRID = "9010KETU22AW0417"
BATTERY = f"VD2001{HYBRID}"
METER = f"VD3001000{HYBRID}"
DONGLE = "DNG24A0031"


@pytest.fixture
def plant(sim: GoodWeSimulator) -> str:
    """Return the id of the first station."""
    return sim.stations[0].id


@pytest.mark.parametrize(
    "homes",
    [("hybrid",), ("v2",), ("all_in_one",), ("string",), ("charger",)],
    ids=lambda homes: homes[0],
)
async def test_entities_of_each_home(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every entity with its class, unit and whether it is enabled, and its value."""
    with only(*SENSORS, all_enabled=False):
        await set_up(hass, entry)
    assert table(hass, *SENSORS) == snapshot


@pytest.mark.parametrize("signs", ["signed", "unsigned"])
async def test_signs_and_sums(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    plant: str,
    signs: str,
) -> None:
    """Import and discharge are positive, and what comes in goes out."""
    sim.cloud.flow_signs = signs
    sim.stations[0].house.override(pv_w=1000.0, load_w=14000.0, soc=50.0)
    sim.upload()
    with only(*SENSORS):
        await set_up(hass, entry)

    def watts(key: str) -> float:
        return float(shown(hass, f"{plant}_{key}_power"))

    assert watts("pv") == pytest.approx(1000, abs=50)
    assert watts("load") == pytest.approx(14000, abs=100)
    assert watts("battery") > 2000
    assert watts("battery_discharge") == watts("battery")
    assert watts("battery_charge") == 0
    assert watts("grid") > 1000
    assert watts("grid") == watts("grid_import") - watts("grid_export")
    made = watts("pv") + watts("grid") + watts("battery")
    assert made == pytest.approx(watts("load"), abs=30)
    assert float(shown(hass, f"{plant}_battery_soc")) == pytest.approx(50, abs=1)
    assert float(shown(hass, f"{METER}_power")) == pytest.approx(watts("grid"), abs=30)


async def test_energy_dashboard(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, plant: str
) -> None:
    """All that it asks for is there and enabled (section 9)."""
    with only(*SENSORS, all_enabled=False):
        await set_up(hass, entry)
    for key in (
        "solar_energy_total",
        "grid_import_total",
        "grid_export_total",
        "battery_charge_total",
        "battery_discharge_total",
    ):
        state = state_of(hass, "sensor", f"{plant}_{key}")
        assert float(state.state) > 0
        assert state.attributes["state_class"] == "total_increasing"
        assert state.attributes["unit_of_measurement"] == "kWh"
    for key in ("grid_power", "battery_power", "battery_soc", "battery_capacity"):
        float(shown(hass, f"{plant}_{key}"))


async def test_money_begins_with_the_day_of_the_plant(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, plant: str
) -> None:
    """In the currency of its tariff."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    state = state_of(hass, "sensor", f"{plant}_income_today")
    assert float(state.state) > 0
    assert state.attributes["last_reset"] == "2026-05-12T00:00:00+02:00"
    assert len(state.attributes["unit_of_measurement"]) == 3


@pytest.mark.parametrize("homes", [("string",)])
async def test_no_battery_no_sensor_of_it(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, plant: str
) -> None:
    """Nor a grid connection, which such plants do not tell (section 3.2)."""
    with only(*SENSORS):
        await set_up(hass, entry)
    found = {key for key in enabled(hass) if key.startswith(f"{plant}_")}
    assert f"{plant}_solar_energy_total" in found
    assert not [key for key in found if "battery" in key]
    assert f"{plant}_grid_connected" not in enabled(hass, "binary_sensor")


@pytest.mark.parametrize("homes", [("v2",)])
async def test_one_phase_is_one_phase(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """Registers of phases that are not there make no sensors (section 10.8)."""
    sim.cloud.sentinels = True
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    serial = sim.stations[0].devices[0].sn
    found = {key.removeprefix(f"{serial}_") for key in enabled(hass)}
    assert "ac_voltage" in found or "ac_voltage_a" in found
    assert not found & {f"{key}_b" for key in ("ac_voltage", "ac_current")}
    assert not found & {f"{key}_c" for key in ("ac_voltage", "ac_current")}


async def test_a_device_that_is_offline(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Its readings end, its entities and totals stay, and its status tells."""
    with only(*SENSORS, all_enabled=False):
        await set_up(hass, entry)
        assert float(shown(hass, f"{HYBRID}_temperature")) > 0
        for device in sim.devices.values():
            device.switches.online = False
        await step(330)
        total = shown(hass, f"{HYBRID}_pv_energy_total")
        for _ in range(3):
            await step(330)
    assert shown(hass, f"{HYBRID}_status") == "offline"
    assert shown(hass, f"{HYBRID}_temperature") == STATE_UNAVAILABLE
    assert shown(hass, f"{HYBRID}_pv_energy_total") == total


async def test_whether_the_plant_is_pushed(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, plant: str
) -> None:
    """There is such an entity as soon as somebody tries to have it pushed."""
    with only(*SENSORS):
        await set_up(hass, entry)
        identity = f"{plant}_live_connected"
        assert identity not in enabled(hass, "binary_sensor")
        for connected, state in ((True, "on"), (False, "off")):
            entry.runtime_data.live_changed(plant, connected)
            await hass.async_block_till_done()
            assert state_of(hass, "binary_sensor", identity).state == state


async def test_no_text_of_the_server_is_shown(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """It may be Chinese (section 10.14)."""
    sim.cloud.chinese = True
    with only(*SENSORS):
        await set_up(hass, entry)
    shown_texts = " ".join(
        f"{state.name} {state.state} {dict(state.attributes)}"
        for state in hass.states.async_all()
    )
    assert "Solar power" in shown_texts
    assert not [letter for letter in shown_texts if ord(letter) > 0x2E7F]


@pytest.mark.parametrize("spelling", ["null", "", "--", "missing"])
async def test_nothing_is_never_zero(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, spelling: str
) -> None:
    """Whatever the server writes for what it does not know, no sensor shows it."""
    sim.cloud.null_spelling = spelling
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    states = {state.state for state in hass.states.async_all("sensor")}
    assert not states & {"", "--", "None", "null"}


async def test_last_data_is_when_the_plant_sent_it(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    plant: str,
    step: Step,
) -> None:
    """Also while it sends nothing; after an hour its powers end (section 10.17)."""
    with only(*SENSORS):
        await set_up(hass, entry)
        last = datetime.fromisoformat(shown(hass, f"{plant}_last_refresh"))
        assert last <= datetime(2026, 5, 12, 10, 1, tzinfo=UTC)
        sim.stations[0].uploading = False
        for _ in range(13):
            await step(330)
    stopped = datetime.fromisoformat(shown(hass, f"{plant}_last_refresh"))
    assert stopped <= datetime(2026, 5, 12, 10, 6, tzinfo=UTC)
    assert shown(hass, f"{plant}_pv_power") == STATE_UNAVAILABLE
    assert shown(hass, f"{plant}_solar_energy_total") not in (
        STATE_UNAVAILABLE,
        STATE_UNKNOWN,
    )

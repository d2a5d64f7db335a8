"""What the sensors show, for every kind of plant."""

from datetime import UTC, datetime
from itertools import product

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from simulator.sungrow import SungrowSimulator

from .conftest import Step, set_up
from .entities import enabled, of_device, of_plant, shown, state_of, table
from .platforms import only

KINDS = (
    "hybrid",
    "two_batteries",
    "string",
    "micro",
    "storage",
    "hybrid_without_battery",
)
SENSORS = (Platform.SENSOR, Platform.BINARY_SENSOR, Platform.EVENT)


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, the hybrid if the test names no other."""
    return (getattr(request, "param", "hybrid"),)


@pytest.mark.parametrize(
    ("homes", "mode"),
    [*product(KINDS, ("oauth",)), ("hybrid", "login")],
    indirect=["homes"],
)
async def test_entities_of_each_home(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Every entity with its class, unit and whether it is enabled, and its value."""
    with only(*SENSORS, all_enabled=False):
        await set_up(hass, entry)
    assert table(hass, *SENSORS) == snapshot


PLANT = "5123456"
HYBRID = f"{PLANT}_14_1_1"


def watts(hass: HomeAssistant, key: str) -> float:
    """Return a power of the plant."""
    return float(shown(hass, of_plant(PLANT, f"{key}_power")))


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_signs_and_sums(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Import and discharge are positive, and what comes in goes out."""
    (plant,) = sim.plants
    plant.house.override(pv_w=1000.0, load_w=4000.0, soc=50.0)
    plant.upload()
    await set_up(hass, entry)
    assert watts(hass, "pv") == pytest.approx(1000, abs=50)
    assert watts(hass, "load") == pytest.approx(4000, abs=50)
    assert watts(hass, "battery") > 2000
    assert watts(hass, "battery_discharge") == watts(hass, "battery")
    assert watts(hass, "battery_charge") == 0
    imported, exported = watts(hass, "grid_import"), watts(hass, "grid_export")
    assert watts(hass, "grid") == imported - exported
    made = watts(hass, "pv") + watts(hass, "grid") + watts(hass, "battery")
    assert made == pytest.approx(watts(hass, "load"), rel=0.1)
    soc = float(shown(hass, of_plant(PLANT, "battery_soc")))
    assert soc == pytest.approx(50, abs=1)


@pytest.mark.parametrize(
    ("homes", "plant_id"),
    [("string", "5123502"), ("hybrid_without_battery", "5123505")],
    indirect=["homes"],
)
async def test_no_battery_no_sensor_of_it(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, plant_id: str
) -> None:
    """Whatever the server says of a battery that is not there (section 6.5)."""
    sim.cloud.plant_powers = True
    (plant,) = sim.plants
    assert plant.id == plant_id
    await set_up(hass, entry)
    found = {key for key in enabled(hass) if key.startswith(f"{plant_id}_")}
    assert of_plant(plant_id, "pv_energy_total") in found
    for key in ("battery_power", "battery_soc", "battery_charge_total"):
        assert of_plant(plant_id, key) not in found


async def test_old_samples_are_not_shown(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A device that sends nothing is silent after half an hour; its totals stand."""
    await set_up(hass, entry)
    total = shown(hass, of_device(HYBRID, "pv_energy_total"))
    for device in sim.devices.values():
        device.switches.online = False
    for _ in range(7):
        await step(330)
    assert shown(hass, of_device(HYBRID, "dc_power")) == STATE_UNAVAILABLE
    assert shown(hass, of_device(HYBRID, "pv_energy_total")) == total
    assert state_of(hass, "binary_sensor", f"{HYBRID}_online").state == "off"
    last = datetime.fromisoformat(shown(hass, f"{PLANT}_data_timestamp"))
    assert last <= datetime(2026, 5, 12, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 0, tzinfo=UTC)])
async def test_a_counter_of_the_day_ends_with_it(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Of a device that says nothing any more, at the plant's midnight."""
    await set_up(hass, entry)
    for device in sim.devices.values():
        device.switches.online = False
    for _ in range(10):  # until 23:55
        await step(330)
    today, total = (
        of_device(HYBRID, f"pv_energy_{span}") for span in ("today", "total")
    )
    assert float(shown(hass, today)) > 0
    for _ in range(3):
        await step(330)
    assert shown(hass, today) == STATE_UNAVAILABLE
    assert float(shown(hass, total)) > 0


async def test_unknown_points_are_disabled_sensors(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Diagnostic ones, named by their number; their values are not lost."""
    sim.cloud.unknown_points = True
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    found = [
        item
        for item in er.async_get(hass).entities.values()
        if item.translation_key == "unknown_point"
    ]
    assert found
    for item in found:
        assert item.entity_category == "diagnostic"
        assert item.original_name == f"Point {item.unique_id.rpartition('_')[2]}"
        state = hass.states.get(item.entity_id)
        assert state is not None
        assert state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE)


async def test_unknown_points_are_disabled_at_first(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Nobody asked for them."""
    sim.cloud.unknown_points = True
    with only(Platform.SENSOR, all_enabled=False):
        await set_up(hass, entry)
    disabled = {
        item.disabled_by
        for item in er.async_get(hass).entities.values()
        if item.translation_key == "unknown_point"
    }
    assert disabled == {er.RegistryEntryDisabler.INTEGRATION}


async def test_no_text_of_the_server_is_shown(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It may be Chinese (section 3.0)."""
    sim.wire.texts_chinese = True
    with only(*SENSORS):
        await set_up(hass, entry)
    shown_texts = " ".join(
        f"{state.name} {state.state} {dict(state.attributes)}"
        for state in hass.states.async_all()
    )
    assert "Plant power" in shown_texts
    assert not [letter for letter in shown_texts if ord(letter) > 0x2E7F]


async def test_an_equal_reading_is_reported_once(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A new sample with an equal value counts for statistics, an old one does not."""
    (plant,) = sim.plants
    plant.house.override(pv_w=2000.0, load_w=500.0, soc=100.0)
    plant.upload()
    await set_up(hass, entry)
    unique_id = of_device(HYBRID, "dc_power")
    await step(360)
    first = state_of(hass, "sensor", unique_id)
    value, reported = first.state, first.last_reported
    await step(360)
    second = state_of(hass, "sensor", unique_id)
    assert second.state == value
    assert second.last_reported > reported
    reported = second.last_reported
    for device in sim.devices.values():
        device.switches.online = False
    await step(30)
    assert state_of(hass, "sensor", unique_id).last_reported == reported


async def test_calls_of_the_last_hour(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Counted as the vendor does, by endpoint in the attributes."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
        await step(330)
    state = state_of(hass, "sensor", "sungrow_api_calls_hour")
    assert 0 < int(state.state) <= sim.quota.total
    by_endpoint = {
        key: value
        for key, value in state.attributes.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    assert sum(by_endpoint.values()) == int(state.state)


@pytest.mark.parametrize("homes", ["two_batteries"], indirect=True)
async def test_a_device_that_comes_later(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Has its entities as soon as the list has it and it told a value."""
    charger = next(device for device in sim.devices.values() if device.type == 51)
    charger.switches.lost = True
    await set_up(hass, entry)
    status = of_device(charger.ps_key, "charging_status")
    assert status not in enabled(hass)
    charger.switches.lost = False
    await step(3700)
    await step(330)
    assert shown(hass, status) in ("idle", "standby", "charging", "completed")
    assert state_of(hass, "binary_sensor", f"{charger.ps_key}_plugged").state in (
        "on",
        "off",
    )

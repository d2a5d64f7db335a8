"""How long a plant's values are shown, and what of (reference sections 3.4 and 4.1)."""

from collections.abc import Generator
from datetime import UTC, datetime

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.plant import Plant
from simulator.sungrow import SungrowSimulator

from .conftest import Step, set_up
from .platforms import only

REAL_TIME = "platform/getPowerStationRealTimeData"
POINTS = "platform/getDeviceRealTimeData"


def state(hass: HomeAssistant, key: str, plant: str = "home") -> str | None:
    """Return the state of a plant's sensor."""
    found = hass.states.get(f"sensor.{plant}_{key}")
    return found.state if found is not None else None


def plant_of(entry: MockConfigEntry) -> Plant:
    """Return the only plant."""
    plant: Plant = next(iter(entry.runtime_data.plants.values()))
    return plant


@pytest.fixture
def sensors_only() -> Generator[None]:
    """Nothing else is looked at here."""
    with only(Platform.SENSOR):
        yield


@pytest.mark.usefixtures("sensors_only")
async def test_an_offline_plant_shows_no_power(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The cloud goes on telling what was uploaded last; counters stand for their day."""
    await set_up(hass, entry)
    yield_today = state(hass, "pv_energy_today")
    for device in sim.plants[0].devices:
        device.switches.online = False
    for _ in range(9):
        await step(300)
    for key in ("pv_power", "load_power", "plant_power", "battery"):
        assert state(hass, key) == STATE_UNAVAILABLE, key
    assert float(state(hass, "pv_energy_today") or 0) >= float(yield_today or 0)
    total = state(hass, "pv_energy_total")
    for _ in range(4):
        await step(4 * 3600)
    assert state(hass, "pv_energy_today") == STATE_UNAVAILABLE
    assert state(hass, "pv_energy_total") == total
    for device in sim.plants[0].devices:
        device.switches.online = True
    for _ in range(4):
        await step(300)
    assert plant_of(entry).fresh
    assert float(state(hass, "load_power") or 0) > 0


@pytest.mark.usefixtures("sensors_only")
@pytest.mark.parametrize("how", ["absent", "forbidden"])
async def test_devices_stand_in_for_a_plant_that_cannot_be_read(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    how: str,
) -> None:
    """What they know is shown from the beginning; the rest is not there."""
    getattr(sim.wire, how).add(REAL_TIME)
    await set_up(hass, entry)
    for _ in range(8):
        shown = {
            key: state(hass, key)
            for key in (
                "grid_power",
                "battery_power",
                "pv_power",
                "pv_energy_total",
                "pv_energy_today",
                "grid_import_total",
            )
        }
        assert not {None, STATE_UNAVAILABLE, STATE_UNKNOWN} & set(shown.values()), shown
        await step(300)
    assert state(hass, "plant_power") is None


@pytest.mark.usefixtures("sensors_only")
async def test_points_that_can_be_read_no_more_are_not_shown(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The devices' own stay, whose values the plant's are then made of."""
    await set_up(hass, entry)
    sim.wire.forbidden.add(REAL_TIME)
    for _ in range(10):
        await step(300)
    assert state(hass, "plant_power") == STATE_UNAVAILABLE
    assert float(state(hass, "pv_power") or 0) > 0
    assert float(state(hass, "pv_energy_total") or 0) > 0


@pytest.mark.usefixtures("sensors_only")
async def test_a_plant_whose_devices_cannot_be_read_is_as_new_as_its_receipt(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """How old their samples are then says nothing of the plant."""
    await set_up(hass, entry)
    sim.wire.forbidden.add(POINTS)
    for _ in range(10):
        await step(300)
    assert plant_of(entry).own_fresh
    assert float(state(hass, "plant_power") or 0) > 0


@pytest.mark.usefixtures("sensors_only")
@pytest.mark.parametrize("homes", [("string",)])
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 18, 0, tzinfo=UTC)])
async def test_a_day_that_is_over_is_not_shown_as_todays(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The inverter sleeps over midnight, beside a meter that does not."""
    sim.wire.absent.add(REAL_TIME)
    await set_up(hass, entry)
    (inverter,) = (one for one in sim.plants[0].devices if one.type == 1)
    inverter.switches.online = False
    evening = state(hass, "pv_energy_today", "barn")
    for _ in range(4):
        await step(1800)
    assert plant_of(entry).fresh
    assert state(hass, "pv_energy_today", "barn") == evening
    assert float(evening or 0) > 0
    await until(step, datetime(2026, 5, 12, 22, 2, tzinfo=UTC))
    assert plant_of(entry).fresh
    assert state(hass, "pv_energy_today", "barn") == STATE_UNAVAILABLE
    assert float(state(hass, "pv_energy_total", "barn") or 0) > 0
    inverter.switches.online = True
    for _ in range(3):
        await step(300)
    assert state(hass, "pv_energy_today", "barn") == "0.0"


@pytest.mark.usefixtures("sensors_only")
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 18, 0, tzinfo=UTC)])
async def test_the_plants_own_day_is_not_shown_the_day_after(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Its own points cannot be read any more, and no device has this one."""
    await set_up(hass, entry)
    sim.wire.forbidden.add(REAL_TIME)
    key = "pv_export_today"
    evening = state(hass, key)
    for _ in range(4):
        await step(1800)
    assert float(state(hass, key) or -1) >= float(evening or 0) > 0
    await until(step, datetime(2026, 5, 12, 22, 2, tzinfo=UTC))
    # Whose last sample is new is shown until the next one comes
    assert state(hass, "pv_energy_today") != STATE_UNAVAILABLE
    await until(step, datetime(2026, 5, 12, 22, 40, tzinfo=UTC))
    assert plant_of(entry).fresh
    assert state(hass, key) == STATE_UNAVAILABLE
    assert state(hass, "pv_energy_today") != STATE_UNAVAILABLE


async def until(step: Step, moment: datetime) -> None:
    """Let time pass, poll by poll at its end."""
    while (left := (moment - datetime.now(UTC)).total_seconds()) > 0:
        await step(300 if left <= 900 else left - 600)

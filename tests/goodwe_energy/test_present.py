"""What is shown is of the present, and what is not known any more is not shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.goodwe import GoodWeSimulator

from .conftest import Step, set_up
from .entities import enabled, shown, state_of
from .platforms import only

BOTH = (Platform.SENSOR, Platform.BINARY_SENSOR)


@pytest.mark.parametrize("homes", [("string",)])
@pytest.mark.parametrize("path", ["*relatedDevices", "*device/station/page"])
async def test_broken_list_takes_no_device_away(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, path: str
) -> None:
    """The list with the states is enough (10.3)."""
    sim.faults.add("status", path, status=500)
    with only():
        await set_up(hass, entry)
    assert set(entry.runtime_data.devices) == set(sim.devices)


@pytest.mark.parametrize("homes", [("string",)])
async def test_entry_that_is_made_at_night_counts_in_the_morning(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """With the inverter's counters, which the station's list lags behind."""
    station = sim.stations[0]
    for device in sim.devices.values():
        device.switches.online = False
    with only(Platform.SENSOR, all_enabled=False):
        await set_up(hass, entry)
        await step(300)
        for device in sim.devices.values():
            device.switches.online = True
        found = []
        for _ in range(8):
            await step(600)
            if f"{station.id}_solar_energy_total" in enabled(hass):
                found.append(float(shown(hass, f"{station.id}_solar_energy_total")))
    assert len(set(found)) > 4
    assert found == sorted(found)


async def test_totals_do_not_wait_for_a_meter_that_is_away(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It may never come back; statistics tell them too (section 9)."""
    for device in sim.devices.values():
        if device.type == "SMART_METER":
            device.switches.online = False
    with only(Platform.SENSOR):
        await set_up(hass, entry)
        await step(600)
    assert f"{sim.stations[0].id}_grid_import_total" in enabled(hass)


class TestNight:
    """The sun is down."""

    @pytest.fixture
    def start_time(self) -> datetime:
        """Half past ten in the evening."""
        return datetime(2026, 5, 12, 20, 30, tzinfo=UTC)

    @pytest.mark.parametrize("homes", [("string",)])
    async def test_last_powers_of_the_evening_are_not_those_of_the_night(
        self,
        hass: HomeAssistant,
        sim: GoodWeSimulator,
        entry: MockConfigEntry,
        step: Step,
    ) -> None:
        """The sun gives nothing, and of the rest nobody knows."""
        station = sim.stations[0]
        station.house.override(pv_w=50.0, load_w=2400.0)
        sim.upload()
        with only(Platform.SENSOR, all_enabled=False):
            await set_up(hass, entry)
            assert float(shown(hass, f"{station.id}_grid_power")) > 2000
            station.uploading = False
            for device in sim.devices.values():
                device.switches.online = False
            for _ in range(9):
                await step(600)
            assert entry.runtime_data.plants[station.id].dark
            assert float(shown(hass, f"{station.id}_pv_power")) == 0
            assert shown(hass, f"{station.id}_grid_power") == "unknown"
            assert shown(hass, f"{station.id}_load_power") == "unknown"
            assert shown(hass, f"{station.id}_last_refresh") != "unknown"


class TestWinter:
    """A zone that is told as its summer's distance from UTC is an hour off."""

    @pytest.fixture
    def start_time(self) -> datetime:
        """Noon in January."""
        return datetime(2026, 1, 12, 11, 0, tzinfo=UTC)

    @pytest.mark.parametrize("told", ["UTC+02:00", "UTC-05:00"])
    async def test_what_moves_on_is_not_stale(
        self,
        hass: HomeAssistant,
        sim: GoodWeSimulator,
        entry: MockConfigEntry,
        step: Step,
        told: str,
    ) -> None:
        sim.cloud.zone = "timeZone"
        station = sim.stations[0]
        station.info_extra = {"timeZone": told}
        await hass.config.async_set_time_zone("Asia/Tokyo")
        with only():
            await set_up(hass, entry)
            [plant] = entry.runtime_data.plants.values()
            assert plant.fresh
            for _ in range(9):
                await step(600)
            assert plant.fresh
            station.uploading = False
            for _ in range(9):
                await step(600)
            assert not plant.fresh


async def test_rights_outlive_an_answer_without_them(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Also over a restart."""
    with only():
        await set_up(hass, entry)
        [plant] = entry.runtime_data.plants.values()
        before = plant.permissions
        sim.faults.add("mutate", "*/basic/info", field="data.permissions", value=None)
        for _ in range(3):
            await step(600)
        assert plant.may_write
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        for _ in range(3):
            await step(600)
        [plant] = entry.runtime_data.plants.values()
        assert plant.permissions == before


class TestSeldom:
    """People want only a poll an hour."""

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        """Once an hour."""
        return {"live": False, "poll_seconds": 3600}

    async def test_everything_is_read_once_an_hour(
        self,
        hass: HomeAssistant,
        sim: GoodWeSimulator,
        entry: MockConfigEntry,
        step: Step,
    ) -> None:
        """No group more seldom, and nothing is hidden meanwhile."""
        station = sim.stations[0]
        [inverter] = [d for d in sim.devices.values() if d.type == "INVERTER"]
        with only(Platform.SENSOR, all_enabled=False):
            await set_up(hass, entry)
            sim.requests.forget()
            hidden = 0
            for _ in range(30):
                await step(600)
                for key in (f"{station.id}_grid_power", f"{inverter.sn}_power"):
                    hidden += shown(hass, key) == "unavailable"
        assert hidden == 0
        for path in ("flow", "device/all-status", "production"):
            count = sim.requests.counts[f"sems-plant/api/stations/{path}"]
            assert count == pytest.approx(5, abs=1), path


async def test_states_end_an_hour_after_the_last_answer(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    station = sim.stations[0]
    with only(*BOTH, all_enabled=False):
        await set_up(hass, entry)

        def states() -> set[str]:
            return {
                state_of(hass, "binary_sensor", f"{station.id}_{key}").state
                for key in ("online", "grid_connected", "alarm")
            }

        assert states() <= {"on", "off"}
        await sim.stop()
        for _ in range(5):
            await step(600)
        assert states() <= {"on", "off"}
        for _ in range(3):
            await step(600)
        assert states() == {"unavailable"}


@pytest.mark.parametrize("homes", [("charger",)])
@pytest.mark.parametrize("named", [True, False])
async def test_energy_of_a_charger_is_what_the_car_gets(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    named: bool,
) -> None:
    """Also where the log comes late, and the session has no name (3.14)."""
    [charger] = [d for d in sim.devices.values() if d.type == "EV_CHARGER"]
    charger.control.switches.session_named = named
    house = sim.stations[0].house
    house.override(ev_plugged=True)
    sim.faults.add("vendor_error", "*queryChargeLogList", message="100000", count=1)

    def truth() -> float:
        days = (house.today() - timedelta(days=back) for back in range(2))
        energies = [house.energy_on(day) for day in days]
        return sum(energy.ev_wh for energy in energies if energy) / 1000

    with only():
        await set_up(hass, entry)
        device = entry.runtime_data.devices[charger.sn]
        first, before = device.values["energy_total"], truth()
        for n in range(24):
            if n in (8, 16):
                house.override(ev_plugged=n == 16)
            await step(600)
    gained = truth() - before
    assert gained > 10
    assert device.values["energy_total"] - first == pytest.approx(gained, abs=0.5)

"""An entry from its set-up to its removal."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy import async_remove_config_entry_device
from custom_components.goodwe_energy.const import DOMAIN
from custom_components.goodwe_energy.device import Device
from simulator.goodwe import GoodWeSimulator

from .conftest import Step, asked, issues, set_up


def of_class(entry: MockConfigEntry, cls: str) -> Device:
    """Return the one device of a class."""
    [found] = [d for d in entry.runtime_data.devices.values() if d.cls == cls]
    device: Device = found
    return device


def registered(hass: HomeAssistant) -> dict[str, dr.DeviceEntry]:
    """Return what is registered by its name."""
    return {
        device.name or "": device
        for device in dr.async_get(hass).devices
        if any(domain == DOMAIN for domain, _ in device.identifiers)
    }


async def test_hybrid_is_set_up_with_its_devices(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    [plant] = entry.runtime_data.plants.values()
    assert plant.fresh
    assert plant.has_battery
    assert plant.off_grid is False
    assert str(plant.zone) == "Europe/Berlin"
    values = plant.values
    flows = values["pv_power"] + values["grid_power"] + values["battery_power"]
    assert flows == pytest.approx(values["load_power"], abs=2)
    assert {device.cls for device in plant.devices} == {
        "inverter",
        "battery",
        "meter",
        "dongle",
    }
    assert of_class(entry, "battery").parent is of_class(entry, "inverter")
    assert of_class(entry, "battery").bat_index == "1"
    assert of_class(entry, "inverter").values["work_mode_running"] == "self_use"
    found = registered(hass)
    assert found["Inverter 1"].model == "GW10K-ET"
    assert found["Inverter 1"].sw_version == "04.12.23"
    assert found["BAT1"].via_device_id == found["Inverter 1"].id
    assert found["Meter 1"].via_device_id == found["Inverter 1"].id
    assert found["Dongle 1"].via_device_id == found["Hillcrest Solar"].id
    assert found["Hillcrest Solar"].entry_type is dr.DeviceEntryType.SERVICE
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("v2", "all_in_one", "string", "charger", "viewer")])
async def test_every_kind_of_plant_is_read(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    await set_up(hass, entry)
    plants = list(entry.runtime_data.plants.values())
    assert len(plants) == 5
    assert all(plant.fresh for plant in plants)
    batteries = [plant.has_battery for plant in plants]
    assert batteries == [True, True, False, True, True]
    assert [plant.off_grid for plant in plants][2] is None
    assert [plant.may_write for plant in plants] == [True, True, True, True, False]
    assert all(plant.values["solar_energy_total"] > 0 for plant in plants)
    charger = of_class(entry, "charger")
    assert charger.fresh
    assert charger.values["plug"]


async def test_one_login_serves_entry_and_reload(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    await set_up(hass, entry)
    for _ in range(3):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.logins.tried == 1
    assert of_class(entry, "inverter").fresh


@pytest.mark.parametrize("homes", [("two",)])
async def test_only_chosen_plants_are_read(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    """One that is not chosen any more goes with its devices."""
    await set_up(hass, entry)
    assert len(entry.runtime_data.plants) == 2
    first = sim.stations[0]
    hass.config_entries.async_update_entry(
        entry, options={"live": False, "plants": [first.id]}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert list(entry.runtime_data.plants) == [first.id]
    assert sim.stations[1].name not in registered(hass)
    assert len(registered(hass)) == 5


async def test_new_device_appears_without_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    meter = next(d for d in sim.devices.values() if d.type == "SMART_METER")
    meter.switches.lost = True
    await set_up(hass, entry)
    assert "Meter 1" not in registered(hass)
    meter.switches.lost = False
    await step(300)
    assert of_class(entry, "meter").values["import_total"] > 0
    assert "Meter 1" in registered(hass)


async def test_device_that_is_gone_stays_until_its_owner_deletes_it(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    meter = next(d for d in sim.devices.values() if d.type == "SMART_METER")
    known, row = of_class(entry, "meter"), registered(hass)["Meter 1"]
    assert not await async_remove_config_entry_device(hass, entry, row)
    meter.switches.lost = True
    # What the page told six hours ago is not asked again soon
    for _ in range(20):
        await step(1800)
    assert known.listed is False
    assert not known.fresh
    assert not known.shows("import_total")
    assert "Meter 1" in registered(hass)
    assert await async_remove_config_entry_device(hass, entry, row)
    assert meter.sn not in entry.runtime_data.devices


async def test_empty_list_of_devices_takes_none_away(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    """Success with empty data is no news (reference section 10.2)."""
    await set_up(hass, entry)
    sim.wire.empty = {"*/all-status", "*/device/station/page"}
    for _ in range(8):
        await step(300)
    assert len(entry.runtime_data.devices) == 4
    assert of_class(entry, "inverter").fresh
    assert issues(hass) == {}


@pytest.mark.parametrize(
    "endpoint",
    [
        "*/all-status",
        "*/flow",
        "*/basic/info",
        "*/statistics",
        "*/production",
        "*/telemetry",
        "*/telecounting",
        "*/information",
        "*/relatedDevices",
        "*/device/station/page",
        "sems-alarm/*",
        "sems-remote/*",
    ],
)
@pytest.mark.parametrize("how", ["absent", "forbidden", "empty"])
async def test_one_block_that_fails_takes_no_other_with_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    step: Step,
    endpoint: str,
    how: str,
) -> None:
    """Only devices and powers together are needed (reference section 10.3)."""
    setattr(sim.wire, how, {endpoint})
    await set_up(hass, entry)
    await step(60)
    assert entry.state is ConfigEntryState.LOADED
    [plant] = entry.runtime_data.plants.values()
    if endpoint != "*/flow":
        assert plant.values["load_power"] > 0
    if endpoint != "*/telemetry":
        assert of_class(entry, "inverter").values["power"] is not None
    if endpoint not in {"*/telecounting", "*/statistics"}:
        assert plant.values["solar_energy_total"] > 0
    assert asked(hass, entry) == 0
    assert sim.logins.tried == 1


async def test_right_that_is_missing_is_asked_for_once(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    sim.wire.forbidden = {"sems-alarm/*"}
    await set_up(hass, entry)
    for _ in range(6):
        await step(600)
    assert sim.requests.counts["sems-alarm/api/alarm/statistics"] == 1
    assert issues(hass) == {}


class TestPlantThatSendsNothing:
    """The cloud tells the same for hours (reference section 10.17)."""

    async def test_by_day_it_is_unavailable_and_told_after_a_day(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
    ) -> None:
        await set_up(hass, entry)
        [plant] = entry.runtime_data.plants.values()
        sim.stations[0].uploading = False
        for _ in range(5):
            await step(600)
        assert plant.fresh
        for _ in range(3):
            await step(600)
        assert not plant.fresh
        assert not plant.shows("pv_power")
        assert plant.shows("last_refresh")
        assert not of_class(entry, "inverter").fresh
        assert issues(hass) == {}
        for _ in range(24):
            await step(3600)
        assert issues(hass)["stale_data"]["plants"] == plant.name
        sim.stations[0].uploading = True
        sim.upload()
        await step(120)
        await step(120)
        assert plant.fresh
        assert issues(hass) == {}

    @pytest.mark.parametrize("homes", [("string",)])
    async def test_who_falls_silent_by_day_does_not_sleep(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
    ) -> None:
        """Its last powers are no darkness, whatever the list of devices says."""
        await set_up(hass, entry)
        [plant] = entry.runtime_data.plants.values()
        next(iter(sim.devices.values())).switches.online = False
        sim.stations[0].uploading = False
        for _ in range(8):
            await step(600)
        assert not plant.shows("pv_power")


class TestNight:
    """The sun is down."""

    @pytest.fixture
    def start_time(self) -> datetime:
        """Half past ten in the evening."""
        return datetime(2026, 5, 12, 20, 30, tzinfo=UTC)

    @pytest.mark.parametrize("homes", [("string",)])
    async def test_by_night_nothing_else_is_to_be_expected(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
    ) -> None:
        await set_up(hass, entry)
        [plant] = entry.runtime_data.plants.values()
        next(iter(sim.devices.values())).switches.online = False
        sim.stations[0].uploading = False
        for _ in range(10):
            await step(600)
        assert plant.dark
        assert plant.fresh
        assert plant.values["pv_power"] == 0


async def test_empty_flow_by_day_keeps_the_last_powers(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    [plant] = entry.runtime_data.plants.values()
    before = plant.values["pv_power"]
    sim.wire.empty = {"*/flow"}
    await step(60)
    await step(60)
    assert plant.values["pv_power"] == before
    for _ in range(8):
        await step(600)
    assert not plant.shows("pv_power")


class TestPush:
    """Powers that are pushed (reference section 5)."""

    async def test_newer_powers_are_shown_and_older_ones_are_not(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
    ) -> None:
        await set_up(hass, entry)
        runtime = entry.runtime_data
        [plant] = runtime.plants.values()
        told: list[object] = []
        runtime.async_listen(lambda: told.append(plant.values["load_power"]))

        def push(load: float, after: float) -> None:
            local = dt_util.utcnow().astimezone(plant.zone) + timedelta(seconds=after)
            raw = {"refreshTime": f"{local:%Y-%m-%d %H:%M:%S}", "pConsum": str(load)}
            runtime.push(plant.id, raw, dt_util.utcnow())

        push(2.5, 0)
        assert told == [2500]
        assert plant.values["battery_soc"] is not None
        push(2.6, 0)
        push(9.9, -600)
        assert told == [2500, 2600]
        runtime.push("unknown", {"pConsum": "1"}, dt_util.utcnow())
        assert told == [2500, 2600]

    async def test_pushes_do_not_put_off_the_next_poll(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GoodWeSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        await set_up(hass, entry)
        runtime = entry.runtime_data
        [plant] = runtime.plants.values()
        sim.requests.forget()
        for second in range(40):
            local = dt_util.utcnow().astimezone(plant.zone)
            raw = {"refreshTime": f"{local:%Y-%m-%d %H:%M:%S}", "pConsum": f"{second}"}
            runtime.push(plant.id, raw, dt_util.utcnow())
            await step(5)
        assert sim.requests.counts["sems-plant/api/stations/flow"] == 3


async def test_restart_shows_what_is_known_while_the_cloud_is_away(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    hass_storage: dict[str, Any],
) -> None:
    """Lists and counters stand on the disk; powers do not: they are old at once."""
    await set_up(hass, entry)
    total = entry.runtime_data.plants[sim.stations[0].id].values["solar_energy_total"]
    await sim.stop()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    [plant] = entry.runtime_data.plants.values()
    assert plant.values["solar_energy_total"] == total
    assert plant.shows("solar_energy_total")
    assert not plant.shows("pv_power")


async def test_disabled_and_removed_entry_asks_nothing_and_leaves_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    account = entry.runtime_data.account
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    sim.requests.forget()
    await step(3600)
    assert sim.requests.total == 0
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not account.notes
    assert not account.documents
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"account": None}, ConfigEntryState.SETUP_ERROR),
        ({"password": ""}, ConfigEntryState.SETUP_ERROR),
        ({"server": "http://example.com"}, ConfigEntryState.SETUP_ERROR),
        ({"region": "moon"}, ConfigEntryState.LOADED),
        ({"plants": "x"}, ConfigEntryState.LOADED),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: GoodWeSimulator,
    data: dict[str, Any],
    state: ConfigEntryState,
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is state

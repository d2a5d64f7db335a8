"""What the sensors show."""

from typing import Any
from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.sonnen_energy._vendor.core.client.budget import Budget
from custom_components.sonnen_energy.coordinator import SonnenBattery as Runtime
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, entry_of, set_up
from .platforms import only
from .states import entity_id, shown, state

# Every sensor of the reference's sections 9.1 to 9.4 that a sonnenBatterie 10 has,
# with its key here, and whether it is enabled by default
DEFAULTS = {
    # 9.1
    "load_power": True,
    "consumption_average": False,
    "solar_power": True,
    "grid_power": True,
    "grid_import_power": True,
    "grid_export_power": True,
    "battery_power": True,
    "battery_charge_power": True,
    "battery_discharge_power": True,
    "battery_soc": True,
    "real_soc": False,
    "backup_reserve_soc": True,
    "system_status": True,
    "operating_mode": True,
    "activity_state": True,
    "grid_frequency": True,
    "ac_voltage": False,
    "battery_voltage": False,
    "apparent_power": False,
    "apparent_power_l1": False,
    "status_timestamp": False,
    # 9.2
    **{
        f"{flow}_energy_{span}": True
        for flow in (
            "solar",
            "import",
            "export",
            "battery_charge",
            "battery_discharge",
            "load",
        )
        for span in ("total", "today")
    },
    # 9.3
    "setpoint_power": False,
    "usable_capacity": True,
    "remaining_capacity": False,
    "battery_capacity": True,
    "installed_capacity": True,
    "used_capacity": False,
    "unusable_capacity": False,
    "reserve_capacity": True,
    "capacity_until_reserve": True,
    "capacity_to_reserve": False,
    "depth_of_discharge_limit": False,
    "time_to_reserve": True,
    "reserve_at": True,
    "time_to_fully_charged": True,
    "fully_charged_at": True,
    "time_until_fully_discharged": True,
    "fully_discharged_at": True,
    "time_since_full": False,
    "last_time_full": True,
    "led_state": True,
    "led_status": False,
    "bms_state": True,
    "inverter_state": True,
    "core_control_state": False,
    "dc_shutdown_reason": True,
    "setpoint_priority": False,
    "battery_modules": True,
    # 9.4
    "cycle_count": True,
    "state_of_health": True,
    "cell_temperature_min": False,
    "cell_temperature_max": True,
    "cell_voltage_min": False,
    "cell_voltage_max": False,
    "module_voltage_min": False,
    "module_voltage_max": False,
    "module_voltage_nominal": False,
    "module_current_min": False,
    "module_current_max": False,
    "system_dc_voltage": False,
    "system_dc_current": False,
    "average_current": False,
    "charge_current_limit": False,
    "discharge_current_limit": False,
    "full_charge_capacity_ah": False,
    "remaining_capacity_ah": False,
    "usable_remaining_capacity_ah": False,
    "ongrid_power": False,
    "offgrid_power": True,
    "inverter_temperature": True,
    "inverter_ac_current": False,
    "inverter_ac_voltage": False,
    "inverter_frequency": False,
    "inverter_apparent_power": False,
    "inverter_power_factor": False,
    "inverter_battery_power": False,
    "inverter_battery_voltage": False,
    "inverter_battery_current": False,
    "inverter_pv_power": False,
    "inverter_pv_voltage": False,
    "inverter_pv_current": False,
    "software_version": False,
    "inverter_max_power": False,
    "cascading_role": False,
    "tou_schedule": False,
    "cos_phi": False,
    "cos_phi_active": False,
    "cos_phi_lagging": False,
    "blackstart_time_1": False,
    "blackstart_time_2": False,
    "blackstart_time_3": False,
    "heater_mode": False,
    "heater_temperature_min": False,
    "heater_temperature_max": False,
    "last_reported": False,
    "api_latency": False,
    "requests_today": False,
    "requests_left": False,
    # control
    "control_state": True,
    "control_ends": True,
    "setting_writes_today": True,
}
METERS = {
    f"meter_{meter}_{key}": key == "energy_imported"
    for meter in ("production_4_1", "consumption_4_2")
    for key in (
        "energy_imported",
        "energy_exported",
        "power",
        "power_l1",
        "current_l1",
        "voltage_l1",
        "reactive_power",
        "apparent_power",
        "power_factor",
    )
}


async def test_sensors(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """All sensors with their states, enabled or not."""
    battery.house.override(pv_w=400, load_w=1600, soc=70)
    with (
        only(Platform.SENSOR),
        # These go on counting while the entities are added
        patch.object(Budget, "requests_today", 12),
        patch.object(Budget, "left", 1100),
        patch.object(Runtime, "latency", PropertyMock(return_value=12.0), create=True),
    ):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    assert "-0.0" not in {item.state for item in hass.states.async_all()}


async def test_devices(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The battery, and its two meters below it."""
    await set_up(hass, entry)
    devices = {
        identifier: device
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
        for _, identifier in device.identifiers
    }
    assert devices.keys() == {
        SERIAL,
        f"{SERIAL}_meter_production_4_1",
        f"{SERIAL}_meter_consumption_4_2",
    }
    for identifier, device in devices.items():
        if identifier != SERIAL:
            assert device.via_device_id == devices[SERIAL].id
        assert device == snapshot(name=identifier, exclude=props("configuration_url"))
    assert devices[SERIAL].sw_version == "1.25.6"
    assert devices[SERIAL].configuration_url == (
        f"http://{entry.data['host']}:{entry.data['port']}/"
    )


async def test_enabled_by_default(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Each sensor of the reference is there; what few people need is disabled."""
    with only(Platform.SENSOR, all_enabled=False):
        await set_up(hass, entry)
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {item.unique_id: not item.disabled for item in found} == {
        f"{SERIAL}_{key}": enabled for key, enabled in (DEFAULTS | METERS).items()
    }


@pytest.mark.parametrize(
    ("solar", "load", "soc", "power", "grid"),
    [
        (1000, 2500, 55, 1, 0),  # the battery helps
        (4000, 500, 55, -1, 0),  # the sun charges
        (100, 700, 7, 0, 1),  # empty: the grid has to help
        (4000, 500, 100, 0, -1),  # full: the sun feeds in
    ],
)
async def test_readings_are_the_houses(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    solar: float,
    load: float,
    soc: float,
    power: int,
    grid: int,
) -> None:
    """Signs and units: import and discharge are positive, powers in W, in balance."""
    battery.house.override(pv_w=solar, load_w=load, soc=soc)
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    truth = battery.live
    values = {
        key: float(shown(hass, f"{key}_power"))
        for key in ("solar", "load", "battery", "grid", "grid_import", "grid_export")
    }
    assert values["solar"] == solar
    assert values["load"] == pytest.approx(load, abs=2)
    for key, sign, watts in (
        ("battery", power, truth.battery_w),
        ("grid", grid, truth.grid_w),
    ):
        assert values[key] == pytest.approx(watts, abs=25)
        if sign:
            assert values[key] * sign > 400
    assert values["grid_import"] == max(values["grid"], 0)
    assert values["grid_export"] == max(-values["grid"], 0)
    assert values["load"] == pytest.approx(
        values["solar"] + values["grid"] + values["battery"], abs=30
    )


async def test_off_grid_tells_the_time_that_is_left(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Within one poll: off grid, and when the battery will be empty."""
    battery.house.override(pv_w=0, load_w=1000, soc=50)
    await set_up(hass, entry)
    assert shown(hass, "off_grid", "binary_sensor") == "off"
    battery.house.override(grid=False)
    battery.change()
    await step(10)
    assert shown(hass, "off_grid", "binary_sensor") == "on"
    assert shown(hass, "system_status") == "offgrid"
    for _ in range(6):
        await step(10)
    left = float(shown(hass, "time_until_fully_discharged"))
    usable = float(shown(hass, "usable_capacity"))
    drawn = float(shown(hass, "battery_discharge_power"))
    assert left == pytest.approx(usable / drawn * 3600, abs=90)
    assert float(shown(hass, "offgrid_power")) == pytest.approx(1000, abs=60)
    assert "T" in shown(hass, "fully_discharged_at")


async def test_moments_stand_still(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """A steady discharge does not move the end by the second.

    It moves by the minute, and with each percent of the battery.
    """
    battery.house.override(pv_w=0, load_w=1000, soc=80)
    await set_up(hass, entry)
    for _ in range(6):
        await step(10)
    changed = []
    hass.bus.async_listen("state_changed", lambda event: changed.append(event.data))
    for _ in range(6):
        await step(10)
    moved = [
        data
        for data in changed
        if data["entity_id"] == entity_id(hass, "fully_discharged_at")
    ]
    assert len(moved) <= 2


@pytest.mark.parametrize(
    ("key", "wire", "value", "expected"),
    [
        ("operating_mode", "status.OperatingMode", "17", "unknown (17)"),
        ("operating_mode", "status.OperatingMode", 10, "time_of_use"),
        ("operating_mode", "status.OperatingMode", None, "unknown"),
        ("system_status", "status.SystemStatus", "Critical Error", "critical_error"),
        ("system_status", "status.SystemStatus", "Some New", "some_new"),
    ],
)
async def test_what_nobody_knows_is_told(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    key: str,
    wire: str,
    value: Any,
    expected: str,
) -> None:
    """A mode or a status of a newer firmware is shown, and raises nothing."""
    await set_up(hass, entry)
    endpoint, _, field = wire.partition(".")
    sim.faults.add("mutate", endpoint, field=field, value=value)
    await step(10)
    assert shown(hass, key) == expected
    if expected != "unknown":
        assert expected in state(hass, key).attributes["options"]


@pytest.mark.parametrize("batteries", [3])
async def test_models(
    hass: HomeAssistant, sim: SonnenSimulator, snapshot: SnapshotAssertion
) -> None:
    """Three phases, and an old battery that reports less: what there is, is shown."""
    for battery in sim.batteries:
        entry = entry_of(battery)
        with only(Platform.SENSOR):
            await set_up(hass, entry)
        found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        keys = sorted(item.unique_id.removeprefix(battery.serial) for item in found)
        assert keys == snapshot(name=battery.serial)
        for item in found:
            shown_state = hass.states.get(item.entity_id)
            assert shown_state is not None
            assert shown_state.state != "unavailable", item.entity_id

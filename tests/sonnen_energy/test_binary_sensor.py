"""What the binary sensors show (reference section 9.5)."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, set_up
from .platforms import only
from .states import entity_id, shown

ENABLED = {
    "off_grid",
    "battery_charging",
    "battery_discharging",
    "battery_care",
    "microgrid_enabled",
    "dc_shutdown",
    "system_error",
    "system_alarm",
    "system_warning",
    "using_reserve",
}
DISABLED = {
    "microgrid_min_soc",
    "transition_to_ongrid",
    "dc_minimum_rsoc",
    "internet_connected",
    "backup_overload",
    "flow_consumption_battery",
    "flow_consumption_grid",
    "flow_consumption_production",
    "flow_grid_battery",
    "flow_production_battery",
    "flow_production_grid",
    "balance_charge_request",
    "generator_autostart",
    "system_installed",
    "blackstart_enabled",
}
IO = {
    f"io_{name}"
    for name in (
        *(f"di_{n}" for n in (5, 6, 7, 8, 10)),
        *(f"do_{n}" for n in (1, 2, 11, 12, 13, 14)),
    )
}


async def test_binary_sensors(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """All of them with their states, enabled or not."""
    battery.house.override(pv_w=400, load_w=1600, soc=70)
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_enabled_by_default(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Each one of the reference is there; what few people need is disabled."""
    with only(Platform.BINARY_SENSOR, all_enabled=False):
        await set_up(hass, entry)
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {item.unique_id for item in found if not item.disabled} == {
        f"{SERIAL}_{key}" for key in ENABLED
    }
    assert {item.unique_id for item in found if item.disabled} == {
        f"{SERIAL}_{key}" for key in DISABLED | IO
    }


@pytest.mark.parametrize(
    ("switches", "on"),
    [
        ({"battery_care": True}, {"battery_care"}),
        ({"led": "Solid Red"}, {"system_error"}),
        ({"led": "Blinking Red"}, {"system_error"}),
        ({"system_warning": True}, {"system_warning"}),
        (
            {"shutdown_reason": "Critical BMS Alarm"},
            {"dc_shutdown", "system_alarm", "system_error"},
        ),
        (
            {"shutdown_reason": "Minimum rSOC of System reached"},
            {"dc_shutdown", "dc_minimum_rsoc", "system_alarm", "system_error"},
        ),
        ({"led": "Pulsing Orange"}, set()),
        (
            {"bits": {("Microgrid Status", "Over Charge Current"): True}},
            {"backup_overload"},
        ),
        (
            {"bits": {("Microgrid Status", "Transition to Ongrid Pending"): True}},
            {"transition_to_ongrid"},
        ),
    ],
)
async def test_troubles(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    switches: dict[str, Any],
    on: set[str],
) -> None:
    """Each sign of the battery turns on what it means, and nothing else."""
    battery.house.override(pv_w=0, load_w=500, soc=70)
    battery.change(**switches)
    with only(Platform.BINARY_SENSOR):
        await set_up(hass, entry)
    signs = {
        "battery_care",
        "microgrid_enabled",
        "dc_shutdown",
        "system_error",
        "system_alarm",
        "system_warning",
        "dc_minimum_rsoc",
        "backup_overload",
        "transition_to_ongrid",
    }
    found = {key for key in signs if shown(hass, key, "binary_sensor") != "off"}
    assert found == on
    internet = shown(hass, "internet_connected", "binary_sensor")
    assert internet == ("off" if switches.get("led") == "Pulsing Orange" else "on")


async def test_reserve_is_used(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Below the reserve that is set."""
    battery.house.override(pv_w=0, load_w=300, soc=70)
    await set_up(hass, entry)
    assert shown(hass, "using_reserve", "binary_sensor") == "off"
    battery.write_as_app(EM_USOC="90")
    await step(10)
    assert shown(hass, "using_reserve", "binary_sensor") == "on"


async def test_inputs_are_read_only_while_somebody_looks(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Once to know what there is, and from then on when one of them is enabled."""
    await set_up(hass, entry)
    for _ in range(62):
        await step(10)
    assert sim.counters.count("io") == 1
    found = entity_id(hass, "io_do_1", "binary_sensor")
    assert found is not None
    er.async_get(hass).async_update_entity(found, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    sim.counters.reset()
    for _ in range(62):
        await step(10)
    assert sim.counters.count("io") == 2
    assert shown(hass, "io_do_1", "binary_sensor") == "on"

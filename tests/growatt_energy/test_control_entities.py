"""What can be set of each family, in both modes, and what is told of its control."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from simulator.growatt import HOMES, GrowattSimulator, Home

from .conftest import MIN, Step, set_up
from .entities import enabled, table
from .platforms import only

KINDS = ("MIN", "SPH", "SPA", "NOAH", "STORAGE", "MAX", "NEO")
NO_BATTERY = replace(
    HOMES["MIN"],
    devices=tuple(replace(spec, battery="") for spec in HOMES["MIN"].devices),
)
SETTINGS = (
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SWITCH,
    Platform.TIME,
)
TOLD = (Platform.SENSOR, Platform.EVENT)


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str | Home, ...]:
    """One home, a MIN with a battery if the test names no other."""
    return (getattr(request, "param", "MIN"),)


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize("homes", KINDS, indirect=True)
async def test_controls_of_each_family(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    snapshot: SnapshotAssertion,
) -> None:
    """Every entity, whether it is enabled, and what it shows."""
    with only(*SETTINGS, *TOLD, all_enabled=False):
        await set_up(hass, entry)
        # With a token a NOAH may be asked for its settings once in 5 minutes.
        await step(310)
    told = [
        line for line in table(hass, *TOLD) if "control" in line or "writes" in line
    ]
    assert [*table(hass, *SETTINGS), *told] == snapshot


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_nothing_to_set_without_permission_of_the_owner(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The option takes all of them away."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"allow_control": False})
    with only(*SETTINGS, all_enabled=False):
        await set_up(hass, entry)
    assert [enabled(hass, platform) for platform in SETTINGS] == [{}] * len(SETTINGS)


@pytest.mark.parametrize("homes", [NO_BATTERY], indirect=True)
async def test_no_battery_no_battery_settings(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """A MIN has a place for all settings, also where no battery is connected."""
    await set_up(hass, entry)
    assert not enabled(hass, "number").keys() & {
        f"{MIN}_{key}" for key in ("backup_reserve", "charge_limit", "force_power")
    }
    assert f"{MIN}_battery_mode" not in enabled(hass, "select")
    assert f"{MIN}_active_power_limit" in enabled(hass, "number")
    assert f"{MIN}_power_on" in enabled(hass, "switch")


async def test_times_of_day_follow_the_plants_zone(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Who leads a device has its zone, so it begins anew when that becomes known."""
    await set_up(hass, entry)
    runtime = entry.runtime_data
    plant = runtime.devices[MIN].plant
    plant.follow(replace(plant.entry_info, zone="+10:00"), ZoneInfo("Etc/GMT-10"))
    await runtime.controls.async_follow()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data is not runtime
    assert entry.runtime_data.devices[MIN].control is not None

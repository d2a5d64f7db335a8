"""Entities that set something, on the simulator (reference 6.4, 9.2, 9.3)."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up
from .controls import Panel

OF_EVERY_SYSTEM = {
    "button": set(),
    "event": {"control_events"},
    "number": {"force_duration", "force_target", "charge_limit", "backup_reserve"},
    "select": {"battery_mode", "hold_block"},
    "sensor": {"control_state", "control_ends", "setting_writes_today"},
    "switch": {"grid_charge", "discharge_time_control"},
    "time": {
        f"{side}_{part}_{n}"
        for side in ("charge", "discharge")
        for part in ("start", "end")
        for n in (1, 2)
    },
}
WEEKLY = {"force_power", "charge_power_1", "discharge_power_1"}


@pytest.fixture
def homes() -> int:
    """One system with the legacy store and a charger, one with the periodic one."""
    return 2


@pytest.fixture
def options() -> dict[str, Any]:
    """What was chosen in the options."""
    return {}


@pytest.fixture
async def panel(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    options: dict[str, Any],
) -> Panel:
    """A running entry."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return Panel(hass, sim, entry)


def keys(panel: Panel, platform: str, owner: str) -> set[str]:
    found = er.async_entries_for_config_entry(
        er.async_get(panel.hass), panel.entry.entry_id
    )
    return {
        item.unique_id.removeprefix(f"{owner}_")
        for item in found
        if item.domain == platform and item.unique_id.startswith(f"{owner}_")
    }


async def test_there_is_what_the_system_can_do(panel: Panel) -> None:
    for platform, expected in OF_EVERY_SYSTEM.items():
        legacy, weekly = (
            keys(panel, platform, serial) for serial in (SYSTEM_1, SYSTEM_2)
        )
        more = {"household_current"} if platform == "number" else set()
        assert expected | more <= legacy, platform
        assert expected <= weekly, platform
        if platform == "number":
            assert legacy == expected | more
            assert weekly == expected | WEEKLY
    assert keys(panel, "button", CHARGER) == {"ev_start", "ev_stop"}


@pytest.mark.parametrize("options", [{"allow_control": False}])
async def test_without_control_nothing_can_be_set(panel: Panel) -> None:
    for serial in (SYSTEM_1, SYSTEM_2, CHARGER):
        for platform in ("button", "number", "select", "switch", "time"):
            assert keys(panel, platform, serial) == set()
        assert not keys(panel, "sensor", serial) & OF_EVERY_SYSTEM["sensor"]
        assert not keys(panel, "event", serial) & OF_EVERY_SYSTEM["event"]


async def test_a_legacy_store_is_shown_as_it_was_read(panel: Panel) -> None:
    charge, discharge = panel.system.charge.stored, panel.system.discharge.stored
    assert float(panel.shown("number", "charge_limit")) == charge["batHighCap"]
    assert float(panel.shown("number", "backup_reserve")) == discharge["batUseCap"]
    assert panel.shown("switch", "grid_charge") == (
        "on" if charge["gridCharge"] else "off"
    )
    for n in (1, 2):
        for part, wire in (("start", "f"), ("end", "e")):
            shown = panel.shown("time", f"charge_{part}_{n}")
            assert shown == f"{charge[f'timeCha{wire}{n}']}:00"
            shown = panel.shown("time", f"discharge_{part}_{n}")
            assert shown == f"{discharge[f'timeDis{wire}{n}']}:00"


async def test_a_weekly_store_is_shown_as_it_was_read(panel: Panel) -> None:
    """Whether its sides are on cannot be read."""
    stored = panel.sim.systems[SYSTEM_2].periodic.stored
    for side in ("charge", "discharge"):
        first = stored[f"{side}TimeList"][0]
        shown = {
            key: panel.shown(platform, key, SYSTEM_2)
            for platform, key in (
                ("time", f"{side}_start_1"),
                ("time", f"{side}_end_1"),
                ("number", f"{side}_power_1"),
            )
        }
        assert shown == {
            f"{side}_start_1": f"{first['beginTime']}:00",
            f"{side}_end_1": f"{first['endTime']}:00",
            f"{side}_power_1": str(first["chargePower"]),
        }
    for key in ("grid_charge", "discharge_time_control"):
        state = panel.state("switch", key, SYSTEM_2)
        assert (state.state, state.attributes["assumed_state"]) == ("unknown", True)
    assert "assumed_state" not in panel.state("switch", "grid_charge").attributes


@pytest.mark.parametrize(
    ("platform", "key", "value", "part", "field", "stored"),
    [
        ("number", "charge_limit", 85, "charge", "batHighCap", 85),
        ("number", "backup_reserve", 25, "discharge", "batUseCap", 25),
        ("switch", "grid_charge", True, "charge", "gridCharge", 1),
        ("switch", "discharge_time_control", True, "discharge", "ctrDis", 1),
    ],
)
async def test_a_setting_is_written_and_shown_when_the_call_returns(
    panel: Panel,
    platform: str,
    key: str,
    value: Any,
    part: str,
    field: str,
    stored: int,
) -> None:
    before = dict(getattr(panel.system, part).stored)
    assert before[field] != stored
    await panel.set(platform, key, value)
    assert getattr(panel.system, part).stored == before | {field: stored}
    assert [write.part for write in panel.writes()] == [part]
    expected = "on" if value is True else str(value)
    assert panel.shown(platform, key) == expected
    await panel.set(platform, key, value)
    assert len(panel.writes()) == 1


async def test_start_and_end_that_are_moved_together_are_one_write(
    panel: Panel,
) -> None:
    await asyncio.gather(
        panel.set("time", "charge_start_2", "12:15"),
        panel.set("time", "charge_end_2", "14:00"),
        panel.set("number", "charge_limit", 70),
    )
    (write,) = panel.writes()
    assert write.asked["timeChaf2"] == "12:15"
    assert write.asked["timeChae2"] == "14:00"
    assert write.asked["batHighCap"] == 70
    assert panel.shown("time", "charge_end_2") == "14:00:00"


@pytest.mark.parametrize("value", ["12:10", "12:15:30", "23:59"])
async def test_a_time_off_the_grid_is_refused(panel: Panel, value: str) -> None:
    shown = panel.shown("time", "charge_start_2")
    with pytest.raises(ServiceValidationError) as caught:
        await panel.set("time", "charge_start_2", value)
    assert caught.value.translation_key == "off_grid_time"
    assert panel.writes() == []
    assert panel.shown("time", "charge_start_2") == shown


async def test_a_write_that_is_not_stored_is_not_shown(panel: Panel) -> None:
    panel.system.stores_writes = False
    shown = panel.shown("number", "charge_limit")
    with pytest.raises(HomeAssistantError) as caught:
        await panel.set("number", "charge_limit", 85)
    assert caught.value.translation_key == "write_unverified"
    assert panel.shown("number", "charge_limit") == shown


@pytest.mark.parametrize("key", ["charge_limit", "backup_reserve", "force_target"])
async def test_what_is_no_number_is_refused(panel: Panel, key: str) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await panel.set("number", key, float("nan"))
    assert caught.value.translation_key == "not_a_number"
    assert panel.writes() == []


async def test_a_weekly_store_needs_to_know_whether_it_is_on(panel: Panel) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await panel.set("number", "charge_power_1", 3000, SYSTEM_2)
    assert caught.value.translation_key == "flags_unknown"
    assert panel.writes(SYSTEM_2) == []


@pytest.mark.parametrize("options", [{"assume_enabled": True}])
async def test_a_weekly_store_is_changed_in_place(panel: Panel) -> None:
    before = panel.sim.systems[SYSTEM_2].periodic.stored
    await asyncio.gather(
        panel.set("number", "charge_power_1", 3000, SYSTEM_2),
        panel.set("time", "charge_start_1", "01:15", SYSTEM_2),
        panel.set("number", "charge_limit", 80, SYSTEM_2),
    )
    (write,) = panel.writes(SYSTEM_2)
    first, *others = write.asked["chargeTimeList"]
    expected = before["chargeTimeList"][0] | {
        "beginTime": "01:15",
        "chargePower": 3000,
        "chargeLimit": 80,
    }
    assert first == {key: expected[key] for key in first}
    assert len(others) == len(before["chargeTimeList"]) - 1
    assert panel.shown("time", "charge_start_1", SYSTEM_2) == "01:15:00"
    assert float(panel.shown("number", "charge_power_1", SYSTEM_2)) == 3000
    assert float(panel.shown("number", "charge_limit", SYSTEM_2)) == 80


async def test_switches_of_a_weekly_store_show_what_was_written(panel: Panel) -> None:
    await asyncio.gather(
        panel.set("switch", "grid_charge", True, SYSTEM_2),
        panel.set("switch", "discharge_time_control", False, SYSTEM_2),
    )
    (write,) = panel.writes(SYSTEM_2)
    assert (write.asked["gridChargeCycle"], write.asked["ctrDisCycle"]) == (1, 0)
    state = panel.state("switch", "grid_charge", SYSTEM_2)
    assert (state.state, state.attributes["assumed_state"]) == ("on", True)
    assert panel.shown("switch", "discharge_time_control", SYSTEM_2) == "off"


async def test_household_current_is_a_number(panel: Panel) -> None:
    await panel.set("number", "household_current", 16)
    assert [write.asked for write in panel.writes()] == [{"currentsetting": 16.0}]
    assert float(panel.shown("number", "household_current")) == 16


async def test_household_current_is_no_sensor_any_more(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    unique_id = f"{SYSTEM_1}_household_current"
    registry.async_get_or_create("sensor", DOMAIN, unique_id, config_entry=entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert registry.async_get_entity_id("number", DOMAIN, unique_id) is not None
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert registry.async_get_entity_id("sensor", DOMAIN, unique_id) is None
    assert registry.async_get_entity_id("number", DOMAIN, unique_id) is not None


async def test_a_charger_starts_and_stops(panel: Panel, step: Step) -> None:
    """The call waits until the charger does it; what is so already is not sent."""
    panel.sim.houses[SYSTEM_1].override(ev_plugged=True)
    await step(61)
    for key, status in (("ev_stop", "off"), ("ev_start", "on"), ("ev_stop", "off")):
        await panel.set("button", key, serial=CHARGER)
        assert panel.shown("binary_sensor", "ev_charging", CHARGER) == status
    asked = [write.asked["controlMode"] for write in panel.writes()]
    assert asked == [0, 1, 0]
    await panel.set("button", "ev_stop", serial=CHARGER)
    assert len(panel.writes()) == 3


async def test_a_charger_that_does_not_start_is_told(panel: Panel) -> None:
    """No car is plugged in."""
    panel.sim.houses[SYSTEM_1].override(ev_plugged=False)
    with pytest.raises(HomeAssistantError) as caught:
        await panel.set("button", "ev_start", serial=CHARGER)
    assert caught.value.translation_key == "write_unverified"


async def test_a_mode_is_shown_when_the_call_returns_and_goes_back(
    panel: Panel, step: Step
) -> None:
    before = panel.system.charge.stored
    panel.sim.houses[SYSTEM_1].override(soc=40, pv_w=0)
    await step(61)
    await panel.set("number", "force_duration", 30)
    await panel.set("select", "battery_mode", "force_charge")
    assert panel.shown("select", "battery_mode") == "force_charge"
    assert panel.shown("sensor", "control_state") == "starting"
    assert panel.shown("sensor", "control_ends").startswith("2026-05-12T10:3")
    assert panel.shown("sensor", "setting_writes_today") == "1"
    event = panel.state("event", "control_events")
    assert event.attributes["event_type"] == "started"
    await panel.set("select", "battery_mode", "self_use")
    assert panel.shown("select", "battery_mode") == "self_use"
    assert panel.shown("sensor", "control_state") == "idle"
    assert panel.shown("sensor", "control_ends") == "unknown"
    assert panel.system.charge.stored == before


async def test_a_mode_that_cannot_be_raises_as_the_action_does(panel: Panel) -> None:
    panel.sim.houses[SYSTEM_1].override(soc=90)
    await panel.entry.runtime_data.systems[SYSTEM_1].live.async_refresh()
    await panel.set("number", "force_target", 50)
    with pytest.raises(ServiceValidationError) as caught:
        await panel.set("select", "battery_mode", "force_charge")
    assert caught.value.translation_key == "soc_above_target"
    assert panel.shown("select", "battery_mode") == "self_use"
    assert panel.writes() == []


async def test_a_reload_keeps_what_runs(panel: Panel, step: Step) -> None:
    await panel.set("select", "battery_mode", "hold")
    await panel.hass.config_entries.async_reload(panel.entry.entry_id)
    await panel.hass.async_block_till_done(wait_background_tasks=True)
    assert panel.shown("select", "battery_mode") == "hold"
    assert len(panel.writes()) == 1
    await panel.set("select", "battery_mode", "self_use")


async def test_entities_cause_no_requests_of_their_own(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry)
    assert sim.counters.count("getTimeChargeBySn", system=SYSTEM_1) <= 1
    assert sim.counters.count("getChargeConfigInfo", system=SYSTEM_1) == 1

"""What a longer life brings: an unplugged battery, restarts of it, gone meters."""

from datetime import timedelta
import json
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy import async_remove_config_entry_device
from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, set_up
from .states import shown

ALWAYS_THERE = {"last_reported", "requests_today", "requests_left"}


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what people who read the log see of the integration."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO
        and record.name.startswith(f"custom_components.{DOMAIN}")
    ]


def states(hass: HomeAssistant) -> dict[str, str]:
    return {item.entity_id: item.state for item in hass.states.async_all()}


async def test_unplugged_battery(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line, everything unavailable within a minute or so, and back by itself."""
    await set_up(hass, entry)
    before = states(hass)
    readings = {
        key
        for key, value in before.items()
        if key.startswith(("sensor.", "binary_sensor."))
        and "control" not in key
        and "setting_writes" not in key
    }
    caplog.clear()
    await battery.stop()
    for _ in range(30):
        await step(10)
    gone = states(hass)
    assert {key for key in readings if gone[key] != STATE_UNAVAILABLE} == set()
    told = lines(caplog)
    assert len(told) == 1
    assert told[0].startswith("sonnenBatterie cannot be read")
    await battery.start()
    for _ in range(8):
        await step(10)
    after = states(hass)
    assert {key for key in readings if after[key] == STATE_UNAVAILABLE} == set()
    assert lines(caplog)[1:] == ["sonnenBatterie can be read again"]
    assert entry.state is ConfigEntryState.LOADED


async def test_short_outage_is_not_seen(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Two polls that fail hide nothing and tell nobody."""
    await set_up(hass, entry)
    caplog.clear()
    await battery.stop()
    await step(10)
    await step(10)
    assert shown(hass, "battery_soc") != STATE_UNAVAILABLE
    await battery.start()
    await step(10)
    assert lines(caplog) == []


async def test_nightly_restart_shows_no_zeros(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """While the battery starts, nothing is shown instead of 0 %."""
    battery.house.override(pv_w=0, load_w=500, soc=70)
    await set_up(hass, entry)
    seen: set[str] = set()
    energies = []
    battery.nightly_reset(minutes=2, boot_minutes=2)
    for _ in range(40):
        await step(10)
        seen |= {shown(hass, "battery_soc"), shown(hass, "usable_capacity")}
        energies.append(shown(hass, "load_energy_total"))
    assert STATE_UNAVAILABLE in seen
    assert not {"0", "0.0", "unknown"} & seen
    assert shown(hass, "battery_soc") != STATE_UNAVAILABLE
    counted = [float(value) for value in energies if value != STATE_UNAVAILABLE]
    assert counted == sorted(counted)


@pytest.mark.parametrize(
    "endpoint", ["latestdata", "battery", "powermeter", "inverter", "configurations"]
)
async def test_each_document_fails_on_its_own(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
) -> None:
    """One broken endpoint takes only its own entities away."""
    await set_up(hass, entry)
    sim.faults.add("status", endpoint, status=500)
    for _ in range(24):
        await step(10)
    own = {
        "latestdata": "bms_state",
        "battery": "cycle_count",
        "powermeter": "meter_production_4_1_energy_imported",
        "inverter": "inverter_temperature",
    }
    for other, key in own.items():
        assert (shown(hass, key) == STATE_UNAVAILABLE) is (other == endpoint), key
    assert shown(hass, "battery_soc") != STATE_UNAVAILABLE
    assert shown(hass, "activity_state") != STATE_UNAVAILABLE


async def test_meter_that_is_gone(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Its entities become unavailable, and only then its device may be deleted."""
    await set_up(hass, entry)
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, f"{SERIAL}_meter_production_4_1"), entry.entry_id
    )
    assert device is not None
    assert not await async_remove_config_entry_device(hass, entry, device)
    meters: list[Any] = json.loads(json.dumps(entry.runtime_data.meters.raw))
    meters = [meter for meter in meters if meter["direction"] != "production"]
    sim.faults.add("replace", "powermeter", body=json.dumps(meters))
    await step(60)
    key = "meter_production_4_1_energy_imported"
    assert shown(hass, key) == STATE_UNAVAILABLE
    assert await async_remove_config_entry_device(hass, entry, device)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, device)


@pytest.mark.parametrize("deleted", [False, True])
async def test_meter_that_comes_back(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    deleted: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its entities show it again, also when they had been deleted meanwhile."""
    await set_up(hass, entry)
    key = "meter_production_4_1_energy_imported"
    before = shown(hass, key)
    meters: list[Any] = json.loads(json.dumps(entry.runtime_data.meters.raw))
    sim.faults.add("replace", "powermeter", body=json.dumps(meters[1:]))
    await step(60)
    if deleted:
        registry = dr.async_get(hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, f"{SERIAL}_meter_production_4_1"), entry.entry_id
        )
        assert device is not None
        assert await async_remove_config_entry_device(hass, entry, device)
        registry.async_remove_device(device.id)
        await hass.async_block_till_done()
    sim.faults.clear()
    for _ in range(7):
        await step(10)
    assert float(shown(hass, key)) == pytest.approx(float(before), abs=1)
    assert "unique ID" not in caplog.text


async def test_damaged_options(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Senseless options count as not set."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"live_interval": "abc"})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.live.document.interval == timedelta(seconds=10)


async def test_damaged_notes(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What stands in our own file may be nonsense."""
    await set_up(hass, entry)
    account = entry.runtime_data.account
    await hass.config_entries.async_unload(entry.entry_id)
    for note in ("seen", "day", "full_since"):
        account.note(f"{SERIAL}/{note}", 7)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(10)
    assert entry.state is ConfigEntryState.LOADED
    assert float(shown(hass, "solar_energy_today")) >= 0


async def test_slow_cadence_stays_available(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Who reads as seldom as can be sees values all the time."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"live_interval": 20})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(30):
        await step(10)
        assert shown(hass, "battery_soc") != STATE_UNAVAILABLE


async def test_home_moves_to_another_zone(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Days begin at the new zone's midnight at once."""
    await set_up(hass, entry)
    await hass.config.async_update(time_zone="Australia/Sydney")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert str(entry.runtime_data.zone) == "Australia/Sydney"
    assert entry.state is ConfigEntryState.LOADED


async def test_full_since_survives_a_restart(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """The battery tells nothing of it while it is full, so it is remembered."""
    battery.house.override(pv_w=3000, load_w=500, soc=100)
    await set_up(hass, entry)
    full = shown(hass, "last_time_full")
    for _ in range(60):
        await step(10)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(60)
    assert shown(hass, "last_time_full") == full
    assert dt_util.parse_datetime(full) is not None


async def test_removed_entry_leaves_nothing_but_the_budget(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """A new entry for the same battery begins anew, and is no burst."""
    await set_up(hass, entry)
    account = entry.runtime_data.account
    assert account.documents
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (account.documents, account.counters, account.notes) == ({}, {}, {})
    assert account.budget.requests_today > 0


async def test_removing_a_damaged_entry(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """An entry that never worked goes without a word."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"host": "127.0.0.1"})
    assert await hass.config_entries.async_remove(entry.entry_id)


@pytest.mark.parametrize(
    ("fault", "issue", "polls"),
    [
        # A single 404 may be that of a start.
        ({"kind": "status", "status": 404}, "no_api", 3),
        ({"kind": "redirect", "location": "https://127.0.0.1/x"}, "use_https", 1),
    ],
)
async def test_issues_come_and_go(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    fault: dict[str, Any],
    issue: str,
    polls: int,
) -> None:
    """What only people can mend is told as long as it is so."""
    await set_up(hass, entry)
    registry = ir.async_get(hass)

    def keys() -> list[str]:
        return [item.translation_key or "" for item in registry.issues.values()]

    kind = fault.pop("kind")
    for _ in range(2):
        sim.faults.add(kind, "status", **fault)
        for _ in range(polls - 1):
            await step(10)
            assert keys() == []
        await step(10)
        assert keys() == [issue]
        sim.faults.clear()
        await step(10)
        assert keys() == []
    sim.faults.add(kind, "status", **fault)
    for _ in range(polls):
        await step(10)
    assert keys() == [issue]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert keys() == []


async def test_another_integration_is_told(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Two that control one battery work against each other."""
    other = MockConfigEntry(domain="sonnenbackup", state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    await set_up(hass, entry)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "other_integration"
    await hass.config_entries.async_remove(entry.entry_id)
    assert not ir.async_get(hass).issues

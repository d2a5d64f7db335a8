"""Energies that are integrated, and those that the meters count (reference 9.2)."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache_with_extra_data,
)

from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, set_up
from .states import entity_id, shown

METER = "meter_production_4_1_energy_imported"


def kwh(hass: HomeAssistant, key: str) -> float:
    return float(shown(hass, key))


async def run(step: Step, minutes: float) -> None:
    for _ in range(round(minutes * 6)):
        await step(10)


async def test_an_hour_of_export_and_import(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """What flows is counted in its direction, and only there."""
    battery.house.override(pv_w=3000, load_w=1000, soc=100)
    await set_up(hass, entry)
    await run(step, 60)
    assert kwh(hass, "solar_energy_total") == pytest.approx(3, abs=0.02)
    assert kwh(hass, "load_energy_total") == pytest.approx(1, abs=0.02)
    assert kwh(hass, "export_energy_total") == pytest.approx(1.98, abs=0.05)
    assert kwh(hass, "import_energy_total") == 0
    assert kwh(hass, "battery_discharge_energy_total") == 0
    for flow in ("solar", "load", "export"):
        total = kwh(hass, f"{flow}_energy_total")
        assert kwh(hass, f"{flow}_energy_today") == total
    battery.house.override(pv_w=0, load_w=1000, soc=60)
    before = kwh(hass, "export_energy_total")
    await run(step, 30)
    assert kwh(hass, "battery_discharge_energy_total") == pytest.approx(0.5, abs=0.05)
    assert kwh(hass, "export_energy_total") == pytest.approx(before, abs=0.01)


async def test_nothing_is_counted_twice_or_lost_by_reloads(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Ten reloads in ten minutes are ten minutes of energy."""
    battery.house.override(pv_w=6000, load_w=500, soc=100)
    await set_up(hass, entry)
    for _ in range(10):
        await run(step, 1)
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    await step(10)
    assert kwh(hass, "solar_energy_total") == pytest.approx(1, abs=0.03)


async def test_an_outage_is_a_gap(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody knows what flowed in an hour that was not read, so nothing is counted."""
    battery.house.override(pv_w=6000, load_w=500, soc=100)
    await set_up(hass, entry)
    await run(step, 1)
    before = kwh(hass, "solar_energy_total")
    await battery.stop()
    await run(step, 30)
    await battery.start()
    await run(step, 1)
    assert kwh(hass, "solar_energy_total") == pytest.approx(before + 0.1, abs=0.06)


@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 50, tzinfo=UTC)])
async def test_today_begins_at_midnight(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """The day's energy starts anew, the total goes on; also without a battery."""
    battery.house.override(pv_w=0, load_w=3600, soc=7)
    await set_up(hass, entry)
    await run(step, 9.5)
    today = kwh(hass, "import_energy_today")
    assert today == pytest.approx(0.57, abs=0.02)
    await run(step, 1)
    after = kwh(hass, "import_energy_today")
    assert 0 <= after < 0.05
    assert kwh(hass, "import_energy_total") == pytest.approx(0.63, abs=0.02)
    await run(step, 5)
    assert kwh(hass, "import_energy_today") == pytest.approx(after + 0.3, abs=0.02)


@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 21, 59, tzinfo=UTC)])
async def test_today_after_a_restart_over_midnight(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Yesterday's energy is not today's."""
    battery.house.override(pv_w=0, load_w=3600, soc=7)
    await set_up(hass, entry)
    await run(step, 0.5)
    await hass.config_entries.async_unload(entry.entry_id)
    await step(120)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert kwh(hass, "import_energy_today") <= 0.15
    assert kwh(hass, "import_energy_total") >= 0.03


@pytest.mark.parametrize(
    ("shown_at", "today"),
    [(timedelta(minutes=-5), 1.25), (timedelta(days=-1), 0.0)],
)
async def test_lost_file_does_not_begin_at_zero(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    shown_at: timedelta,
    today: float,
) -> None:
    """Where our own file is gone, what Home Assistant last showed is the floor."""
    battery.house.override(pv_w=3600, load_w=100, soc=100)
    await set_up(hass, entry)
    ids = {
        kind: entity_id(hass, f"solar_energy_{kind}") or ""
        for kind in ("total", "today")
    }
    account = entry.runtime_data.account
    await hass.config_entries.async_unload(entry.entry_id)
    account.counters.clear()
    account.notes.clear()
    account.documents.clear()
    at = dt_util.utcnow() + shown_at
    values = {"total": 4321.5, "today": 1.25}
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                State(ids[kind], str(value), last_reported=at, last_updated=at),
                {"native_value": value, "native_unit_of_measurement": "kWh"},
            )
            for kind, value in values.items()
        ],
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert kwh(hass, "solar_energy_total") == 4321.5
    assert kwh(hass, "solar_energy_today") == today
    await run(step, 10)
    assert kwh(hass, "solar_energy_total") == pytest.approx(4322.1, abs=0.02)
    assert kwh(hass, "solar_energy_today") == pytest.approx(today + 0.6, abs=0.02)


async def test_clock_that_is_put_back_begins_no_day_again(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The day's energy does not fall because the time did."""
    battery.house.override(pv_w=3600, load_w=100, soc=100)
    await set_up(hass, entry)
    await run(step, 5)
    energies = entry.runtime_data.energies
    before = energies.today("solar")
    freezer.move_to(dt_util.utcnow() - timedelta(hours=14))
    assert energies.today("solar") == before


async def test_meter_that_cannot_be_read(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Its zeros are no reset of the counter (9.2)."""
    await set_up(hass, entry)
    before = kwh(hass, METER)
    assert before > 0
    battery.change(broken_meters={"production"})
    await run(step, 12)
    assert kwh(hass, METER) == before


@pytest.mark.parametrize("share", [0.0, 0.5, 0.995])
async def test_meter_never_dips(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    share: float,
) -> None:
    """A zero, a jump back or jitter that stays the same is held."""
    await set_up(hass, entry)
    before = kwh(hass, METER)
    meters: list[Any] = json.loads(json.dumps(entry.runtime_data.meters.raw))
    meters[0]["kwh_imported"] = before * share
    sim.faults.add("replace", "powermeter", body=json.dumps(meters))
    await run(step, 5)
    assert kwh(hass, METER) == before


async def test_a_new_meter_is_believed(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A meter that counts from 0 on is another one."""
    await set_up(hass, entry)
    meters: list[Any] = json.loads(json.dumps(entry.runtime_data.meters.raw))
    for n in range(12):
        meters[0]["kwh_imported"] = 0.1 * (n + 1)
        fault = sim.faults.add("replace", "powermeter", body=json.dumps(meters))
        await run(step, 1)
        sim.faults.remove(fault.number)
    assert kwh(hass, METER) == pytest.approx(1.2, abs=0.2)


async def test_serial_is_in_no_key_twice(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """What is stored of one battery begins with its key, so that it can be forgotten."""
    await set_up(hass, entry)
    account = entry.runtime_data.account
    for section in (account.counters, account.documents):
        assert section
        assert all(key.startswith(f"{SERIAL}/") for key in section)


async def test_a_first_zero_of_a_meter_is_not_believed_at_once(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The rest of its count would be taken for today's energy."""
    fault = sim.faults.add(
        "mutate", "powermeter", field="0.kwh_imported", value=0, count=1
    )
    await set_up(hass, entry)
    assert entity_id(hass, METER) is None
    assert fault.count == 0
    await run(step, 2)
    assert kwh(hass, METER) > 1

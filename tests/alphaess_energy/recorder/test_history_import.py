"""The past of a simulated house in the recorder (alphaess.md section 7)."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.alphaess_energy._vendor.core.ha.history_import import Progress
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator
from simulator.energy import Energy
from simulator.house import House
from tests.alphaess_energy.conftest import NOON, SYSTEM_1, Step, set_up

from .conftest import HOUR, ReadRows, assert_sums, between

DAY = timedelta(days=1)
TODAY = date(2026, 5, 12)
SOLAR = f"{DOMAIN}:al7011024010101_solar_energy"
# What each statistic is in the house
TRUTH = {
    "solar": "solar_wh",
    "import": "import_wh",
    "export": "export_wh",
    "battery_charge": "charge_wh",
    "battery_discharge": "discharge_wh",
    "load": "load_wh",
    "ev": "ev_wh",
}


@pytest.fixture
def zone() -> str:
    """Where house and Home Assistant are."""
    return "Europe/Berlin"


@pytest.fixture
async def sim(
    hass: HomeAssistant, alphaess: None, zone: str, start_time: datetime
) -> AsyncGenerator[AlphaEssSimulator]:
    """One house, installed ten days ago."""
    await hass.config.async_set_time_zone(zone)
    installed = start_time.astimezone(ZoneInfo(zone)).date() - 10 * DAY
    simulator = AlphaEssSimulator(homes=1, time_zone=zone, installed=installed)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def house(sim: AlphaEssSimulator) -> House:
    """The truth."""
    return sim.houses[SYSTEM_1]


def statistic(key: str) -> str:
    return f"{DOMAIN}:al7011024010101_{key}_energy"


def history(entry: MockConfigEntry) -> Any:
    return entry.runtime_data.systems[SYSTEM_1].history


async def import_days(
    hass: HomeAssistant, entry: MockConfigEntry, first: date, last: date
) -> Progress:
    history(entry).start(first, last)
    await hass.async_block_till_done(wait_background_tasks=True)
    progress: Progress = history(entry).progress
    return progress


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def energy_on(house: House, day: date) -> Energy:
    energy = house.energy_on(day)
    assert energy is not None
    return energy


async def test_the_rows_are_the_houses_energy(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    house: House,
    rows: ReadRows,
    zone: str,
) -> None:
    """Each day's rows make its totals, and each hour is near the truth."""
    await set_up(hass, entry)
    first = TODAY - 3 * DAY
    progress = await import_days(hass, entry, first, TODAY - DAY)
    assert (progress.state, progress.hours) == ("finished", 7 * 72)
    for key, name in TRUTH.items():
        found = await rows(statistic(key))
        assert_sums(found)
        assert list(found)[0] == midnight(first, zone)
        assert len(found) == 72
        for day in (first + n * DAY for n in range(3)):
            start, end = midnight(day, zone), midnight(day + DAY, zone)
            kwh = getattr(energy_on(house, day), name) / 1000
            # The load is the balance of five values of two decimals each.
            rounding = 0.026 if key == "load" else 0.006
            assert between(found, start, end) == pytest.approx(kwh, abs=rounding)
    solar = await rows(SOLAR)
    for hour, (kwh, _) in solar.items():
        records = [
            record.pv_w / 12_000
            for record in house.records(hour.astimezone(ZoneInfo(zone)).date())
            if hour <= record.start < hour + HOUR
        ]
        assert kwh == pytest.approx(sum(records), abs=0.15)


async def test_twice_and_backwards(
    hass: HomeAssistant, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """In one go, again, and an older range after a newer one: the same rows."""
    await set_up(hass, entry)
    await import_days(hass, entry, TODAY - 2 * DAY, TODAY - DAY)
    newer = await rows(SOLAR)
    await import_days(hass, entry, TODAY - 4 * DAY, TODAY - 3 * DAY)
    whole = await rows(SOLAR)
    assert_sums(whole)
    assert len(whole) == 96
    assert all(whole[hour][0] == kwh for hour, (kwh, _) in newer.items())
    await import_days(hass, entry, TODAY - 4 * DAY, TODAY - DAY)
    again = await rows(SOLAR)
    assert {h: pytest.approx(row, abs=1e-6) for h, row in whole.items()} == again


async def test_until_the_live_sensor(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    house: House,
    rows: ReadRows,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The last row is the hour before the live sensor's first one, now and later."""
    assert await async_setup_component(hass, "sensor", {})
    await set_up(hass, entry)
    sensor = "sensor.alphaess_smile5_inv_solar_energy_today"
    assert hass.states.get(sensor) is not None
    await import_days(hass, entry, TODAY - DAY, TODAY)
    before = await rows(SOLAR)
    assert list(before)[-1] == NOON - HOUR
    # Three hours with the recorder's own work
    for minute in range(0, 180, 5):
        while datetime.now(UTC) < NOON + timedelta(minutes=minute + 5):
            await step(60)
        await async_wait_recording_done(hass)
        do_adhoc_statistics(hass, start=NOON + timedelta(minutes=minute))
        await async_wait_recording_done(hass)
    live = await rows(sensor)
    assert list(live) == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    await import_days(hass, entry, TODAY - DAY, TODAY)
    after = await rows(SOLAR)
    assert list(after) == list(before)
    assert_sums(after)
    # Both sources together are the day, but for what the sensor did not see begin
    total = between(after, midnight(TODAY, "Europe/Berlin"), NOON)
    total += live[NOON + 2 * HOUR][1]
    assert total == pytest.approx(energy_on(house, TODAY).solar_wh / 1000, abs=0.6)


@pytest.mark.usefixtures("hass_storage")
@pytest.mark.parametrize("crash", [False, True])
async def test_a_restart_in_the_middle(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    rows: ReadRows,
    sim: AlphaEssSimulator,
    crash: bool,
) -> None:
    """The job goes on and leaves the rows of one that was never interrupted."""
    await set_up(hass, entry)
    first, last = TODAY - 5 * DAY, TODAY - DAY
    unloads = []

    @callback
    def stop(event: str, progress: Progress) -> None:
        if event == "progress" and progress.next_day == first + 2 * DAY:
            unloads.append(
                hass.async_create_task(hass.config_entries.async_unload(entry.entry_id))
            )

    work, account = history(entry), entry.runtime_data.account
    work.async_listen(stop)
    work.start(first, last)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(unloads) == 1
    job = work.progress
    assert job.state == "running"
    assert first + 2 * DAY <= job.next_day < last
    if crash:
        # What the file holds is all that is left
        await account.async_save()
        hass.data.pop(f"{DOMAIN}.accounts")
    sim.counters.reset()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    progress = history(entry).progress
    assert (progress.job_id, progress.state) == (job.job_id, "finished")
    assert sim.counters.count("getOneDayPowerBySn") == (last - job.next_day).days + 1
    found = await rows(SOLAR)
    assert_sums(found)
    assert len(found) == 5 * 24
    await import_days(hass, entry, first, last)
    assert await rows(SOLAR) == found


@pytest.mark.parametrize(
    ("start_time", "changed", "hours"),
    [
        (datetime(2026, 3, 31, 10, tzinfo=UTC), date(2026, 3, 29), 23),
        (datetime(2026, 10, 27, 10, tzinfo=UTC), date(2026, 10, 25), 25),
    ],
)
@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
async def test_days_of_23_and_25_hours(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: AlphaEssSimulator,
    house: House,
    rows: ReadRows,
    zone: str,
    changed: date,
    hours: int,
    order: Any,
) -> None:
    """All hours of the day on which the clocks change, and its totals."""
    sim.systems[SYSTEM_1].series_order = order
    await set_up(hass, entry)
    await import_days(hass, entry, changed - DAY, changed + DAY)
    for key in ("solar", "load", "battery_discharge"):
        found = await rows(statistic(key))
        assert_sums(found)
        assert len(found) == 48 + hours
        start, end = midnight(changed, zone), midnight(changed + DAY, zone)
        kwh = getattr(energy_on(house, changed), TRUTH[key]) / 1000
        assert between(found, start, end) == pytest.approx(kwh, abs=0.03)
    load = await rows(statistic("load"))
    for hour in (midnight(changed, zone) + n * HOUR for n in range(5)):
        records = [
            r.load_w for r in house.records(changed) if hour <= r.start < hour + HOUR
        ]
        assert load[hour][0] == pytest.approx(sum(records) / 12_000, abs=0.1)


@pytest.mark.parametrize(
    ("zone", "start_time", "first"),
    [
        ("Asia/Kolkata", datetime(2026, 5, 12, 6, tzinfo=UTC), date(2026, 5, 7)),
        ("Australia/Adelaide", datetime(2026, 4, 8, 2, tzinfo=UTC), date(2026, 4, 3)),
        ("Australia/Adelaide", datetime(2026, 10, 8, 2, tzinfo=UTC), date(2026, 10, 2)),
    ],
)
async def test_zones_of_half_an_hour(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    house: House,
    rows: ReadRows,
    zone: str,
    first: date,
) -> None:
    """Hours that two days share are complete, also when the imports end there."""
    await set_up(hass, entry)
    last = first + 3 * DAY
    await import_days(hass, entry, first, first + DAY)
    await import_days(hass, entry, first + 2 * DAY, last)
    start, end = midnight(first, zone), midnight(last + DAY, zone)
    start, end = start.replace(minute=0), end.replace(minute=0)
    records = [
        record
        for n in range(-1, 5)
        for record in house.records(first + n * DAY)
        if start <= record.start < end
    ]
    for key, name in (("solar", "pv_w"), ("load", "load_w"), ("import", "import_w")):
        found = await rows(statistic(key))
        assert_sums(found)
        assert (list(found)[0], list(found)[-1]) == (start, end - HOUR)
        kwh = sum(getattr(record, name) for record in records) / 12_000
        assert between(found, start, end) == pytest.approx(kwh, abs=0.06)
    once = await rows(statistic("load"))
    await import_days(hass, entry, first, last)
    assert await rows(statistic("load")) == {
        hour: pytest.approx(row, abs=1e-6) for hour, row in once.items()
    }


async def test_before_the_installation(
    hass: HomeAssistant, entry: MockConfigEntry, house: House, rows: ReadRows, zone: str
) -> None:
    """Days that are blank leave no rows; nor does a car that did not charge."""
    await set_up(hass, entry)
    first = house.installed - 3 * DAY
    progress = await import_days(hass, entry, first, house.installed)
    assert energy_on(house, house.installed).ev_wh == 0
    assert (progress.blank_days, progress.hours) == (3, 6 * 24)
    assert list(await rows(SOLAR))[0] == midnight(house.installed, zone)


async def test_sun_that_the_curve_does_not_tell(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: AlphaEssSimulator,
    house: House,
    rows: ReadRows,
    zone: str,
) -> None:
    """The day's solar energy lies where the sun was."""
    sim.systems[SYSTEM_1].five_minute_pv_zero = True
    await set_up(hass, entry)
    day = TODAY - DAY
    await import_days(hass, entry, day, day)
    found = await rows(SOLAR)
    kwh = energy_on(house, day).solar_wh / 1000
    assert between(found, midnight(day, zone), midnight(TODAY, zone)) == pytest.approx(
        kwh, abs=0.006
    )
    by_day = between(
        found, midnight(day, zone) + 5 * HOUR, midnight(day, zone) + 21 * HOUR
    )
    assert by_day > 0.97 * kwh

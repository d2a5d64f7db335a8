"""The past of a simulated house as statistics (isolarcloud.md section 7)."""

from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.past import SERIES
from simulator.sungrow import SungrowSimulator
from tests.recorder_rows import ReadRows, Rows
from tests.sungrow_energy.conftest import ZONE, set_up
from tests.sungrow_energy.entities import shown
from tests.sungrow_energy.platforms import only
from tests.sungrow_energy.test_services import ask

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = date(2026, 5, 12)
PLANT = "5123456"
# What each statistic is in the house
TRUTH = {
    "solar": "solar_wh",
    "import": "import_wh",
    "export": "export_wh",
    "battery_charge": "charge_wh",
    "battery_discharge": "discharge_wh",
    "load": "load_wh",
}


@pytest.fixture(autouse=True)
def strict(sim: SungrowSimulator) -> None:
    """Whoever asks for a day that is not over gets nothing at all."""
    sim.cloud.history_future = "refused"


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, first: date, last: date, **data: Any
) -> Any:
    """Start an import by the action and let it come to its end."""
    answer = await ask(
        hass,
        entry,
        "import_history",
        f"plant_{PLANT}",
        start=first.isoformat(),
        end=last.isoformat(),
        **data,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer


def midnight(day: date) -> datetime:
    """Return when a day of the plant begins."""
    return datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC)


def between(rows: Rows, first: date, last: date) -> float:
    """Return the energy of some days, both included."""
    start, end = midnight(first), midnight(last + DAY)
    return sum(kwh for hour, (kwh, _) in rows.items() if start <= hour < end)


def truth(sim: SungrowSimulator, name: str, first: date, last: date) -> float:
    """Return what the house did on some days, kWh."""
    house, day, total = sim.plants[0].house, first, 0.0
    while day <= last:
        energy = house.energy_on(day)
        assert energy is not None
        total += getattr(energy, name) / 1000
        day += DAY
    return total


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_the_rows_are_the_houses_energy(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """Each day's hours make the day, within the quota, without a gap at midnight."""
    await set_up(hass, entry)
    first, last = TODAY - 2 * DAY, TODAY - DAY
    job = await begin(hass, entry, first, last)
    assert job["days"] == 2
    assert sim.quota.broken == 0
    assert shown(hass, f"plant_{PLANT}_history_import") == "100"
    for key, name in TRUTH.items():
        found = await rows(f"{DOMAIN}:{PLANT}_{key}_energy")
        assert between(found, first, last) == pytest.approx(
            truth(sim, name, first, last), abs=0.4
        ), key
        total = 0.0
        for kwh, running in found.values():
            assert kwh >= 0
            total += kwh
            assert running == pytest.approx(total, abs=0.002)


async def test_the_hour_of_a_sample_ends_with_it(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """What the counter of 10:00 gained belongs to 9:00 (section 10.17)."""
    with only():
        await set_up(hass, entry)
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    found = await rows(f"{DOMAIN}:{PLANT}_solar_energy")
    # In the morning each hour differs from its neighbours
    start = midnight(TODAY - DAY) + 8 * HOUR
    kwh = sum(
        record.pv_w / 12 / 1000
        for record in sim.plants[0].house.records(TODAY - DAY)
        if start <= record.start < start + HOUR
    )
    assert found[start][0] == pytest.approx(kwh, rel=0.02)


@pytest.fixture
def load_only() -> Generator[None]:
    """Import one statistic that has something in the last hour of a day."""
    with patch.dict(SERIES, {"load": SERIES["load"]}, clear=True):
        yield


@pytest.mark.usefixtures("load_only")
async def test_the_newest_day_has_its_last_hour(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    rows: ReadRows,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whether or not the sample that ends it is there, and also after the next day."""
    sim.cloud.history_midnight = False
    with only():
        await set_up(hass, entry)
    statistic, hour = f"{DOMAIN}:{PLANT}_load_energy", midnight(TODAY) - HOUR
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    found = await rows(statistic)
    kwh = sum(
        record.load_w / 12 / 1000
        for record in sim.plants[0].house.records(TODAY - DAY)
        if record.start >= hour
    )
    assert found[hour][0] == pytest.approx(kwh * 11 / 12, rel=0.2)
    freezer.tick(DAY)
    await begin(hass, entry, TODAY, TODAY)
    again = await rows(statistic)
    assert again[hour] == found[hour]
    assert len(again) == len(found) + 24


async def test_again_is_the_same(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The same days once more change nothing."""
    with only():
        await set_up(hass, entry)
    statistic = f"{DOMAIN}:{PLANT}_load_energy"
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    before = await rows(statistic)
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    again = await rows(statistic)
    assert len(before) >= 23
    assert again == {hour: pytest.approx(row, abs=1e-3) for hour, row in before.items()}


@pytest.mark.usefixtures("solar_only")
async def test_days_over_hours_count_nothing_twice(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """A day's total stands in its last hour, and the others become zero."""
    with only():
        await set_up(hass, entry)
    statistic = f"{DOMAIN}:{PLANT}_solar_energy"
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    first, last = TODAY - 10 * DAY, TODAY - DAY
    asked = sim.quota.total
    await begin(hass, entry, first, last, resolution="day")
    assert sim.quota.total - asked < 5
    found = await rows(statistic)
    whole = truth(sim, "solar_wh", first, last)
    assert between(found, first, last) == pytest.approx(whole, rel=0.02)
    filled = {hour for hour, (kwh, _) in found.items() if kwh}
    assert filled == {midnight(first + n * DAY) - HOUR for n in range(1, 11)}


@pytest.fixture
def solar_only() -> Generator[None]:
    """Import one statistic: each day of each takes the recorder some time."""
    with patch.dict(SERIES, {"solar": SERIES["solar"]}, clear=True):
        yield


@pytest.mark.usefixtures("solar_only")
async def test_months_are_whole(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """Each stands in its last hour, from its first day to its last one."""
    with only():
        await set_up(hass, entry)
    job = await begin(
        hass, entry, date(2026, 4, 15), date(2026, 4, 20), resolution="month"
    )
    assert job["days"] == 30
    found = await rows(f"{DOMAIN}:{PLANT}_solar_energy")
    filled = {hour: kwh for hour, (kwh, _) in found.items() if kwh}
    assert set(filled) == {midnight(date(2026, 5, 1)) - HOUR}
    april = truth(sim, "solar_wh", date(2026, 4, 1), date(2026, 4, 30))
    assert filled[midnight(date(2026, 5, 1)) - HOUR] == pytest.approx(april, rel=0.02)


@pytest.mark.usefixtures("solar_only")
async def test_a_month_that_is_not_over_comes_by_days(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    rows: ReadRows,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nothing of it is lost, also where the job goes on after the month's end."""
    with only():
        await set_up(hass, entry)
    first, last = date(2026, 5, 1), TODAY - DAY
    await begin(hass, entry, first, last, resolution="month")
    found = await rows(f"{DOMAIN}:{PLANT}_solar_energy")
    filled = {hour: kwh for hour, (kwh, _) in found.items() if kwh}
    assert set(filled) == {midnight(first + n * DAY) - HOUR for n in range(1, 12)}
    whole = truth(sim, "solar_wh", first, last)
    assert between(found, first, last) == pytest.approx(whole, rel=0.02)
    freezer.move_to(midnight(date(2026, 6, 2)))
    runtime = entry.runtime_data
    again = await runtime.histories._source(runtime.plants[PLANT]).read_day(last)
    assert sum(again["solar"].values()) == filled[midnight(TODAY) - HOUR]


@pytest.mark.usefixtures("solar_only")
async def test_days_are_asked_for_anew_by_each_import(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """The cloud may have had yesterday late."""
    with only():
        await set_up(hass, entry)
    endpoint = "platform/getPowerStationPointDayMonthYearDataList"
    for count in (1, 2):
        await begin(hass, entry, TODAY - DAY, TODAY - DAY, resolution="day")
        assert sim.counters.count(endpoint) == count


async def test_counters_of_devices_where_the_plant_has_none(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The battery's are its hybrid's, as the sensor has it."""
    sim.cloud.ems_points = False
    with only():
        await set_up(hass, entry)
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    found = await rows(f"{DOMAIN}:{PLANT}_battery_charge_energy")
    whole = truth(sim, "charge_wh", TODAY - DAY, TODAY - DAY)
    assert between(found, TODAY - DAY, TODAY - DAY) == pytest.approx(whole, abs=0.4)


async def test_days_that_the_options_ask_for(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """They are imported after the set-up, once."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"history_days": 1})
    with only():
        await set_up(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert await rows(f"{DOMAIN}:{PLANT}_solar_energy")
    endpoint = "platform/getPowerStationPointMinuteDataList"
    asked = sim.counters.count(endpoint)
    assert asked == 8
    with only():
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count(endpoint) == asked


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ((TODAY - 2 * DAY, TODAY - 3 * DAY), "wrong_range"),
        ((TODAY - 400 * DAY, TODAY - DAY), "wrong_range"),
        ((TODAY - DAY, TODAY), "history_until_yesterday"),
    ],
)
async def test_ranges(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    days: tuple[date, date],
    error: str,
) -> None:
    """Only what the cloud keeps can be had."""
    with only():
        await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as refused:
        await begin(hass, entry, *days)
    assert refused.value.translation_key == error

"""Hours of energy in the recorder (conventions of long-term statistics)."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.components.recorder.tasks import ImportStatisticsTask
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.alphaess_energy._vendor.core.ha.statistics import (
    EnergyStatistic,
    async_first_live_hour,
    async_write_hours,
    hour_of,
)
from custom_components.alphaess_energy.const import DOMAIN

from .conftest import ReadRows, Rows

SOLAR = EnergyStatistic(
    statistic_id=f"{DOMAIN}:al7011024010101_solar_energy",
    name="AlphaESS SMILE5-INV 0101 solar",
    live_entity="sensor.solar_energy_today",
)
FIRST = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 12, 10, 40, tzinfo=UTC)
ENERGY_ATTRIBUTES = {
    "device_class": SensorDeviceClass.ENERGY,
    "state_class": SensorStateClass.TOTAL_INCREASING,
    "unit_of_measurement": "kWh",
}

type Energies = dict[datetime, float]


def day(number: int, kwh: float = 1.0) -> Energies:
    """Return the energies of a day, each hour another one."""
    return {
        FIRST + number * 24 * HOUR + hour * HOUR: kwh * (number + 1) + hour / 3
        for hour in range(24)
    }


async def write(hass: HomeAssistant, hours: Energies, before: datetime = LATER) -> int:
    return await async_write_hours(hass, DOMAIN, SOLAR, hours, before)


def assert_rows(found: Rows, expected: Energies) -> None:
    """Each hour has its energy, and its sum is that of all up to it."""
    hours = sorted(expected)
    assert list(found) == hours
    sums = accumulate(expected[hour] for hour in hours)
    for hour, total in zip(hours, sums, strict=True):
        assert found[hour] == pytest.approx((expected[hour], total), abs=5e-3)


async def test_a_day(hass: HomeAssistant, rows: ReadRows) -> None:
    """A row per hour, a statistic with a name and a unit."""
    assert await write(hass, day(0)) == 24
    assert_rows(await rows(SOLAR.statistic_id), day(0))
    [statistic] = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {SOLAR.statistic_id}
    )
    assert statistic["name"] == SOLAR.name
    assert statistic["has_sum"] is True
    assert statistic["mean_type"] is StatisticMeanType.NONE
    assert statistic["unit_class"] == "energy"
    assert statistic["statistics_unit_of_measurement"] == "kWh"
    assert statistic["source"] == DOMAIN


async def test_twice_is_the_same(hass: HomeAssistant, rows: ReadRows) -> None:
    """Not a digit changes when days are written again, whichever."""
    for number in range(4):
        await write(hass, day(number))
    once = await rows(SOLAR.statistic_id)
    for number in (1, 0, 3, 2, 2):
        await write(hass, day(number))
        assert await rows(SOLAR.statistic_id) == once


@pytest.mark.parametrize("seed", range(4))
async def test_any_order(hass: HomeAssistant, rows: ReadRows, seed: int) -> None:
    """An older range after a newer one shifts the newer one's sums."""
    days = [0, 1, 3, 6]
    order = [*days, 3]
    Random(seed).shuffle(order)
    for number in order:
        await write(hass, day(number))
    expected: Energies = {}
    for number in days:
        expected |= day(number)
    assert_rows(await rows(SOLAR.statistic_id), expected)


async def test_corrected_energies(hass: HomeAssistant, rows: ReadRows) -> None:
    """New values replace the old ones, and all later sums follow."""
    await write(hass, day(0) | day(1))
    await write(hass, day(0, 2.0))
    assert_rows(await rows(SOLAR.statistic_id), day(0, 2.0) | day(1))


async def test_single_hours(hass: HomeAssistant, rows: ReadRows) -> None:
    """Hours within what stands; what lies between them keeps its energy."""
    await write(hass, day(0))
    changed = {FIRST + 5 * HOUR: 9.0, FIRST + 12 * HOUR: 0.0}
    assert await write(hass, changed) == 2
    assert_rows(await rows(SOLAR.statistic_id), day(0) | changed)


async def test_the_end(hass: HomeAssistant, rows: ReadRows) -> None:
    """From ``before`` on the live sensor has its own rows."""
    end = FIRST + 7 * HOUR
    assert await write(hass, day(0), end) == 7
    expected = {hour: kwh for hour, kwh in day(0).items() if hour < end}
    assert_rows(await rows(SOLAR.statistic_id), expected)
    assert await write(hass, day(1), end) == 0
    assert await write(hass, {}) == 0
    assert_rows(await rows(SOLAR.statistic_id), expected)


async def test_statistics_do_not_mix(hass: HomeAssistant, rows: ReadRows) -> None:
    """Each has its own sums."""
    other = EnergyStatistic(
        statistic_id=f"{DOMAIN}:al7011024010101_load_energy",
        name="load",
        live_entity=None,
    )
    await write(hass, day(0))
    await async_write_hours(hass, DOMAIN, other, day(1), LATER)
    await write(hass, day(1))
    assert_rows(await rows(SOLAR.statistic_id), day(0) | day(1))
    assert_rows(await rows(other.statistic_id), day(1))


async def test_a_crash_in_between(
    hass: HomeAssistant, rows: ReadRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hours were written, but those after them not moved: the next run does it."""
    await write(hass, day(1) | day(2))
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "async_adjust_statistics", lambda *_: None)
        with pytest.raises(HomeAssistantError):
            await write(hass, day(0))
    await write(hass, day(0))
    assert_rows(await rows(SOLAR.statistic_id), day(0) | day(1) | day(2))


async def test_a_locked_database(
    hass: HomeAssistant, rows: ReadRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorder tries again later; nobody reads the sums before."""
    tried = []
    run = ImportStatisticsTask.run

    def locked(task: ImportStatisticsTask, instance: Recorder) -> None:
        tried.append(task)
        if len(tried) % 2:
            instance.queue_task(task)
        else:
            run(task, instance)

    monkeypatch.setattr(ImportStatisticsTask, "run", locked)
    for number in (0, 1, 2):
        await write(hass, day(number))
    assert len(tried) == 6
    assert_rows(await rows(SOLAR.statistic_id), day(0) | day(1) | day(2))


async def test_a_recorder_that_stores_nothing(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, instead of going on with wrong sums."""
    monkeypatch.setattr(ImportStatisticsTask, "run", lambda *_: None)
    with pytest.raises(HomeAssistantError) as err:
        await write(hass, day(0))
    assert SOLAR.name in str(err.value)
    assert "al7011024010101" not in str(err.value)  # the serial


def test_hours_are_those_of_utc() -> None:
    """Also where local time is half an hour off."""
    moment = datetime(2026, 5, 3, 12, 10, tzinfo=UTC)
    assert hour_of(moment) == datetime(2026, 5, 3, 12, tzinfo=UTC)
    local = datetime.fromisoformat("2026-05-03T12:10:05+05:30")
    assert hour_of(local) == datetime(2026, 5, 3, 6, tzinfo=UTC)


@pytest.fixture
def start_time() -> datetime:
    """Twenty to eleven."""
    return NOW


@pytest.fixture
def live_sensor(hass: HomeAssistant) -> str:
    """A live sensor that came into being now."""
    entry = er.async_get(hass).async_get_or_create(
        "sensor", DOMAIN, "x", suggested_object_id="solar_energy_today"
    )
    assert entry.entity_id == SOLAR.live_entity
    return entry.entity_id


async def test_without_a_live_sensor(hass: HomeAssistant) -> None:
    """The hour that goes on is not complete."""
    assert await async_first_live_hour(hass, None) == NOW.replace(minute=0)


async def test_a_new_live_sensor(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, live_sensor: str
) -> None:
    """It will have the hour in which it began, also when that was compiled late."""
    assert await async_first_live_hour(hass, live_sensor) == NOW.replace(minute=0)
    freezer.move_to(NOW.replace(hour=11, minute=0, second=5))
    assert await async_first_live_hour(hass, live_sensor) == NOW.replace(minute=0)


async def test_a_live_sensor_without_statistics(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, live_sensor: str
) -> None:
    """It never had a value: the present hour may be its first one."""
    freezer.move_to(NOW + timedelta(days=3))
    expected = NOW.replace(minute=0) + timedelta(days=3)
    assert await async_first_live_hour(hass, live_sensor) == expected


async def test_a_live_sensor_with_statistics(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, live_sensor: str
) -> None:
    """Its first compiled hour is the end, for ever."""
    assert await async_setup_component(hass, "sensor", {})
    start = NOW.replace(minute=0)
    hass.states.async_set(live_sensor, "1.5", ENERGY_ATTRIBUTES)
    await async_wait_recording_done(hass)
    for minute in range(0, 60, 5):
        do_adhoc_statistics(hass, start=start + timedelta(minutes=minute))
        await async_wait_recording_done(hass)
    freezer.move_to(NOW + timedelta(days=30))
    assert await async_first_live_hour(hass, live_sensor) == start

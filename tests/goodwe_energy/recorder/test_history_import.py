"""The past of a simulated house as statistics (goodwe.md section 7)."""

from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN
from custom_components.goodwe_energy.history_records import SERIES
from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.conftest import ZONE, set_up
from tests.goodwe_energy.entities import shown
from tests.goodwe_energy.platforms import only
from tests.goodwe_energy.test_services import ask
from tests.recorder_rows import ReadRows, Rows

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = date(2026, 5, 12)
PLANT = "3f6c1b52-7d0e-4a9b-9c35-1e2f8a6d4b70"
POWERS = "sems-plant/api/v1/hems/power/statisticsAndPreV2"
# What each statistic is in the house
TRUTH = {
    "solar": "solar_wh",
    "import": "import_wh",
    "export": "export_wh",
    "battery_charge": "charge_wh",
    "battery_discharge": "discharge_wh",
    "load": "load_wh",
}


def statistic(series: str) -> str:
    """Return the id of a statistic."""
    return f"{DOMAIN}:{PLANT.replace('-', '_')}_{series}_energy"


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, first: date, last: date
) -> Any:
    """Start an import by the action and let it come to its end."""
    answer = await ask(
        hass,
        entry,
        "import_history",
        PLANT,
        start=first.isoformat(),
        end=last.isoformat(),
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer


def midnight(day: date, zone: str = ZONE) -> datetime:
    """Return when a day of the plant begins."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def between(rows: Rows, first: date, last: date) -> float:
    """Return the energy of some days, both included."""
    start, end = midnight(first), midnight(last + DAY)
    return sum(kwh for hour, (kwh, _) in rows.items() if start <= hour < end)


def truth(sim: GoodWeSimulator, name: str, first: date, last: date) -> float:
    """Return what the house did on some days, kWh."""
    total = 0.0
    for number in range((last - first).days + 1):
        energy = sim.stations[0].house.energy_on(first + number * DAY)
        assert energy is not None
        total += getattr(energy, name) / 1000
    return total


@pytest.fixture
def solar_only() -> Generator[None]:
    """Import one statistic: each day of each takes the recorder some time."""
    with patch.dict(SERIES, {"solar": SERIES["solar"]}, clear=True):
        yield


async def test_the_rows_are_the_houses_energy(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """Each day's hours make the day, and the sums go on at midnight."""
    await set_up(hass, entry)
    first, last = TODAY - 2 * DAY, TODAY - DAY
    job = await begin(hass, entry, first, last)
    assert job["days"] == 2
    assert shown(hass, f"{PLANT}_history_import") == "100"
    for key, name in TRUTH.items():
        found = await rows(statistic(key))
        assert between(found, first, last) == pytest.approx(
            truth(sim, name, first, last), abs=0.3
        ), key
        total = 0.0
        for kwh, running in found.values():
            assert kwh >= 0
            total += kwh
            assert running == pytest.approx(total, abs=0.002)


@pytest.mark.usefixtures("solar_only")
async def test_an_hour_is_its_own(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The power of 8:00 to 9:00 local time stands in that hour."""
    with only():
        await set_up(hass, entry)
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    found = await rows(statistic("solar"))
    start = midnight(TODAY - DAY) + 8 * HOUR
    kwh = sum(
        record.pv_w / 12 / 1000
        for record in sim.stations[0].house.records(TODAY - DAY)
        if start <= record.start < start + HOUR
    )
    assert found[start][0] == pytest.approx(kwh, rel=0.03)


@pytest.mark.usefixtures("solar_only")
async def test_days_are_two_seconds_apart(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """And one request gives the totals of a whole month."""
    with only():
        await set_up(hass, entry)
    sim.requests.forget()
    before = datetime.now(UTC)
    await begin(hass, entry, TODAY - 5 * DAY, TODAY - DAY)
    assert datetime.now(UTC) - before >= 5 * timedelta(seconds=2)
    assert sim.requests.counts[POWERS] == 5
    assert sim.requests.counts["sems-plant/api/stations/statistics"] == 1
    assert sim.requests.most_reads_at_once == 1


@pytest.mark.usefixtures("solar_only")
async def test_again_is_the_same(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The same days once more change nothing."""
    with only():
        await set_up(hass, entry)
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    before = await rows(statistic("solar"))
    await begin(hass, entry, TODAY - DAY, TODAY - DAY)
    again = await rows(statistic("solar"))
    assert again == {hour: pytest.approx(row, abs=1e-3) for hour, row in before.items()}


@pytest.mark.usefixtures("solar_only")
async def test_a_day_without_powers_has_its_total(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """In one hour, so that the sums are right (section 7)."""
    with only():
        await set_up(hass, entry)
    sim.wire.empty.add(POWERS)
    day = TODAY - DAY
    await begin(hass, entry, day, day)
    found = await rows(statistic("solar"))
    filled = [kwh for kwh, _ in found.values() if kwh]
    assert len(filled) == 1
    assert sum(filled) == pytest.approx(truth(sim, "solar_wh", day, day), abs=0.1)


@pytest.mark.usefixtures("solar_only")
async def test_a_limit_of_the_vendor_only_delays(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The import goes on by itself when the pause is over."""
    with only():
        await set_up(hass, entry)
    sim.faults.add("status", POWERS, status=429, retry_after=60, count=1)
    day = TODAY - DAY
    await begin(hass, entry, day, day)
    found = await rows(statistic("solar"))
    assert between(found, day, day) == pytest.approx(
        truth(sim, "solar_wh", day, day), abs=0.1
    )


@pytest.mark.parametrize(
    "first", [date(2000, 2, 1), TODAY + DAY], ids=["before any", "not yet"]
)
async def test_days_that_cannot_be(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, first: date
) -> None:
    """Are refused, and nothing begins."""
    with only():
        await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as caught:
        await begin(hass, entry, first, TODAY - DAY)
    assert caught.value.translation_key == "wrong_range"

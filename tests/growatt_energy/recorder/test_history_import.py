"""The past of a simulated house as statistics (growatt.md section 7)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import MIN, SPH, ZONE, set_up
from tests.growatt_energy.entities import shown
from tests.growatt_energy.platforms import only
from tests.recorder_rows import ReadRows, Rows

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = date(2026, 5, 12)
# What each statistic is in the house
TRUTH = {
    "solar": "solar_wh",
    "import": "import_wh",
    "export": "export_wh",
    "battery_charge": "charge_wh",
    "battery_discharge": "discharge_wh",
    "load": "load_wh",
}


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN if the test names no other."""
    return (getattr(request, "param", "MIN"),)


def device_id(hass: HomeAssistant, entry: MockConfigEntry, serial: str) -> str:
    """Return the id of a device by its serial."""
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, serial), entry.entry_id
    )
    assert found is not None
    return found.id


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, serial: str, first: date, last: date
) -> Any:
    """Start an import by the action and let it come to its end."""
    device = device_id(hass, entry, serial)
    answer = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {
            "device_id": device,
            "start": first.isoformat(),
            "end": last.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer[device]


def midnight(day: date) -> datetime:
    """Return when a day of the plant begins."""
    return datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC)


def between(rows: Rows, first: date, last: date) -> float:
    """Return the energy of some days, both included."""
    start, end = midnight(first), midnight(last + DAY)
    return sum(kwh for hour, (kwh, _) in rows.items() if start <= hour < end)


@pytest.mark.parametrize(
    ("homes", "serial"), [("MIN", MIN), ("SPH", SPH)], indirect=["homes"]
)
async def test_the_rows_are_the_houses_energy(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    rows: ReadRows,
    serial: str,
) -> None:
    """Each day's hours make the day, within the limits, without a gap at midnight."""
    await set_up(hass, entry)
    house = sim.devices[serial].house
    first, last = TODAY - 2 * DAY, TODAY - DAY
    job = await begin(hass, entry, serial, first, last)
    assert job["days"] == 2
    assert sim.limits.broken == 0
    assert shown(hass, f"{serial}_history_import") == "100"
    for key, name in TRUTH.items():
        found = await rows(f"{DOMAIN}:{serial.lower()}_{key}_energy")
        # The first day begins with its first record
        truth = house.energy_on(last)
        assert truth is not None
        kwh = getattr(truth, name) / 1000
        assert between(found, last, last) == pytest.approx(kwh, abs=0.35), key
        total = 0.0
        for kwh, running in found.values():
            assert kwh >= 0
            total += kwh
            assert running == pytest.approx(total, abs=0.002)


async def test_again_is_the_same(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """The same days once more change nothing."""
    with only():
        await set_up(hass, entry)
    statistic = f"{DOMAIN}:{MIN.lower()}_load_energy"
    await begin(hass, entry, MIN, TODAY - DAY, TODAY - DAY)
    before = await rows(statistic)
    await begin(hass, entry, MIN, TODAY - DAY, TODAY - DAY)
    again = await rows(statistic)
    assert len(before) >= 23
    assert again == {hour: pytest.approx(row, abs=1e-3) for hour, row in before.items()}


async def test_days_that_the_options_ask_for(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, rows: ReadRows
) -> None:
    """They are imported after the set-up, once."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"history_days": 1})
    with only():
        await set_up(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert await rows(f"{DOMAIN}:{MIN.lower()}_solar_energy")
    sim.counters.reset()
    with only():
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count("device/tlx/tlx_data") == 0
    assert sim.counters.count("new-api/queryHistoricalData") == 0


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ((TODAY - 2 * DAY, TODAY - 3 * DAY), "wrong_range"),
        ((TODAY - 96 * DAY, TODAY), "wrong_range"),
        ((TODAY, TODAY + DAY), "future_date"),
    ],
)
async def test_ranges(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    days: tuple[date, date],
    error: str,
) -> None:
    """Only what the cloud keeps can be had."""
    with only():
        await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as refused:
        await begin(hass, entry, MIN, *days)
    assert refused.value.translation_key == error


@pytest.mark.parametrize("mode", ["login"])
async def test_a_login_has_no_past(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The app has curves and sums of days, of which no honest hour can be made."""
    with only():
        await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as refused:
        await begin(hass, entry, MIN, TODAY - DAY, TODAY)
    assert refused.value.translation_key == "no_history"


async def test_the_records_of_a_day(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The action that reads answers them as the cloud sends them."""
    with only():
        await set_up(hass, entry)
    device = device_id(hass, entry, MIN)
    answer = await hass.services.async_call(
        DOMAIN,
        "read_history",
        {"device_id": device, "date": "2026-05-11"},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    records: Any = answer[device]
    assert len(records["records"]) == 288
    assert {"epvTotal", "etoUserTotal"} <= set(records["records"][0])

"""Fault matrix, row 15: the past of days on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import MIN, set_up
from tests.growatt_energy.recorder.test_history_import import (
    begin,
    between,
    midnight,
)
from tests.recorder_rows import ReadRows

DAY = timedelta(days=1)
# A counter has steps of 0.1 kWh, and begins with the first record
_STEPS = 0.35


@pytest.mark.parametrize(
    ("start_time", "changed", "hours"),
    [
        (datetime(2026, 3, 31, 10, tzinfo=UTC), date(2026, 3, 29), 23),
        (datetime(2026, 10, 27, 10, tzinfo=UTC), date(2026, 10, 25), 25),
    ],
)
async def test_row_15_days_of_23_and_25_hours(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    rows: ReadRows,
    changed: date,
    hours: int,
) -> None:
    """All hours of the day, none twice, and the energy of the house in them."""
    await set_up(hass, entry)
    await begin(hass, entry, MIN, changed - DAY, changed + DAY)
    found = await rows(f"{DOMAIN}:{MIN.lower()}_load_energy")
    start, end = midnight(changed), midnight(changed + DAY)
    assert len([hour for hour in found if start <= hour < end]) == hours
    truth = sim.devices[MIN].house.energy_on(changed)
    assert truth is not None
    kwh = between(found, changed, changed)
    assert kwh == pytest.approx(truth.load_wh / 1000, abs=_STEPS)

"""A recorder in memory, and what stands in it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.amber_energy.driver import NEM
from tests.amber_energy.usage.conftest import keeping
from tests.amber_energy.with_recorder import (
    amber,
    mock_recorder_before_hass,
)

# The fixtures of others that this folder's tests use
__all__ = ["amber", "keeping", "mock_recorder_before_hass"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# hour (UTC) -> amount of the hour and running total
type Rows = dict[datetime, tuple[float, float]]
type ReadRows = Callable[[str], Awaitable[Rows]]


@pytest.fixture
def rows(hass: HomeAssistant) -> ReadRows:
    """Read all hourly rows of a statistic."""

    async def read(statistic_id: str) -> Rows:
        await async_wait_recording_done(hass)
        found = await get_instance(hass).async_add_executor_job(
            statistics_during_period,
            hass,
            EPOCH,
            None,
            {statistic_id},
            "hour",
            None,
            {"state", "sum"},
        )
        return {
            datetime.fromtimestamp(row["start"], UTC): (
                row["state"] or 0.0,
                row["sum"] or 0.0,
            )
            for row in found.get(statistic_id, [])
        }

    return read


def midnight(day: date) -> datetime:
    """Return when a day of the market begins."""
    return datetime.combine(day, time.min, NEM).astimezone(UTC)


def between(rows: Rows, first: date, last: date) -> float:
    """Return the amount of the market's days, both included."""
    start, end = midnight(first), midnight(last + DAY)
    return sum(amount for hour, (amount, _) in rows.items() if start <= hour < end)


def assert_sums(rows: Rows) -> None:
    """Each sum is the one before and the hour's amount."""
    total = 0.0
    for amount, running in rows.values():
        total += amount
        assert running == pytest.approx(total, abs=2e-6)

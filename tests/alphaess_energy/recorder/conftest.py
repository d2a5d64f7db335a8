"""A recorder in memory, and what stands in it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from tests.alphaess_energy.with_recorder import (  # noqa: F401
    alphaess,
    mock_recorder_before_hass,
)

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# hour (UTC) -> energy of the hour and running total, kWh
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


def between(rows: Rows, start: datetime, end: datetime) -> float:
    return sum(kwh for hour, (kwh, _) in rows.items() if start <= hour < end)


def assert_sums(rows: Rows) -> None:
    """Each sum is the one before and the hour's energy; no hour is missing."""
    hours = list(rows)
    assert hours == [hours[0] + n * HOUR for n in range(len(hours))]
    total = 0.0
    for kwh, running in rows.values():
        assert kwh >= 0
        total += kwh
        assert running == pytest.approx(total, abs=0.002)

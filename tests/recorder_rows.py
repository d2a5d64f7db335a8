"""What stands in the recorder's long-term statistics, for every vendor."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# hour (UTC) -> amount of the hour and running total
type Rows = dict[datetime, tuple[float, float]]
type ReadRows = Callable[[str], Awaitable[Rows]]


def reader(hass: HomeAssistant) -> ReadRows:
    """Return what reads all hourly rows of a statistic."""

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

"""A recorder in memory, and what stands in it."""

from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
import pytest

from tests.alphaess_energy.with_recorder import (  # noqa: F401
    alphaess,
    mock_recorder_before_hass,
)
from tests.recorder_rows import ReadRows, Rows, reader

HOUR = timedelta(hours=1)


@pytest.fixture
def rows(hass: HomeAssistant) -> ReadRows:
    """Read all hourly rows of a statistic."""
    return reader(hass)


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

"""A recorder in memory, and what stands in it."""

from datetime import UTC, date, datetime, time, timedelta

from homeassistant.core import HomeAssistant
import pytest

from custom_components.amber_energy.driver import NEM
from tests.amber_energy.usage.conftest import keeping
from tests.amber_energy.with_recorder import (
    amber,
    mock_recorder_before_hass,
)
from tests.recorder_rows import EPOCH, ReadRows, Rows, reader

# The fixtures of others that this folder's tests use
__all__ = ["EPOCH", "amber", "keeping", "mock_recorder_before_hass"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def supplied_from() -> date | None:
    """For years."""
    return None


@pytest.fixture
def rows(hass: HomeAssistant) -> ReadRows:
    """Read all hourly rows of a statistic."""
    return reader(hass)


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

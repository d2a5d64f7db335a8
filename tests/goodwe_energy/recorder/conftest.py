"""A recorder in memory, and what stands in it."""

from homeassistant.core import HomeAssistant
import pytest

from tests.goodwe_energy.with_recorder import goodwe, mock_recorder_before_hass
from tests.recorder_rows import ReadRows, reader

# The fixtures of others that this folder's tests use
__all__ = ["goodwe", "mock_recorder_before_hass"]


@pytest.fixture
def rows(hass: HomeAssistant) -> ReadRows:
    """Read all hourly rows of a statistic."""
    return reader(hass)

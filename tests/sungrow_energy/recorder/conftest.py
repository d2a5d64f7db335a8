"""A recorder in memory, and what stands in it."""

from homeassistant.core import HomeAssistant
import pytest

from tests.recorder_rows import ReadRows, reader
from tests.sungrow_energy.with_recorder import mock_recorder_before_hass, sungrow

# The fixtures of others that this folder's tests use
__all__ = ["mock_recorder_before_hass", "sungrow"]


@pytest.fixture
def rows(hass: HomeAssistant) -> ReadRows:
    """Read all hourly rows of a statistic."""
    return reader(hass)

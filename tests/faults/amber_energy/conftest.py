"""The Amber Electric integration on its simulator, and what the tests look at."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.amber_energy.const import DOMAIN
from tests.amber_energy.conftest import (
    amber,
    entry,
    frozen_time,
    sim,
    site,
    site_count,
    start_time,
    step,
    supplied_from,
)

# Fixtures that this folder's tests use too
__all__ = [
    "amber",
    "entry",
    "frozen_time",
    "sim",
    "site",
    "site_count",
    "start_time",
    "step",
    "supplied_from",
]

OURS = "custom_components.amber_energy"

type StateOf = Callable[[str], str]


@pytest.fixture
def state_of(hass: HomeAssistant) -> StateOf:
    """Return the state of the sensor with a unique id."""

    def look_up(unique_id: str) -> str:
        entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
        assert entity_id is not None, unique_id
        state = hass.states.get(entity_id)
        assert state is not None, entity_id
        return state.state

    return look_up


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what our code has logged at WARNING or above."""

    def collect() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if record.levelname in {"WARNING", "ERROR", "CRITICAL"}
            and record.name.startswith(OURS)
        ]

    return collect

"""Nothing is written that says nothing new."""

from collections import Counter
from typing import Any
from unittest.mock import PropertyMock, patch

from homeassistant.const import EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .conftest import set_up
from .passing import Passing


@pytest.fixture
def reported(hass: HomeAssistant) -> Counter[str]:
    """Return which states were written although they were equal."""
    found: Counter[str] = Counter()

    @callback
    def count(data: Any) -> bool:
        found[data["entity_id"]] += 1
        return False

    @callback
    def ignore(_event: Event[Any]) -> None:
        """Nothing is left to be done."""

    hass.bus.async_listen(EVENT_STATE_REPORTED, ignore, count)
    return found


async def test_an_hour_of_prices(
    hass: HomeAssistant, entry: MockConfigEntry, step: Passing, reported: Counter[str]
) -> None:
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        await set_up(hass, entry)
    for _ in range(240):
        await step(15)
    assert not reported

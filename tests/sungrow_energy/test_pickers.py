"""The devices that the forms of actions offer."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..pickers import offered
from .conftest import set_up


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_only_what_has_a_battery_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No meter, no dongle, no plant or inverter without a battery."""
    await set_up(hass, entry)
    assert offered(hass, entry) == {"Home", "SH10RT", "Battery1"}

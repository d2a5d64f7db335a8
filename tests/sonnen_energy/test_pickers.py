"""The devices that the forms of actions offer."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..pickers import offered, with_mode
from .conftest import set_up


async def test_only_the_battery_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Its meters and its inverter are not."""
    await set_up(hass, entry)
    assert offered(hass, entry) == with_mode(hass, entry) == {"sonnenBatterie 3456"}

"""The devices that the forms of actions offer."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..pickers import offered, with_mode
from .conftest import set_up


@pytest.mark.parametrize("homes", [2])
async def test_only_systems_are_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No charger and no account."""
    await set_up(hass, entry)
    systems = {"AlphaESS SMILE5-INV 0101", "AlphaESS SMILE-G3-T10-INV 0202"}
    assert offered(hass, entry) == with_mode(hass, entry) == systems

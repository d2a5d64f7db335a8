"""The devices that the forms of actions offer."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..pickers import offered, with_mode
from .conftest import set_up


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings may be changed."""
    return {"live": False, "allow_control": True}


@pytest.mark.parametrize("homes", [("charger", "string")])
async def test_only_what_has_a_battery_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No charger, meter or dongle, nor a plant without a battery."""
    await set_up(hass, entry)
    assert offered(hass, entry) == {"Orchard", "Inverter 1", "BAT1"}
    assert with_mode(hass, entry) == {"Inverter 1"}


@pytest.mark.parametrize("options", [{"live": False, "allow_control": False}])
async def test_control_that_is_not_allowed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Batteries are offered all the same: the action then says what to do."""
    await set_up(hass, entry)
    assert offered(hass, entry) == {"Hillcrest Solar", "BAT1"}
    assert with_mode(hass, entry) == set()

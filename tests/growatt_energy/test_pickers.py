"""The devices that the forms of actions offer."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..pickers import offered, with_mode
from .conftest import set_up


@pytest.mark.parametrize(
    ("homes", "names"),
    [
        (("MIN",), {"Garage", "Garage battery 1"}),
        (("NOAH",), {"Balcony storage", "Balcony storage battery 1"}),
        (("MAX",), set()),
    ],
)
async def test_only_what_has_a_battery_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry, names: set[str]
) -> None:
    """An inverter and its battery, a battery that is its own inverter; no logger."""
    await set_up(hass, entry)
    assert offered(hass, entry) == names
    assert with_mode(hass, entry) <= names

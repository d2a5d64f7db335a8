"""What a report of the hub tells."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .conftest import add_vendor, set_up
from .made_up import CAR, SOLAR, TARIFF, Bundle


async def test_diagnostics(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, bundle: Bundle
) -> None:
    """State, versions and the last action of each vendor."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    bundle.put_otherwise(TARIFF)
    add_vendor(hass, SOLAR)
    entry = await set_up(hass, SOLAR, CAR)
    assert await get_diagnostics_for_config_entry(hass, hass_client, entry) == {
        "options": {"vendors": [SOLAR, CAR]},
        "data": {},
        "vendors": {
            SOLAR: {
                "domain": SOLAR,
                "name": "Made Solar",
                "state": "outdated",
                "installed": "1.0.0",
                "bundled": "2.0.0",
                "busy": True,
                "waits_for_restart": False,
                "last_action": None,
            },
            TARIFF: {
                "domain": TARIFF,
                "name": "Made Tariff",
                "state": "foreign",
                "installed": "1.0.0",
                "bundled": "1.0.0",
                "busy": False,
                "waits_for_restart": False,
                "last_action": None,
            },
            CAR: {
                "domain": CAR,
                "name": "Made-up Car",
                "state": "current",
                "installed": "1.0.0",
                "bundled": "1.0.0",
                "busy": False,
                "waits_for_restart": False,
                "last_action": "placed",
            },
        },
    }

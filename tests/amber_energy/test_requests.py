"""How often Amber is asked (reference section 5)."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator

from .conftest import entry_of, set_up
from .passing import Passing


async def test_first_minute(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """A start asks for sites and prices once; what else there is, is usage."""
    await set_up(hass, entry)
    assert sim.counters.count("sites") == 1
    assert 1 <= sim.counters.count("prices/current") <= 2


async def test_an_hour(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """At most 8 requests per 5 minutes on average, and never near the limit."""
    await set_up(hass, entry)
    sim.counters.reset()
    await step(3600)
    asked = sim.counters.by_endpoint()
    assert set(asked) == {"prices/current"}
    assert 24 <= asked["prices/current"] <= 96
    assert max(sim.limits.most.values()) <= 40


@pytest.mark.parametrize("site_count", [2])
async def test_two_sites_of_one_token(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """They share the budget; none starves."""
    for site in sim.sites.values():
        await set_up(hass, entry_of(sim, site))
    sim.counters.reset()
    await step(1800)
    assert max(sim.limits.most.values()) <= 50
    for site in sim.sites.values():
        assert sim.counters.count("prices/current", system=site.id) >= 6

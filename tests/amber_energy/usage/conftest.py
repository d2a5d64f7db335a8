"""A keeper of usage with a simulated Amber."""

from collections.abc import AsyncGenerator
from datetime import date

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from simulator.amber import AmberSimulator, Site

from .keeping import Keeping


@pytest.fixture
def supplied_from() -> date | None:
    """For years."""
    return None


@pytest.fixture
async def keeping(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    sim: AmberSimulator,
    site: Site,
) -> AsyncGenerator[Keeping]:
    """A keeper that is not started; none of the site's days is estimated."""
    site.estimated_share = 0.0
    keeping = Keeping(hass, freezer, sim, site)
    yield keeping
    await keeping.stop()

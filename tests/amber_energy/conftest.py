"""A real Home Assistant and a simulated Amber in one process and one time."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy._vendor.core.client.clock import SystemClock
from custom_components.amber_energy.const import CONF_BASE_URL, CONF_SITE_ID, DOMAIN
from simulator.amber import AmberSimulator, Site

from .passing import Passing, StepClock, settle

ZONE = "Australia/Sydney"
# 12:02 in the market's time, 13:02 in Sydney; the price of this interval is final
NOON = datetime(2026, 10, 7, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def amber(
    enable_custom_integrations: None, socket_enabled: None, frozen_time: None
) -> None:
    """What every test of the integration needs."""


@pytest.fixture
def start_time() -> datetime:
    """When the test begins."""
    return NOON


@pytest.fixture
def frozen_time(
    freezer: FrozenDateTimeFactory, start_time: datetime
) -> Generator[None]:
    """Begin at the test's time.

    A request that is repeated moves it on at once; who polls waits for ``step``.
    """
    freezer.move_to(start_time)
    StepClock.forget()

    async def sleep(self: SystemClock, seconds: float) -> None:
        freezer.tick(seconds)
        await asyncio.sleep(0)

    with (
        patch.object(SystemClock, "sleep", sleep),
        patch("custom_components.amber_energy.site.SystemClock", StepClock),
    ):
        yield


@pytest.fixture
def site_count() -> int:
    """How many sites the account has."""
    return 1


@pytest.fixture
def supplied_from(start_time: datetime) -> date | None:
    """Since when Amber supplies a site; None is as the simulator has it, for years.

    Usage is read from then on, at most a week at once: thousands of records that few
    tests look at.
    """
    return start_time.date() - timedelta(days=2)


@pytest.fixture
async def sim(
    hass: HomeAssistant, amber: None, site_count: int, supplied_from: date | None
) -> AsyncGenerator[AmberSimulator]:
    """A simulated Amber in the test's time."""
    await hass.config.async_set_time_zone(ZONE)
    simulator = AmberSimulator(sites=site_count)
    for site in simulator.sites.values():
        if supplied_from is not None and site.status == "active":
            site.active_from = supplied_from
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def site(sim: AmberSimulator) -> Site:
    """The first site of the account."""
    return next(iter(sim.sites.values()))


@pytest.fixture
def entry(sim: AmberSimulator, site: Site) -> MockConfigEntry:
    """An entry for the first site, not set up yet."""
    return entry_of(sim, site)


@pytest.fixture
def step(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Passing:
    """Let seconds pass, with all that is due in them."""
    return Passing(hass, freezer)


def entry_of(sim: AmberSimulator, site: Site) -> MockConfigEntry:
    """Return an entry for a site, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"Amber {site.nmi[-4:]}",
        unique_id=site.id,
        data={
            CONF_TOKEN: sim.token,
            CONF_SITE_ID: site.id,
            CONF_BASE_URL: sim.url,
        },
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the entry up and let what begins with it go on until it waits."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)

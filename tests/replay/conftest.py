"""What every playback needs."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .room import Room
from .vendor import Case, Vendor


@pytest.fixture
def vendor(case: Case) -> Vendor:
    """Whose download it is."""
    return case.vendor


@pytest.fixture
def quick_time(
    vendor: Vendor,
    freezer: FrozenDateTimeFactory,
    enable_custom_integrations: None,
    socket_enabled: None,
) -> Generator[None]:
    """Begin at the vendor's time; sleeping moves it on."""
    freezer.move_to(vendor.start)
    with vendor.time(vendor.domain, freezer):
        yield


@pytest.fixture
async def sim(
    hass: HomeAssistant, quick_time: None, vendor: Vendor, case: Case
) -> AsyncGenerator[Any]:
    """An account as the simulator never has it by itself."""
    await hass.config.async_set_time_zone(vendor.zone)
    simulator = vendor.make(case.homes)
    vendor.change(simulator)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def room(
    quick_time: None,  # before somebody signs in
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    vendor: Vendor,
    tmp_path: Path,
) -> Room:
    """Record in it, and play back."""
    return Room(
        hass=hass,
        hass_client=hass_client,
        freezer=freezer,
        vendor=vendor,
        path=tmp_path / "config_entry.json",
        seconds=vendor.seconds,
    )


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Have all entities, also those that are disabled by default."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield

"""The Amber Electric integration on its simulator."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.amber_energy.conftest import (  # noqa: F401
    Passing,
    amber,
    frozen_time,
    set_up,
    sim,
    site,
    site_count,
    start_time,
    step,
)
from tests.replay.room import Room


@pytest.fixture
def room(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    step: Passing,  # noqa: F811
    tmp_path: Path,
) -> Room:
    """Record in it, and play back."""
    return Room(
        hass=hass,
        hass_client=hass_client,
        freezer=freezer,
        set_up=set_up,
        step=step,
        path=tmp_path / "config_entry.json",
    )

"""The sonnenBatterie integration on its simulator."""

from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.replay.room import Room
from tests.sonnen_energy.conftest import (  # noqa: F401
    Step,
    batteries,
    battery,
    quick_sleep,
    set_up,
    sim,
    sonnen,
    start_time,
    step,
)


@pytest.fixture
def room(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    step: Step,  # noqa: F811
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

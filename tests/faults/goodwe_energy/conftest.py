"""The GoodWe integration on its simulator, and what the tests look at."""

from collections.abc import Callable

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN
from custom_components.goodwe_energy.device import Device
from tests.goodwe_energy.conftest import (
    entry,
    goodwe,
    homes,
    options,
    quick_sleep,
    sim,
    start_time,
    step,
    zone,
)

# Fixtures that this folder's tests use too
__all__ = [
    "entry",
    "goodwe",
    "homes",
    "options",
    "quick_sleep",
    "sim",
    "start_time",
    "step",
    "zone",
]

OURS = "custom_components.goodwe_energy"


def of_class(entry: MockConfigEntry, cls: str) -> Device:
    """Return the first device of a class."""
    devices = entry.runtime_data.devices.values()
    found: Device = next(one for one in devices if one.cls == cls)
    return found


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Write what is to be written, forget all else, and begin anew."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await crash(hass, entry)


async def crash(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Begin anew with what is on the disk by chance."""
    if entry.state.name != "NOT_LOADED":
        await hass.config_entries.async_unload(entry.entry_id)
    for key in ("accounts", "connections"):
        hass.data.pop(f"{DOMAIN}.{key}", None)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what our code has logged at WARNING or above."""

    def collect() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if record.levelname in {"WARNING", "ERROR", "CRITICAL"}
            and record.name.startswith(OURS)
        ]

    return collect

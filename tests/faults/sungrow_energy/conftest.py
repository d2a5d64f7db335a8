"""The Sungrow integration on its simulator, and what the tests look at."""

from collections.abc import Callable

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.device import Device
from tests.sungrow_energy.conftest import (
    entry,
    homes,
    mode,
    quick_sleep,
    sim,
    start_time,
    step,
    sungrow,
    zone,
)

# Fixtures that this folder's tests use too
__all__ = [
    "entry",
    "homes",
    "mode",
    "quick_sleep",
    "sim",
    "start_time",
    "step",
    "sungrow",
    "zone",
]

OURS = "custom_components.sungrow_energy"


def of_type(entry: MockConfigEntry, kind: int) -> Device:
    """Return the one device of a type."""
    [found] = [d for d in entry.runtime_data.devices.values() if d.type == kind]
    device: Device = found
    return device


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Write what is to be written, forget all else, and begin anew."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await crash(hass, entry)


async def crash(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Begin anew with what is on the disk by chance."""
    if entry.state.name != "NOT_LOADED":
        await hass.config_entries.async_unload(entry.entry_id)
    for key in ("accounts", "connections", "token_keepers"):
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

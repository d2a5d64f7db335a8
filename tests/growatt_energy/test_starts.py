"""How an account with several plants begins, at once and after a restart."""

from collections.abc import Generator
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy import GrowattRuntime
from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    TransportError,
)
from custom_components.growatt_energy._vendor.core.ha.control import ControlCenter
from custom_components.growatt_energy.api.token_client import TokenClient
from simulator.growatt import GrowattSimulator

from .conftest import MIN, PLANT, SPH, Step, asked, set_up
from .platforms import only
from .test_lifecycle import device_of


@pytest.fixture(autouse=True)
def no_entities() -> Generator[None]:
    """What is shown does not matter here."""
    with only(all_enabled=False):
        yield


def refuse(plant_id: str, err: ApiError) -> Any:
    """Return what lists no devices of one plant, ever."""
    plain = TokenClient.devices

    async def devices(self: TokenClient, plant: str, page: int = 1) -> Any:
        found = await plain(self, plant, page)
        if str(plant) == plant_id:
            raise err
        return found

    return patch.object(TokenClient, "devices", devices)


@pytest.mark.parametrize("homes", [("NOAH",)])
@pytest.mark.parametrize("listed", ["yes", "listed"])
async def test_device_that_is_its_own_datalogger(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    listed: Any,
) -> None:
    """It hangs below its plant, also when it is registered already."""
    [device] = sim.plants[0].devices
    device.switches.own_datalogger = listed
    await set_up(hass, entry)
    for _ in range(2):
        assert entry.state is ConfigEntryState.LOADED
        assert entry.runtime_data.devices[device.sn].entry_info.datalogger == (
            device.sn
        )
        assert entry.runtime_data.loggers == {}
        found = device_of(hass, entry, device.sn)
        plant = device_of(
            hass, entry, next(iter(entry.runtime_data.plants.values())).key
        )
        assert found.via_device_id == plant.id
        assert not found.name.startswith("Datalogger")
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
@pytest.mark.parametrize(
    ("err", "dialogs"),
    [
        (TransportError("busy", code="10001", reason="vendor_busy"), 0),
        (AuthError("permission denied", code="10011", reason="permission"), 1),
    ],
)
async def test_plant_whose_devices_are_never_listed(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    err: ApiError,
    dialogs: int,
) -> None:
    """The others do not suffer: their lists wait only for our own budget."""
    with refuse(PLANT, err):
        await set_up(hass, entry)
        assert entry.state is ConfigEntryState.LOADED
        assert asked(hass, entry) == dialogs
        for _ in range(25):
            await step(60)
        assert entry.runtime_data.devices[SPH].fresh
    assert MIN not in entry.runtime_data.devices


@pytest.mark.parametrize(
    ("err", "state"),
    [
        (TransportError("busy"), ConfigEntryState.SETUP_RETRY),
        (AuthError("wrong"), ConfigEntryState.SETUP_ERROR),
    ],
)
async def test_only_plant_whose_devices_are_not_listed(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    err: ApiError,
    state: ConfigEntryState,
) -> None:
    """Nothing else could come, so the set-up fails."""
    with refuse(PLANT, err):
        await set_up(hass, entry)
    assert entry.state is state


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
@pytest.mark.parametrize("mode", ["login"])
async def test_stored_documents_are_there_at_once(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A cloud that is slow or down after a restart delays no controls."""
    await set_up(hass, entry)
    await step(400)
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(2400)  # all of them are due
    looked: list[tuple[list[bool], list[bool]]] = []
    forward = hass.config_entries.async_forward_entry_setups

    async def look(*args: Any) -> None:
        runtime = entry.runtime_data
        looked.append(
            (
                [device.control is not None for device in runtime.devices.values()],
                [plant.summary.known for plant in runtime.plants.values()],
            )
        )
        await forward(*args)

    sim.faults.add("reset", "*")
    with patch.object(hass.config_entries, "async_forward_entry_setups", look):
        await hass.config_entries.async_setup(entry.entry_id)
    assert looked == [([True, True], [True, True])]


@pytest.mark.parametrize("homes", [("MIN", "SPH", "SPA")])
async def test_zones_are_taken_over_together(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """Not with a reload for each plant whose turn comes.

    One whose sums come before its devices needs none at all.
    """
    await hass.config.async_set_time_zone("Australia/Sydney")
    starts = 0
    plain = GrowattRuntime.async_start

    async def start(self: GrowattRuntime) -> None:
        nonlocal starts
        starts += 1
        await plain(self)

    with patch.object(GrowattRuntime, "async_start", start):
        await set_up(hass, entry)
        for _ in range(40):
            await step(60)
    plants = entry.runtime_data.plants.values()
    assert "Australia/Sydney" not in {str(plant.zone) for plant in plants}
    assert starts <= 2
    assert len(entry.runtime_data.devices) == 5


async def test_nothing_waits_after_the_last_write(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """A write that ends while the entry is unloaded leaves no look behind."""
    await set_up(hass, entry)
    device = entry.runtime_data.devices[MIN]
    close = ControlCenter.async_close

    async def late(self: ControlCenter, *args: Any, **kwargs: Any) -> None:
        device.async_written()
        await close(self, *args, **kwargs)

    with patch.object(ControlCenter, "async_close", late):
        await hass.config_entries.async_unload(entry.entry_id)
    assert device._cancel_look is None

"""A download of what a Growatt token was told, played back, gives the same entities."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import CONF_ALLOW_CONTROL, DOMAIN
from simulator.growatt import GrowattSimulator
from simulator.replay import RecordingError
from tests.growatt_energy.conftest import entry_data
from tests.replay.room import Room, differences

# Records are some minutes old when they are polled, and as old as they then were
POLLED = {"last_update"}


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has, a plant each."""
    return ("MIN",)


@pytest.fixture
def unusual(sim: GrowattSimulator) -> GrowattSimulator:
    """An account as the simulator never has it by itself."""
    for plant in sim.plants:
        plant.house.override(pv_w=777.0, load_w=2345.0)
    for device in sim.devices.values():
        if "chargePowerCommand" in device.settings.stored:
            device.write_as_app(chargePowerCommand=61, disChargePowerCommand=62)
        device.push()
    return sim


def entry_of(simulator: GrowattSimulator, mode: str = "token") -> MockConfigEntry:
    """Return an entry that may control the devices of a simulator."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=simulator.origin,
        data=entry_data(simulator, mode),
        options={CONF_ALLOW_CONTROL: True},
    )


@pytest.mark.parametrize("homes", [("MIN",), ("SPH",), ("SPA",)])
async def test_same_entities(
    room: Room, unusual: GrowattSimulator, all_enabled: None
) -> None:
    before = await room.record(entry_of(unusual), *unusual.devices, unusual.token)
    await unusual.stop()
    assert before.values > 20
    after = await room.play(entry_of)
    assert differences(before, after, but=POLLED) == {}


async def test_it_is_never_too_old(room: Room, unusual: GrowattSimulator) -> None:
    before = await room.record(entry_of(unusual))
    await unusual.stop()
    after = await room.play(entry_of, timedelta(days=20, hours=3))
    assert differences(before, after, but=POLLED) == {}


async def test_a_login_cannot_be_played(room: Room, unusual: GrowattSimulator) -> None:
    """It says so, instead of showing what is not true."""
    await room.record(entry_of(unusual, "login"))
    with pytest.raises(RecordingError, match="not a login"):
        await room.play(entry_of)

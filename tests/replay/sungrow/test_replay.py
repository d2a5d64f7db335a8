"""A download of an iSolarCloud account, played back, gives the same entities."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import CONF_ALLOW_CONTROL, DOMAIN
from simulator.sungrow import SungrowSimulator
from tests.replay.room import Room, differences
from tests.sungrow_energy.conftest import entry_data


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has."""
    return ("hybrid", "two_batteries")


@pytest.fixture
def unusual(sim: SungrowSimulator) -> SungrowSimulator:
    """An account as the simulator never has it by itself."""
    for plant in sim.plants:
        plant.house.override(pv_w=777.0, load_w=2345.0, soc=41.0)
        for device in plant.devices:
            if device.has_battery:
                device.write_as_app(p10001=910, p10002=170)
        plant.upload()
    return sim


def entry_of(simulator: SungrowSimulator, mode: str = "oauth") -> MockConfigEntry:
    """Return an entry that may control the plants of a simulator."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=simulator.origin,
        data=entry_data(simulator, mode),
        options={CONF_ALLOW_CONTROL: True},
    )


async def test_same_entities(
    room: Room, unusual: SungrowSimulator, all_enabled: None
) -> None:
    entry = entry_of(unusual)
    secrets = (*unusual.devices, *unusual.houses, unusual.app_key, unusual.secret)
    before = await room.record(entry, *secrets, unusual.user_name, unusual.password)
    await unusual.stop()
    assert before.values > 80
    assert differences(before, await room.play(entry_of)) == {}


@pytest.mark.parametrize("homes", [("hybrid",)])
async def test_account_login(room: Room, unusual: SungrowSimulator) -> None:
    before = await room.record(entry_of(unusual, "login"))
    await unusual.stop()
    after = await room.play(lambda played: entry_of(played, "login"))
    assert differences(before, after) == {}


@pytest.mark.parametrize("homes", [("hybrid",)])
async def test_it_is_never_too_old(room: Room, unusual: SungrowSimulator) -> None:
    """Also in winter, when the clocks have been put back."""
    before = await room.record(entry_of(unusual))
    await unusual.stop()
    after = await room.play(entry_of, timedelta(days=200, hours=3))
    assert differences(before, after) == {}

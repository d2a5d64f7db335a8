"""A download of a SEMS+ account, played back, gives the same entities."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import CONF_ALLOW_CONTROL, CONF_LIVE, DOMAIN
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.controls import Controls
from tests.goodwe_energy.conftest import entry_data
from tests.replay.room import Room, differences


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has."""
    return ("hybrid", "charger")


@pytest.fixture
def unusual(sim: GoodWeSimulator) -> GoodWeSimulator:
    """An account as the simulator never has it by itself."""
    for station in sim.stations:
        station.house.override(pv_w=777.0, load_w=2345.0)
        for device in station.devices:
            if isinstance(device.control, Controls):
                device.control.write_as_app({"47509": 1, "47510": 4200.0})
    sim.upload()
    return sim


def entry_of(simulator: GoodWeSimulator) -> MockConfigEntry:
    """Return an entry that may control the stations of a simulator."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=simulator.origin,
        data=entry_data(simulator),
        options={CONF_LIVE: False, CONF_ALLOW_CONTROL: True},
    )


@pytest.mark.parametrize("homes", [("v1", "charger")])
async def test_same_entities(
    room: Room, unusual: GoodWeSimulator, all_enabled: None
) -> None:
    secrets = (*unusual.devices, *unusual.houses, unusual.account, unusual.password)
    before = await room.record(entry_of(unusual), *secrets)
    await unusual.stop()
    assert before.values > 80
    assert differences(before, await room.play(entry_of)) == {}


@pytest.mark.parametrize("homes", [("all_in_one", "string"), ("viewer",)])
async def test_it_is_never_too_old(room: Room, unusual: GoodWeSimulator) -> None:
    """Also in winter, when the clocks have been put back."""
    before = await room.record(entry_of(unusual))
    await unusual.stop()
    after = await room.play(entry_of, timedelta(days=200, hours=3))
    assert differences(before, after) == {}

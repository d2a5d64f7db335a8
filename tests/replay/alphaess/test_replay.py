"""A download of an AlphaESS account, played back, gives the same entities."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    DOMAIN,
)
from simulator.alphaess import AlphaEssSimulator
from tests.replay.room import Room, differences


@pytest.fixture
def homes() -> int:
    """One of each kind, the first with an EV charger."""
    return 4


@pytest.fixture
def unusual(sim: AlphaEssSimulator) -> AlphaEssSimulator:
    """An account as the simulator never has it by itself."""
    for system in sim.systems.values():
        system.house.override(pv_w=777.0, load_w=2345.0)
        if system.has_battery:
            system.house.override(soc=41.0)
            system.write_as_app(system.charge, batHighCap=91, timeChae1="05:30")
            system.write_as_app(system.discharge, batUseCap=17)
            system.write_as_app(system.periodic, gridChargeCycle=1)
        if system.charger is not None:
            system.write_as_app(system.household, currentsetting=20.0)
    return sim


def entry_of(simulator: AlphaEssSimulator) -> MockConfigEntry:
    """Return an entry for the account of a simulator."""
    told = simulator.credentials()
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=simulator.origin,
        data={
            CONF_APP_ID: told["AppID"],
            CONF_APP_SECRET: told["AppSecret"],
            CONF_BASE_URL: simulator.url,
        },
    )


async def test_same_entities(
    room: Room, unusual: AlphaEssSimulator, all_enabled: None
) -> None:
    secrets = (*unusual.systems, *unusual.credentials().values())
    before = await room.record(entry_of(unusual), *secrets)
    assert before.values > 100
    assert before.state("solar_power") == "777.0"
    assert differences(before, await room.play(entry_of)) == {}


@pytest.mark.parametrize("homes", [2])
async def test_it_is_never_too_old(room: Room, unusual: AlphaEssSimulator) -> None:
    """Also in winter, when the clocks have been put back."""
    before = await room.record(entry_of(unusual))
    after = await room.play(entry_of, timedelta(days=200, hours=3))
    assert differences(before, after) == {}

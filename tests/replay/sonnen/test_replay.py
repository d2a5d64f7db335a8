"""A download of a sonnenBatterie, played back, gives the same entities."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.replay import load
from simulator.replay.play import play
from simulator.sonnen import SonnenBattery, SonnenSimulator, variant
from tests.replay.room import Room, differences
from tests.sonnen_energy.conftest import entry_of

# Home Assistant integrates them itself from the first reading on
INTEGRATED = {
    f"{name}_energy_{period}"
    for name in (
        "battery_charge",
        "battery_discharge",
        "export",
        "import",
        "load",
        "solar",
    )
    for period in ("today", "total")
}


def again(simulator: SonnenSimulator) -> MockConfigEntry:
    """Return an entry for the played battery."""
    return entry_of(simulator.batteries[0])


@pytest.fixture
def unusual(battery: SonnenBattery) -> SonnenBattery:
    """A battery that the simulator never has by itself."""
    battery.write_as_app(EM_USOC="35", EM_OperatingMode="1", NVM_PfcFixedCosPhi="0.93")
    battery.house.override(soc=41.0, pv_w=777.0, load_w=2345.0)
    return battery


async def test_same_entities(
    room: Room, unusual: SonnenBattery, all_enabled: None
) -> None:
    before = await room.record(entry_of(unusual), unusual.token, unusual.serial)
    assert before.values > 40
    assert before.state("backup_reserve") == "35"
    after = await room.play(again)
    assert differences(before, after, but=INTEGRATED) == {}


@pytest.mark.parametrize("later", [timedelta(hours=5), timedelta(days=200)])
async def test_it_is_never_too_old(
    room: Room, unusual: SonnenBattery, later: timedelta
) -> None:
    """Also in winter, when the clocks have been put back."""
    before = await room.record(entry_of(unusual))
    after = await room.play(again, later)
    assert differences(before, after, but=INTEGRATED) == {}


async def test_old_firmware(room: Room, battery: SonnenBattery) -> None:
    """What it does not have is not there afterwards either."""
    battery.variant = variant("old")
    battery.variant.configuration_types = "native"
    before = await room.record(entry_of(battery))
    after = await room.play(again)
    assert differences(before, after, but=INTEGRATED) == {}


async def test_settings_can_be_changed(
    hass: HomeAssistant, room: Room, unusual: SonnenBattery
) -> None:
    await room.record(entry_of(unusual))
    simulator = play(load(room.path))
    await simulator.start()
    entry = again(simulator)
    await room.shown(entry)
    registry = er.async_get(hass)
    [reserve] = [
        item.entity_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.translation_key == "backup_reserve" and item.domain == "number"
    ]
    await hass.services.async_call(
        "number", "set_value", {"entity_id": reserve, "value": 50}, blocking=True
    )
    assert simulator.batteries[0].settings["EM_USOC"].stored == "50"
    assert hass.states.get(reserve).state == "50"
    await simulator.stop()

"""NOAH and NEXA: what the app and the token set of either (reference section 6.7)."""

from typing import Any

from homeassistant.const import Platform
import pytest

from ..platforms import only
from .room import Room
from .test_services_settings import UPDATE


@pytest.fixture
def homes() -> tuple[str, ...]:
    """A balcony storage."""
    return ("NOAH",)


@pytest.fixture
async def nexa(bare: None, room: Room) -> Room:
    """One that the app knows as a NEXA, in a mode of its own."""
    room.device.switches.nexa = True
    room.device.restore({"defaultMode": 1})
    await room.start()
    await room.minutes(6)  # a NOAH may be asked again
    return room


BOTH = pytest.mark.parametrize("mode", ["token", "login"])


@BOTH
@pytest.mark.parametrize(
    ("type_", "parameters", "shown"),
    [
        ("default_power", ["300"], {"defaultPower": 300, "defaultMode": 1}),
        (
            "charging_soc",
            ["90", "20"],
            {"chargingSocHighLimit": 90, "chargingSocLowLimit": 20},
        ),
        ("allow_grid_charging", ["1"], {"allowGridCharging": 1}),
        ("grid_connection_control", ["1"], {"gridConnectionControl": 1}),
    ],
)
async def test_a_nexa_is_set_and_read_back(
    nexa: Room, type_: str, parameters: list[str], shown: dict[str, Any]
) -> None:
    """By paths of its own with a login; nothing else changes."""
    before = dict(nexa.device.settings.stored)
    answer = await nexa.call(UPDATE, type=type_, parameters=parameters)
    assert answer["outcome"] == "applied"
    assert nexa.device.settings.stored == before | shown


@BOTH
async def test_the_reserve_of_a_nexa(nexa: Room) -> None:
    assert (await nexa.call("set_reserve", soc=25))["outcome"] == "applied"
    assert nexa.device.settings.stored["chargingSocLowLimit"] == 25
    assert nexa.device.settings.stored["chargingSocHighLimit"] == 100


@pytest.mark.parametrize("mode", ["login"])
async def test_what_only_a_nexa_has(nexa: Room) -> None:
    """It cannot be read, so it stands as it was acknowledged."""
    answer = await nexa.call(UPDATE, type="never_power_off", parameters=["1"])
    assert answer["outcome"] == "applied"
    assert nexa.device.settings.stored["never_power_off"] == 1


async def test_off_grid_output_of_a_noah(room: Room) -> None:
    """A switch, which is disabled until somebody wants it."""
    with only(Platform.SWITCH):
        await room.start()
        await room.minutes(6)
        await room.set("switch", "off_grid", on=True)
    assert room.device.settings.stored["gridConnectionControl"] == 1
    assert room.state("switch", "off_grid") == "on"

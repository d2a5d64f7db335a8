"""EV chargers by hand (reference sections 3.14 and 6.5)."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from ..platforms import only
from .room import Room


@pytest.fixture
def homes() -> tuple[str, ...]:
    """A hybrid with an EV charger."""
    return ("charger",)


@pytest.fixture
async def charger(room: Room) -> Any:
    """The charger with a car; what is said goes to it."""
    room.serial = next(
        device.sn for device in room.station.devices if device.type == "EV_CHARGER"
    )
    room.station.house.override(ev_plugged=True)
    with only(Platform.NUMBER, Platform.SELECT, Platform.SWITCH, Platform.SENSOR):
        await room.start()
        yield room.controls


async def test_another_mode_without_a_power(room: Room, charger: Any) -> None:
    """With one it would fall back."""
    await room.set("select", "mode", option="pv_battery")
    assert charger.mode == 2
    assert room.state("select", "mode") == "pv_battery"
    with pytest.raises(ServiceValidationError):
        await room.set("number", "max_power", value=7)
    await room.set("select", "mode", option="fast")
    assert charger.mode == 0


async def test_the_power_of_the_fast_mode(room: Room, charger: Any) -> None:
    await room.set("number", "max_power", value=7.4)
    assert charger.power_kw == 7.4
    assert room.state("number", "max_power") == "7.4"
    assert room.entity("number", "max_power").attributes["min"] == 1.4


async def test_a_car_is_charged_and_is_not(room: Room, charger: Any) -> None:
    before = room.state("switch", "charging")
    await room.set("switch", "charging", on=before == "off")
    assert room.state("switch", "charging") == ("on" if before == "off" else "off")
    await room.set("switch", "charging", on=before == "on")
    assert room.state("switch", "charging") == before


async def test_a_mode_that_falls_back_is_told(room: Room, charger: Any) -> None:
    """Units of the first generation go back to what they have stored (6.5)."""
    charger.switches.reverts_after = 5.0
    with pytest.raises(HomeAssistantError):
        await room.set("select", "mode", option="pv")
    assert room.state("select", "mode") == "fast"


async def test_settings_cost_no_requests_of_their_own(room: Room, charger: Any) -> None:
    """They are in what is read of the charger anyway."""
    details = "sems-remote/api/ev-charger/detail"
    room.sim.requests.forget()
    await room.minutes(60)
    assert room.sim.requests.counts[details] <= 13

"""What only an SPA has: a reserve by remote control, and periods nobody has proved."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from .room import Room


@pytest.fixture
def homes() -> tuple[str, ...]:
    """One SPA."""
    return ("SPA",)


@pytest.fixture
def reserve(room: Room) -> Any:
    """The load-priority discharge cut-off, which is kept in flash."""
    return lambda: room.device.vpp.values[24]


async def test_the_reserve_for_good_and_for_a_time(room: Room, reserve: Any) -> None:
    await room.start()
    assert room.state("number", "backup_reserve") == "10"
    answer = await room.call("set_reserve", soc=15)
    assert (answer["outcome"], answer["effective"]) == ("applied", {"soc": 15})
    assert room.state("number", "backup_reserve") == "15"
    await room.call("set_reserve", soc=20, duration={"minutes": 30})
    assert reserve() == 20
    await room.minutes(36)
    assert reserve() == 15
    # The authority is lent for the write alone
    assert room.device.vpp.values[1] == 0
    assert room.issues == []


async def test_a_reserve_beside_a_force(room: Room, reserve: Any) -> None:
    """Neither ends the other, and both come back."""
    await room.start()
    before = room.stored
    await room.charge(60, power=1500)
    await room.call("set_reserve", soc=18, duration={"minutes": 90})
    await room.minutes(11)
    assert (room.mode, room.control) == ("force_charge", "active")
    assert -1600 < room.power < -1300
    assert reserve() == 18
    await room.minutes(60)
    assert (room.mode, reserve()) == (None, 18)
    await room.minutes(25)
    assert room.stored == before


async def test_both_end_at_once(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60, power=1500)
    await room.call("set_reserve", soc=18, duration={"minutes": 90})
    await room.call("self_use")
    assert room.stored == before


@pytest.mark.parametrize("soc", [5, 30])
async def test_a_reserve_that_the_vendor_does_not_take(room: Room, soc: int) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError):
        await room.call("set_reserve", soc=soc)
    assert room.sent == 0


async def test_a_reserve_that_is_not_stored_gives_the_authority_back(
    room: Room,
) -> None:
    await room.start()
    room.device.vpp.write(1, 0)
    real = type(room.device.vpp).write

    def write(self: Any, number: int, value: Any) -> None:
        if number != 24:
            real(self, number, value)

    room.device.vpp.write = write.__get__(room.device.vpp)
    with pytest.raises(HomeAssistantError):
        await room.call("set_reserve", soc=15)
    assert room.device.vpp.values[1] == 0


@pytest.mark.parametrize("mode", ["login"])
async def test_a_login_has_no_reserve(room: Room) -> None:
    await room.start()
    assert not room.has("number", "backup_reserve")
    with pytest.raises(HomeAssistantError):
        await room.call("set_reserve", soc=15)


async def test_periods_with_a_token_only_for_who_asks_for_them(room: Room) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError, match="contradicts itself"):
        await room.ask("write_ac_charge_times", charge_power=50)
    assert not room.has("number", "charge_power_limit")


async def test_periods_with_a_token_are_read_back(room: Room) -> None:
    await room.start(experimental_periods=True)
    await room.ask("write_ac_charge_times", charge_power=50)
    assert room.device.settings.stored["chargePowerCommand"] == 50
    answer = await room.call("hold", duration={"minutes": 30})
    assert answer["outcome"] == "applied"
    assert room.has("number", "charge_power_limit")

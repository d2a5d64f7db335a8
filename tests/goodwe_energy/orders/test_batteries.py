"""Which battery an inverter with several is led by (reference section 6.2)."""

from types import SimpleNamespace
from typing import Any

from homeassistant.const import Platform
import pytest

from custom_components.goodwe_energy.device import Device

from ..platforms import only
from .room import CHARGING, Room


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have an inverter's batteries be those of these indices, in this order."""
    indices = ["1"]

    def batteries(_: Device) -> list[Any]:
        return [
            SimpleNamespace(bat_index=index, battery_name=f"mppt{index}_battery")
            for index in indices
        ]

    monkeypatch.setattr(Device, "batteries", property(batteries))
    return indices


async def test_several_batteries_are_charged_by_a_slot(
    room: Room, told: list[str]
) -> None:
    """Immediate charging would fill one of them only."""
    told[:] = ["1", "2"]
    with only(Platform.SWITCH):
        await room.start()
    await room.charge(60)
    assert (room.stored[CHARGING], len(room.slots_on)) == (0, 1)


async def test_a_second_battery_does_not_strand_a_charge(
    room: Room, told: list[str]
) -> None:
    with only(Platform.SWITCH):
        await room.start()
    before = room.stored
    await room.charge(30)
    assert room.stored[CHARGING] == 1
    told[:] = ["2", "1"]
    await room.minutes(15)
    assert room.stored[CHARGING] == 1
    await room.minutes(20)
    assert room.stored == before
    await room.minutes(10)
    await room.charge(5)
    assert (room.stored[CHARGING], len(room.slots_on)) == (0, 1)


async def test_a_battery_that_is_not_told_for_a_while_is_led_as_before(
    room: Room, told: list[str]
) -> None:
    with only(Platform.SWITCH):
        await room.start()
    told.clear()
    await room.minutes(10)
    await room.charge(5)
    assert (room.stored[CHARGING], room.slots_on) == (1, [])

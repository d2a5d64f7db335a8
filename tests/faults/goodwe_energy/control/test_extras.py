"""GoodWe's own faults: slow writes, gain, ids that vary, flags of slots, 47545."""

from collections.abc import Mapping
from typing import Any, Self
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.goodwe_energy.api.client import GoodWeClient
from tests.goodwe_energy.orders.room import CHARGING, RESERVE, Room


class Spy:
    """Takes down how registers are written: address -> value, function id, log."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: list[tuple[str, Any, str, Mapping[str, Any]]] = []
        self._real = GoodWeClient.set_function

    def __enter__(self) -> Self:
        async def note(client: GoodWeClient, target: Any, *rest: Any) -> None:
            values, ids, logs = rest
            self.found += [(a, values[a], str(ids[a]), logs) for a in values]
            await self._real(client, target, *rest)

        self._patch = patch.object(GoodWeClient, "set_function", note)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()

    def of(self, address: str) -> list[tuple[Any, str, Mapping[str, Any]]]:
        """Return the writes of one register."""
        return [rest for found, *rest in self.found if found == address]


def ids_of(room: Room, address: str) -> dict[str, str]:
    """Return the ids of all functions of a register, by translation key."""
    return {
        function["translateKey"]: function["id"]
        for function in _listed(room)
        if function["address"] == address
    }


def _listed(room: Room) -> list[dict[str, Any]]:
    """Return all functions of the inverter's menu and of its battery's."""
    functions = room.controls.functions
    menus = [*functions.menus(0, ""), *functions.menus(1, "1")]
    return list(_functions(menus))


def _functions(menus: Any) -> Any:
    for menu in menus:
        yield from menu.get("functions", ())
        yield from _functions(menu.get("children", ()))


async def test_beginning_and_ending_have_ids_of_their_own(room: Room) -> None:
    """47545 is one register with two functions (section 6.2)."""
    await room.start()
    ids = ids_of(room, CHARGING)
    assert len(set(ids.values())) == 2
    with Spy() as spy:
        await room.charge(30)
        await room.call("self_use")
    assert spy.of(CHARGING) == [
        [1, ids["immediate_charge"], {"immediate_charge": "on"}],
        [0, ids["stop_charging"], {"stop_charging": "remote_Switch_off"}],
    ]


@pytest.mark.parametrize("homes", ["hybrid", "v2", "all_in_one"], indirect=True)
async def test_ids_are_those_of_the_device(room: Room) -> None:
    """The same register has other ids on another device: none is known beforehand."""
    await room.start()
    with Spy() as spy:
        await room.call("set_export_limit", power=3000)
    ids = {address: id_ for address, _, id_, _ in spy.found}
    assert set(ids) == {"47509", "47510"}
    for address, id_ in ids.items():
        assert id_ in ids_of(room, address).values()


@pytest.mark.parametrize("homes", ["v2"], indirect=True)
async def test_a_number_with_a_gain_is_never_written(room: Room) -> None:
    """Whether 10 means 10 or 1 there is not proven (section 6.2)."""
    await room.start()
    with pytest.raises(HomeAssistantError):
        await room.call("set_reserve", soc=30)
    with Spy() as spy:
        answer = await room.charge(30)
        await room.call("self_use")
    assert answer["outcome"] == "applied"
    gains = {
        function["address"]
        for function in _listed(room)
        if function["gain"] not in (None, 1)
    }
    assert gains
    assert not gains.intersection(address for address, *_ in spy.found)


async def test_a_write_of_half_a_minute(room: Room) -> None:
    """It is waited for, and polls are answered meanwhile."""
    await room.start()
    room.controls.switches.write_seconds = 31.0
    order = room.order("set_reserve", soc=30)
    await room.advance(order, by=1.0, at_most=10)
    assert not order.done()
    room.sim.requests.forget()
    plant = next(iter(room.entry.runtime_data.plants.values()))
    await plant.live.async_refresh()
    assert room.sim.requests.counts["sems-plant/api/stations/flow"] == 1
    assert not order.done()
    await room.advance(order, by=2.0, at_most=60)
    assert (await order)["outcome"] == "applied"
    assert room.stored[RESERVE] == 30
    assert room.sent == 1


async def test_a_write_that_is_acknowledged_too_late(room: Room) -> None:
    """After 90 s nobody waits for the answer: what is read then tells."""
    await room.start()
    room.controls.switches.write_seconds = 120.0
    order = room.order("set_tou_slot", slot=1, enabled=True)
    await room.advance(order, by=5.0, at_most=80)
    assert not order.done()
    await room.advance(order, by=5.0, at_most=300)
    assert (await order)["outcome"] == "applied"
    assert room.slots_on == [1]


@pytest.mark.parametrize("flag", [0, 85])
async def test_flags_of_slots(room: Room, flag: int) -> None:
    """249 is on, 6 is off; 0 and 85 are slots that nobody has used (section 6.4)."""
    stored = room.controls.settings.stored
    room.controls.restore({"TOU3": stored["TOU3"] | {"TOUWeekEnable3": flag}})
    await room.start()
    assert (await room.call("read_schedule"))["rows"] == []
    answer = await room.call("set_tou_slot", slot=3, start="01:00", end="02:00")
    assert answer["outcome"] == "applied"
    assert room.slot(3)["TOUWeekEnable"] == 249
    await room.call("set_tou_slot", slot=3, enabled=False)
    assert room.slot(3)["TOUWeekEnable"] == 6
    assert room.slot(3)["TOUWeek"] == list(range(7))


async def test_a_function_that_is_not_listed_any_more(room: Room) -> None:
    """New firmware, other menus: nothing is guessed."""
    await room.start()
    functions = room.controls.functions
    functions.general = functions.general[:1]
    before = room.stored
    await room.minutes(6 * 60 + 30)
    with pytest.raises(HomeAssistantError):
        await room.call("set_reserve", soc=30)
    assert room.stored == before


async def test_menus_are_asked_for_every_six_hours(room: Room) -> None:
    """And not with each change."""
    await room.start()
    for soc in (20, 30):
        await room.call("set_reserve", soc=soc)
    menus = "sems-remote/api/v2/address/remote/getDeviceFunctionTabMenus"
    assert room.sim.counters.count(menus) == 0

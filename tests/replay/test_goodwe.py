"""What is GoodWe's own: menus, of which each model has others."""

from dataclasses import replace

import pytest

from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.controls import Controls
from simulator.goodwe.function_tables import Menu

from .room import Room, differences
from .vendor import Case
from .vendors import GOODWE


def limited(menu: Menu) -> Menu:
    """Return a menu whose powers go up to 7777 W."""
    functions = tuple(
        replace(one, range=(0, 7777)) if one.unit == "W" else one
        for one in menu.functions
    )
    return Menu(key="quick", children=(replace(menu, functions=functions),))


@pytest.mark.parametrize("case", [Case(GOODWE, ("hybrid",))])
async def test_other_menus(room: Room, sim: GoodWeSimulator, all_enabled: None) -> None:
    """Settings that are not in them are not there afterwards either."""
    for device in sim.devices.values():
        if isinstance(device.control, Controls):
            functions = device.control.functions
            menus = [it for it in functions.general if it.key != "battery_settings"]
            functions.install(
                tuple(map(limited, menus)),
                tuple(
                    replace(it, functions=it.functions[:3]) for it in functions.battery
                ),
            )
            functions.offered = frozenset({"selfUseMode", "TOUMode"})
    before = await room.record(sim)
    assert any("7777" in str(seen.kind) for seen in before.entities.values())
    assert differences(before, await room.play(), but=GOODWE.anew) == []

"""The functions of one inverter with the ids that only it has (reference 6.2)."""

from collections.abc import Iterator, Sequence
import json
from typing import Any

from ..noise import dice
from .function_tables import (
    BATTERY,
    DONGLE,
    GENERAL,
    HIDDEN_MODES,
    V1_HIDDEN_MODES,
    WORK_MODES,
    Function,
    Menu,
)


class Functions:
    """Menus of an inverter, its battery and its dongle."""

    def __init__(self, sn: str, make: str, *, battery: bool) -> None:
        """List what a make has; `sn` decides about the ids."""
        self._sn = sn
        self.offered: frozenset[str] | None = None
        """Work modes that have a visible card; None is what is usual."""
        self.install(GENERAL[make], BATTERY if battery else ())

    def install(self, general: Sequence[Menu], battery: Sequence[Menu]) -> None:
        """Have these menus from now on."""
        self.general, self.battery = general, battery
        self._ids = {
            self.id_of(function): function
            for menus in (self.general, self.battery, DONGLE)
            for function in _functions(menus)
        }

    def id_of(self, function: Function) -> str:
        """Return the 19 digits by which a write names a function of this device."""
        draw = dice(1, f"{self._sn}/{function.key}", int(function.address))
        return str(draw.randrange(10**18, 2 * 10**18))

    def find(self, address: str, function_id: str) -> Function | None:
        """Return the function of an id, if it is at that address."""
        function = self._ids.get(function_id)
        return function if function and function.address == address else None

    def is_of_battery(self, function: Function) -> bool:
        """Return whether a function is in the menu of the battery."""
        return function in _functions(self.battery)

    def menus(self, menu_code: int, battery: str) -> list[dict[str, Any]]:
        """Return `functionMenus` of the general functions."""
        if menu_code == 0 and not battery:
            return self._listed(self.general)
        if menu_code == 1 and battery == "1":
            return self._listed(self.battery)
        return self._listed(DONGLE) if menu_code == 3 else []

    def tree(self) -> list[dict[str, Any]]:
        """Return everything in one tree."""
        whole = Menu(key="all", children=(*self.general, *self.battery))
        return self._listed((whole,))

    def cards(self, *, v1: bool) -> list[dict[str, Any]]:
        """Return the cards of work modes in their menu; `visible` 0 is offered."""
        hidden = V1_HIDDEN_MODES if v1 else HIDDEN_MODES
        if self.offered is not None:
            hidden = frozenset(WORK_MODES) - self.offered
        children = [
            {
                "menuId": self._menu_id(key),
                "translateKey": key,
                "funcKey": func_key,
                "visible": int(func_key in hidden),
                "children": [],
                "functions": [],
            }
            for func_key, key in WORK_MODES.items()
        ]
        return [
            {
                "menuId": self._menu_id("work_mode"),
                "translateKey": "work_mode",
                "children": children,
                "functions": [],
            }
        ]

    def _menu_id(self, key: str) -> str:
        draw = dice(1, f"{self._sn}/menu/{key}", 0)
        return str(draw.randrange(10**18, 2 * 10**18))

    def _listed(self, menus: Sequence[Menu]) -> list[dict[str, Any]]:
        return [
            {
                "menuId": self._menu_id(menu.key),
                "translateKey": menu.key,
                "children": self._listed(menu.children),
                "functions": [self._function(entry) for entry in menu.functions],
            }
            for menu in menus
        ]

    def _function(self, function: Function) -> dict[str, Any]:
        options = [{"transKey": key, "value": value} for key, value in function.options]
        low_high = ""
        if function.range is not None:
            low_high = "[{:g},{:g}]".format(*function.range)
        return {
            "address": function.address,
            "id": self.id_of(function),
            "translateKey": function.key,
            # Nobody may show it
            "functionName": "功能",
            "funcKey": function.func_key,
            "rwType": function.rw,
            "control": function.control,
            "controlAttr": json.dumps(options) if options else "",
            "range": low_high,
            "gain": function.gain,
            "unit": function.unit,
            "type": "U16",
            "size": 1,
            "cpuType": "ARM",
            "preCommand": "F7",
        }


def _functions(menus: Sequence[Menu]) -> Iterator[Function]:
    for menu in menus:
        yield from menu.functions
        yield from _functions(menu.children)

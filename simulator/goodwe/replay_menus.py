"""The menus of an inverter as far as a download has recorded them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .function_tables import BATTERY, Function, Menu
from .functions import Functions

# What is beside the settings of an inverter, those of its battery
_OF_BATTERY = frozenset(menu.key for menu in BATTERY)

type _Path = tuple[str, ...]


def take_menus(functions: Functions, told: Mapping[str, Any]) -> None:
    """List what was found out about a device; downloads of old tell only the names.

    Functions that were of no use then are not recorded, and not listed.
    """
    if isinstance(cards := told.get("cards"), list):
        functions.offered = frozenset(map(str, cards))
    recorded = told.get("functions")
    if not isinstance(recorded, Mapping) or not told.get("menu_keys"):
        return
    paths = {
        path: _functions(recorded.values(), path[-1])
        for path in (tuple(str(key).split("/")) for key in told["menu_keys"])
    }
    general = {path: it for path, it in paths.items() if path[0] not in _OF_BATTERY}
    of_battery = {path: it for path, it in paths.items() if path[0] in _OF_BATTERY}
    functions.install(_menus(general), _menus(of_battery))


def _functions(recorded: Iterable[Mapping[str, Any]], key: str) -> list[Function]:
    """Return the functions of a key, each of them once."""
    return list(
        dict.fromkeys(_function(one) for one in recorded if one.get("key") == key)
    )


def _function(one: Mapping[str, Any]) -> Function:
    low, high = one.get("low"), one.get("high")
    return Function(
        key=str(one["key"]),
        address=str(one["address"]),
        control=int(one.get("control") or 0),
        rw="RW" if one.get("readable") else "WO",
        options=tuple(
            (str(name), f"{value:g}")
            for name, value in (one.get("options") or {}).items()
        ),
        unit=str(one.get("unit") or ""),
        range=(low, high) if low is not None and high is not None else None,
    )


def _menus(paths: Mapping[_Path, Sequence[Function]]) -> tuple[Menu, ...]:
    found: dict[str, Menu] = {}
    for path, functions in paths.items():
        menu = found.get(path[0], Menu(key=path[0]))
        found[path[0]] = _with(menu, path[1:], tuple(functions))
    return tuple(found.values())


def _with(menu: Menu, path: _Path, functions: tuple[Function, ...]) -> Menu:
    """Return a menu with functions at the end of a path, which is their key."""
    if len(path) < 2:
        return replace(menu, functions=(*menu.functions, *functions))
    inner = {child.key: child for child in menu.children}
    inner[path[0]] = _with(inner.get(path[0], Menu(key=path[0])), path[1:], functions)
    return replace(menu, children=tuple(inner.values()))

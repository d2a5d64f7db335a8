"""Finds what entities an integration has."""

from collections.abc import Iterator
import importlib
import pkgutil
import re
from types import ModuleType
from typing import Any

from homeassistant.helpers.entity import EntityDescription


def modules(domain: str) -> list[ModuleType]:
    """Returns the integration's own modules, also those in its folders."""
    return list(_modules(f"custom_components.{domain}"))


def _modules(name: str) -> Iterator[ModuleType]:
    module = importlib.import_module(name)
    yield module
    for inner in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if inner.name != "_vendor":
            yield from _modules(f"{name}.{inner.name}")


def descriptions(domain: str) -> list[tuple[str, EntityDescription]]:
    """Returns each entity description with its platform."""
    found = {
        id(item): item
        for module in modules(domain)
        for value in vars(module).values()
        for item in _descriptions(value)
    }
    return [(_platform(item), item) for item in found.values()]


def _descriptions(value: Any) -> Iterator[EntityDescription]:
    # Not isinstance: Home Assistant's own descriptions are made of copies of the class
    if any(kind.__name__ == EntityDescription.__name__ for kind in type(value).__mro__):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _descriptions(item)
    elif isinstance(value, dict):
        yield from _descriptions(list(value.values()))


def _platform(description: EntityDescription) -> str:
    """Returns ``binary_sensor`` for what descends from BinarySensorEntityDescription."""
    return next(
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__[: -len("EntityDescription")])
        for kind in type(description).__mro__
        if kind.__module__.startswith("homeassistant.")
        and kind.__name__.endswith("EntityDescription")
    ).lower()

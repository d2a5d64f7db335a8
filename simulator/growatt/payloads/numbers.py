"""How the cloud spells numbers (reference section 3.0)."""

from collections.abc import Mapping
from typing import Any


def kwh(watt_hours: float) -> float:
    """Return an energy with the resolution of the devices, 0.1 kWh."""
    return round(watt_hours / 1000, 1)


def watts(power: float) -> float:
    """Return a power with the resolution of the devices, 0.1 W, never negative."""
    return round(max(0.0, power), 1)


def text(value: float) -> str:
    """Return a number as the app's objects have it: "0.02", "95", "0"."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"


def kilowatts(power: float) -> str:
    """Return a power in W as the app's kW text with two digits."""
    return text(round(power / 1000, 2))


def texts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record all of whose numbers are texts."""
    return {
        key: text(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for key, value in record.items()
    }

"""What the demo enters for GoodWe: one account with two plants."""

from typing import Any

from simulator.goodwe import Home, default_homes
from simulator.goodwe.session import ACCOUNT, PASSWORD

from .vendor import Answers, Door, Plant

HOMES = default_homes(2)
ENABLED = 249  # of a slot
WRITES = (
    "sems-remote/api/v1/address/remote/setDeviceFunctionParameters",
    "sems-remote/api/v1/remote/set",
)
NAMES = {
    "solar_power": "pv_power",
    "import_energy_total": "grid_import_total",
    "export_energy_total": "grid_export_total",
    "battery_charge_energy_total": "battery_charge_total",
    "battery_discharge_energy_total": "battery_discharge_total",
}


def entry(simulator: str) -> Answers:
    """Returns the input of the config flow; all plants are suggested there."""
    return {
        "user": {
            "account": ACCOUNT,
            "password": PASSWORD,
            "region": "auto",
            "expert": {"server_url": simulator},
        },
        "plants": {"plants": [home.id for home in HOMES]},
        "control": {"allow_control": True},
    }


def inverter(home: Home) -> str:
    """Returns the serial of what leads a home's battery, which is its first device."""
    return home.devices[0].sn


def stored(device: Any) -> Any:
    """Returns what an inverter has stored.

    A slot that has no time is like any other: what never was one cannot be written.
    """
    return {
        key: None if _without_time(key, value) else value
        for key, value in device["stored"].items()
    }


def _without_time(key: str, value: Any) -> bool:
    number = key.removeprefix("TOU")
    if number == key or not number.isdigit():
        return False
    start, end = value[f"TOUStart{number}"], value[f"TOUEnd{number}"]
    return bool(start == end and value[f"TOUWeekEnable{number}"] != ENABLED)


def doors() -> dict[str, Door]:
    """Returns where each home is asked for: houses are those of plants."""
    return {inverter(home): Door(place=0, house=home.id) for home in HOMES}


def plants() -> dict[str, Plant]:
    """Returns the plants, which are devices of their own."""
    return {
        inverter(home): Plant(identifier=home.id, past=home.id.replace("-", "_"))
        for home in HOMES
    }

"""The sensors of a plant (reference section 9, P)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._vendor.core.ha.coordinator import BundleCoordinator
from .describe import (
    ValueDescription,
    count,
    energy,
    money,
    percent,
    power,
    soc,
    stored_energy,
    time,
    words,
)
from .enums import STATION_STATUS_OPTIONS

if TYPE_CHECKING:
    from .plant import Plant

_TODAY = (
    "solar_energy",
    "consumption",
    "grid_import",
    "grid_export",
    "self_use",
    "battery_charge",
    "battery_discharge",
)

FLOW: tuple[ValueDescription, ...] = (
    power("pv_power"),
    power("load_power"),
    power("grid_power"),
    power("grid_import_power", enabled=False),
    power("grid_export_power", enabled=False),
    power("battery_power"),
    power("battery_charge_power", enabled=False),
    power("battery_discharge_power", enabled=False),
    soc("battery_soc"),
    power("ac_power", enabled=False),
    power("third_party_pv_power"),
    power("ev_charger_power"),
    power("heat_pump_power"),
    power("generator_power"),
    time("last_refresh", diagnostic=True),
)

INFO: tuple[ValueDescription, ...] = (
    stored_energy("battery_capacity", diagnostic=True),
    words(
        "status", name="plant_status", options=STATION_STATUS_OPTIONS, diagnostic=True
    ),
)

TODAY: tuple[ValueDescription, ...] = (
    *(energy(f"{flow}_today") for flow in _TODAY),
    percent("self_sufficiency_today"),
    percent("self_use_rate_today"),
)

INCOME: tuple[ValueDescription, ...] = (
    money("income_today"),
    money("feed_in_income_today"),
)

TOTALS: tuple[ValueDescription, ...] = (
    energy("solar_energy_month", enabled=False),
    energy("solar_energy_year", enabled=False),
    energy("solar_energy_total"),
    energy("grid_import_total"),
    energy("grid_export_total"),
    energy("battery_charge_total"),
    energy("battery_discharge_total"),
    energy("consumption_total", enabled=False),
    energy("self_use_total", enabled=False),
)

ALARM_COUNTS: tuple[ValueDescription, ...] = (count("active_alarms", diagnostic=True),)

# By the answer that they are in, and which says when they were true
PLANT: tuple[
    tuple[
        Callable[[Plant], BundleCoordinator[Any]],
        tuple[ValueDescription, ...],
    ],
    ...,
] = (
    (lambda plant: plant.live, (*FLOW, *TOTALS)),
    (lambda plant: plant.info, INFO),
    (lambda plant: plant.today, TODAY),
    (lambda plant: plant.income, INCOME),
    (lambda plant: plant.alarms_listing, ALARM_COUNTS),
)


def of_battery(key: str) -> bool:
    """Tell whether a value of a plant is that of its battery."""
    return key.startswith("battery_")

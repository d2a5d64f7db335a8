"""What of a plant the energy dashboard is fed with (reference section 9.8)."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnergyMap:
    """Keys of a plant's sensors, None where the plant has no such thing."""

    solar: str | None
    grid_import: str | None
    grid_export: str | None
    battery_charge: str | None
    battery_discharge: str | None
    solar_power: str | None
    grid_power: str | None
    battery_power: str | None


def energy_map(keys: Collection[str], *, has_battery: bool) -> EnergyMap:
    """Return the dashboard's sources of a plant.

    ``keys`` are the values that it ever had. Without a meter there are no counters of
    the grid, and none is made of a power; without a battery its two stay out. A battery
    that counts in one direction only would make energy out of nothing: it stays out.
    """

    def one(key: str) -> str | None:
        return key if key in keys else None

    both = {"battery_charge_total", "battery_discharge_total"} <= set(keys)
    battery = has_battery and both
    metered = one("grid_import_total") or one("grid_export_total")
    return EnergyMap(
        solar=one("pv_energy_total"),
        grid_import=one("grid_import_total"),
        grid_export=one("grid_export_total"),
        battery_charge="battery_charge_total" if battery else None,
        battery_discharge="battery_discharge_total" if battery else None,
        solar_power=one("pv_power"),
        grid_power=one("grid_power") if metered else None,
        battery_power=one("battery_power") if battery else None,
    )

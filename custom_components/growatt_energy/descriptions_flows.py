"""Powers and energies of house, grid, sun and battery, equal over all families.

Reference sections 9.2 to 9.7; the keys are the bundle's, so that AlphaESS, sonnen and
Growatt are one to whoever reads them.
"""

from .describe import (
    HYBRID,
    NONE,
    WHOLE,
    energy_today,
    energy_total,
    money_today,
    money_total,
    power,
    soc,
    today_and_total,
)
from .families import Family

_SPH = frozenset({Family.SPH, Family.SPH_S, Family.WIT})
# Most of them have no battery, or a meter for the sun of others only perhaps
_MIN = frozenset({Family.MIN})
_SPA = frozenset({Family.SPA})
_STORAGE = frozenset({Family.STORAGE})
_NOAH = frozenset({Family.NOAH})
_CT = ("grid_power", "load_power")
_SUN = ("solar_power", "solar_energy_total")

POWER = (
    soc("battery_soc", if_used=_MIN, pack=WHOLE),
    power("battery_power", if_used=_MIN, pack=WHOLE),
    power("battery_charge_power", if_used=_MIN, enabled=_SPH | _SPA, pack=WHOLE),
    power("battery_discharge_power", if_used=_MIN, enabled=_SPH | _SPA, pack=WHOLE),
    power("grid_charge_power", enabled=_SPH | _SPA),
    power("solar_power", if_used=_SPA, evidence=_SUN),
    power("output_power"),
    # A NOAH knows them only with a current transformer
    power("load_power", if_used=_NOAH, evidence=_CT, needs_meter=True),
    power("grid_power", if_used=_NOAH, evidence=_CT, needs_meter=True),
    power("grid_import_power", needs_meter=True),
    power("grid_export_power", needs_meter=True),
    power("self_power", enabled=_MIN, needs_meter=True),
    power("system_power", enabled=_MIN),
)

ENERGY = (
    *today_and_total("solar", if_used=_SPA, evidence=_SUN),
    *today_and_total("output"),
    *today_and_total("import", needs_meter=True),
    *today_and_total("export", needs_meter=True),
    *today_and_total("load", needs_meter=True),
    *today_and_total("battery_charge", if_used=_MIN, pack=WHOLE),
    *today_and_total("battery_discharge", if_used=_MIN, pack=WHOLE),
    *today_and_total("battery_grid_charge", if_used=_MIN, pack=WHOLE),
    *today_and_total("system_production", families=HYBRID, enabled=HYBRID),
    *today_and_total("self_consumption", families=HYBRID, enabled=HYBRID),
    # Only the app knows how the load was covered (section 9.4)
    energy_today("import_load_energy_today", families=_SPH, enabled=NONE),
    energy_today("load_from_battery_energy_today", families=_SPH, enabled=_SPH),
    energy_today("load_from_solar_energy_today", families=_SPH, enabled=_SPH),
    *today_and_total("grid_discharge", families=_STORAGE),
    *today_and_total("discharge", families=_STORAGE, enabled=NONE),
    *today_and_total("use", families=_STORAGE, enabled=NONE),
    energy_today("generation_energy_today", families=_NOAH),
    energy_total("generation_energy_month", families=_NOAH, enabled=NONE),
    energy_total("generation_energy_year", families=_NOAH, enabled=NONE),
    energy_total("generation_energy_total", families=_NOAH),
)

# Only the app tells them (sections 9.4 and 9.7)
MONEY = tuple(
    kind(f"{what}_{span}", families=families, enabled=NONE)
    for what, families in (("revenue", _SPH), ("profit", _NOAH))
    for kind, span in ((money_today, "today"), (money_total, "total"))
)

FLOWS = (*POWER, *ENERGY, *MONEY)

# What stands still at 0 where no meter tells the grid (section 9.9)
METERED = frozenset(item.key for item in FLOWS if item.needs_meter)

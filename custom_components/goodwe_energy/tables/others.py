"""What batteries, meters and dongles say (sections 3.6 to 3.8 and 9, B, M and D)."""

from .base import Factor, Kind, counters, factor, phases

BATTERY: tuple[Factor, ...] = (
    factor("soc", Kind.SOC, "soc"),
    factor("soh", Kind.SOC, "soh"),
    factor("power", Kind.POWER, "pBat"),
    factor("voltage", Kind.VOLTAGE, "voltage"),
    factor("current", Kind.CURRENT, "a"),
    factor("temperature", Kind.TEMPERATURE, "batSysTemp", "tempMaxCell"),
    factor("max_charge_current", Kind.CURRENT, "aMaxChar"),
    factor("max_discharge_current", Kind.CURRENT, "aMaxDischar"),
    factor("max_charge_power", Kind.POWER, "pMaxChar"),
    factor("max_discharge_power", Kind.POWER, "pMaxDischar"),
    factor("max_cell_voltage", Kind.CELL_VOLTAGE, "vMaxCell"),
    factor("min_cell_voltage", Kind.CELL_VOLTAGE, "vMinCell"),
    factor("max_cell_temperature", Kind.TEMPERATURE, "tempMaxCell"),
    factor("min_cell_temperature", Kind.TEMPERATURE, "tempMinCell"),
    factor("firmware", Kind.TEXT, "version"),
    # No entities of their own: the plant's battery energies where no inverter has any
    *counters("battery_charge", "proCharStats", "today", "total"),
    *counters("battery_discharge", "proDischarStats", "today", "total"),
)

METER: tuple[Factor, ...] = (
    factor("power", Kind.FEED, "totalPac", "pAc"),
    *phases("power_{p}", Kind.FEED, "PHASE-{p}:pAc"),
    *phases("voltage_{p}", Kind.VOLTAGE, "PHASE-{p}:voltage"),
    *phases("current_{p}", Kind.CURRENT, "PHASE-{p}:current"),
    factor("power_factor", Kind.POWER_FACTOR, "pf"),
    factor("frequency", Kind.FREQUENCY, "fac"),
    *counters("import", "proPurchaseStats", "today", "total"),
    *counters("export", "proGridStats", "today", "total"),
)

DONGLE: tuple[Factor, ...] = (
    factor("signal_strength", Kind.PERCENT, "wirelessSignalStrength"),
    factor("communication_mode", Kind.TEXT, "communicationMode"),
    factor("firmware", Kind.TEXT, "commModuleVer"),
)

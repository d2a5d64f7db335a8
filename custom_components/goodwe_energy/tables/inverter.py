"""What an inverter, hybrid or All-in-One says (sections 3.6 to 3.8 and 9, I)."""

from .base import Factor, Kind, counters, factor, phases

# Clients know up to four inputs; larger ones have more.
MOST_STRINGS = 16

INVERTER: tuple[Factor, ...] = (
    factor("power", Kind.POWER, "pAc"),
    factor("dc_power", Kind.POWER, "pDc"),
    factor("reactive_power", Kind.REACTIVE_POWER, "qAc"),
    factor("temperature", Kind.TEMPERATURE, "Temperature"),
    factor("operating_hours", Kind.HOURS, "hTotal"),
    factor("power_factor", Kind.POWER_FACTOR, "gridPF", "storagePF"),
    factor("ac_voltage", Kind.VOLTAGE, "Vac"),
    *phases("ac_voltage_{p}", Kind.VOLTAGE, "PHASE-{p}:Vac"),
    factor("ac_current", Kind.CURRENT, "Iac"),
    *phases("ac_current_{p}", Kind.CURRENT, "PHASE-{p}:Iac"),
    factor("frequency", Kind.FREQUENCY, "Fac"),
    *(
        factor(f"pv{n}_{key}", kind, f"MPPT-{n}:{code}")
        for n in range(1, MOST_STRINGS + 1)
        for key, kind, code in (
            ("power", Kind.POWER, "Ppv"),
            ("voltage", Kind.VOLTAGE, "Vpv"),
            ("current", Kind.CURRENT, "Ipv"),
        )
    ),
    factor("backup_power", Kind.POWER, "pBackup"),
    factor("backup_voltage", Kind.VOLTAGE, "vBackupPhA"),
    factor("backup_current", Kind.CURRENT, "aBackupPhA"),
    factor("insulation_resistance", Kind.INSULATION, "ISOLimit"),
    factor("rated_power", Kind.POWER, "ratedPower"),
    factor("firmware", Kind.TEXT, "safetyVersion"),
    *counters("pv_energy", "proPvStats", "today", "week", "month", "year", "total"),
    *counters("battery_charge", "proCharStats", "today", "total"),
    *counters("battery_discharge", "proDischarStats", "today", "total"),
)

"""Smart meters (reference section 9.8); which names are filled depends on the model."""

from ..resolve import Kind
from .fields import Table, Values, field, numbered


def _power(values: Values) -> None:
    """Let what flows out be negative, where the meter tells it apart."""
    reverse, forward = values.pop("_reverse", None), values.pop("_forward", None)
    power = values.get("power")
    if power:
        return
    if isinstance(reverse, int | float) and reverse > 0:
        values["power"] = -reverse
    elif forward is not None:
        values["power"] = forward


TABLE = Table(
    fields=(
        field("power", Kind.SIGNED_POWER, "activePower"),
        field("_forward", Kind.POWER, "posiActivePower"),
        field("_reverse", Kind.POWER, "reverActivePower"),
        *numbered(3, "voltage_{n}", Kind.VOLTAGE, "voltageL{n}"),
        *numbered(3, "current_{n}", Kind.CURRENT, "currentL{n}"),
        *numbered(3, "power_{n}", Kind.SIGNED_POWER, "activePowerL{n}"),
        field("voltage_1", Kind.VOLTAGE, "voltage"),
        field("current_1", Kind.CURRENT, "current"),
        field("power_factor", Kind.RATIO, "powerFactor"),
        field("grid_frequency", Kind.FREQUENCY, "frequency"),
        field(
            "import_energy_total",
            Kind.ENERGY,
            "positiveActiveTotalEnergy",
            "posiActiveNetTotalEnergy",
        ),
        field(
            "export_energy_total",
            Kind.ENERGY,
            "reverseActiveTotalEnergy",
            "reverActiveNetTotalEnergy",
        ),
        field("import_energy_today", Kind.ENERGY, "positiveActiveTodayEnergy"),
        field("export_energy_today", Kind.ENERGY, "reverseActiveTodayEnergy"),
    ),
    derived=(_power,),
)

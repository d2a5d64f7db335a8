"""String inverters and MAX (reference section 9.2)."""

from ..resolve import Kind
from .common import GRID, STATE, inputs
from .fields import Field, Table, both, field, total


def _table(count: int) -> Table:
    return Table(
        fields=(
            *both("output_energy", Kind.ENERGY, "power{}", "eac{}"),
            field("output_energy_today", Kind.ENERGY, "eToday", "e_today"),
            field("output_energy_total", Kind.ENERGY, "eTotal", "e_total"),
            field("output_power", Kind.POWER, "pac"),
            field("solar_power", Kind.POWER, "ppv"),
            *inputs(count),
            *both("solar_energy", Kind.ENERGY, "epv{}"),
            *_phases(),
            *GRID,
            *STATE,
            field("ipm_temperature", Kind.TEMPERATURE, "ipmTemperature"),
        ),
        derived=(
            total(
                "solar_energy_today",
                *(f"input_{n}_energy_today" for n in range(1, count + 1)),
            ),
            total(
                "solar_energy_total",
                *(f"input_{n}_energy_total" for n in range(1, count + 1)),
            ),
        ),
    )


def _phases() -> tuple[Field, ...]:
    """Return the phases, which these families call r, s and t."""
    return tuple(
        found
        for n, letter in enumerate("rst", 1)
        for found in (
            field(f"grid_voltage_{n}", Kind.VOLTAGE, f"vac{letter}"),
            field(f"grid_current_{n}", Kind.CURRENT, f"iac{letter}"),
            field(f"output_power_{n}", Kind.POWER, f"pac{letter}"),
        )
    )


INVERTER = _table(8)
MAX = _table(16)

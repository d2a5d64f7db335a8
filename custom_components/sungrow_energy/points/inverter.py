"""The points of a string inverter, device type 1 (sections 3.11 and 9.3)."""

from .base import Kind, Row, hidden, numbered, off, phases, points, shown, status

type Pair = tuple[int, int]

# MPPT n -> (voltage, current)
_MPPT = (
    (5, 6), (7, 8), (9, 10), (45, 46), (47, 48), (49, 50), (51, 52), (53, 54),
    (55, 56), (57, 58), (7401, 7451), (7402, 7452), (7723, 7724), (7725, 7726),
    (7727, 7728), (7729, 7730), (7731, 7732), (7733, 7734), (7735, 7736),
    (7737, 7738),
)  # fmt: skip
# String n -> (voltage, current)
_STRINGS = (
    *zip(range(96, 112), range(70, 86), strict=True),
    (112, 92), (113, 93),
    *zip(range(7166, 7180), range(313, 327), strict=True),
    *zip(range(7707, 7722, 2), range(7708, 7723, 2), strict=True),
)  # fmt: skip
# Those of the first trackers are of nearly every inverter.
_SHOWN_MPPT = 3
_PV_POWER = (11, 12, 13, 59, 60, 61, 62, 63, 64, 65)


def _pairs(
    key: str, which: int, pairs: tuple[Pair, ...], first: int = 1
) -> tuple[Row, ...]:
    return numbered(key, (pair[which] for pair in pairs), first)


INVERTER = (
    *points(Kind.POWER, (24, "active_power"), (14, "dc_power")),
    *points(Kind.ENERGY, (1, "pv_energy_today"), (2, "pv_energy_total")),
    status(29, "operating_status", "operating_status_inverter"),
    *points(Kind.TEMPERATURE, (4, "internal_temperature")),
    *off(Kind.ENERGY, (87, "pv_energy_month"), (88, "pv_energy_year")),
    *shown(Kind.VOLTAGE, *_pairs("mppt{n}_voltage", 0, _MPPT[:_SHOWN_MPPT])),
    *shown(Kind.CURRENT, *_pairs("mppt{n}_current", 1, _MPPT[:_SHOWN_MPPT])),
    *hidden(
        Kind.VOLTAGE,
        *phases("phase_{p}_voltage", 18, 19, 20),
        (15, "line_ab_voltage"),
        (16, "line_bc_voltage"),
        (17, "line_ca_voltage"),
        (95, "bus_voltage"),
        (90, "negative_voltage_to_ground"),
    ),
    *hidden(Kind.CURRENT, *phases("phase_{p}_current", 21, 22, 23)),
    *hidden(Kind.FREQUENCY, (27, "frequency")),
    *hidden(
        Kind.REACTIVE_POWER, (25, "reactive_power"), (42, "reactive_power_regulation")
    ),
    *hidden(Kind.APPARENT_POWER, (43, "apparent_power")),
    *hidden(Kind.POWER_FACTOR, (26, "power_factor")),
    *hidden(Kind.INSULATION, (94, "insulation_resistance")),
    *hidden(Kind.IMPEDANCE, (39, "positive_impedance"), (40, "negative_impedance")),
    *hidden(Kind.COUNT, (120, "afci_faults")),
    *hidden(Kind.POWER, (41, "active_power_regulation")),
    *hidden(Kind.TEMPERATURE, *numbered("module{n}_temperature", range(33, 39))),
    *hidden(Kind.HOURS, (7356, "operation_hours"), (3, "grid_hours")),
    *off(Kind.ENERGY, (67, "theoretical_yield_today")),
    *off(Kind.POWER, *numbered("pv{n}_power", _PV_POWER)),
    *hidden(
        Kind.VOLTAGE,
        *_pairs("mppt{n}_voltage", 0, _MPPT[_SHOWN_MPPT:], _SHOWN_MPPT + 1),
        *_pairs("string{n}_voltage", 0, _STRINGS),
    ),
    *hidden(
        Kind.CURRENT,
        *_pairs("mppt{n}_current", 1, _MPPT[_SHOWN_MPPT:], _SHOWN_MPPT + 1),
        *_pairs("string{n}_current", 1, _STRINGS),
    ),
)

MICRO = (
    *points(Kind.POWER, (51303, "active_power"), (51305, "dc_power")),
    *points(Kind.ENERGY, (51346, "pv_energy_today"), (51302, "pv_energy_total")),
    status(51301, "operating_status", "operating_status_micro"),
    *hidden(Kind.REACTIVE_POWER, (51304, "reactive_power")),
    *hidden(Kind.APPARENT_POWER, (51306, "apparent_power")),
    *hidden(Kind.POWER_FACTOR, (51307, "power_factor")),
    *hidden(Kind.FREQUENCY, (51308, "frequency")),
    *hidden(
        Kind.VOLTAGE,
        (51309, "ac_voltage"),
        *numbered("pv{n}_voltage", range(51315, 51326, 2)),
    ),
    *hidden(
        Kind.CURRENT,
        (51312, "ac_current"),
        *numbered("pv{n}_current", range(51316, 51327, 2)),
    ),
    *off(Kind.POWER, *numbered("pv{n}_power", range(51333, 51339))),
    *off(
        Kind.ENERGY,
        *numbered("pv{n}_energy_total", range(51339, 51345)),
        *numbered("pv{n}_energy_today", range(51347, 51353)),
    ),
)

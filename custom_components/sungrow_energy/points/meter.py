"""The points of a meter, device type 7 (sections 3.11 and 9.5).

Forward is import only for the grid's meter (UNCERTAIN for others): the names say so.
"""

from .base import Kind, Row, hidden, off, phases, points


def _both(key: str, forward: int, reverse: int) -> tuple[Row, Row]:
    return (forward, key.format(d="forward")), (reverse, key.format(d="reverse"))


METER = (
    *points(Kind.POWER, (8018, "active_power")),
    *points(
        Kind.ENERGY,
        *_both("{d}_energy_total", 8030, 8031),
        *_both("{d}_energy_today", 8062, 8063),
    ),
    *off(Kind.POWER, *phases("phase_{p}_power", 8076, 8077, 8078)),
    *off(
        Kind.ENERGY,
        *_both("peak_{d}_energy_total", 8034, 8035),
        *_both("valley_{d}_energy_total", 8038, 8039),
        *_both("flat_{d}_energy_total", 8042, 8043),
        *_both("wave_{d}_energy_total", 8058, 8059),
        (8084, "direct_consumption_today"),
        (8085, "direct_consumption_total"),
    ),
    *off(
        Kind.REACTIVE_ENERGY,
        *_both("{d}_reactive_energy_total", 8032, 8033),
        *_both("peak_{d}_reactive_energy_total", 8036, 8037),
        *_both("valley_{d}_reactive_energy_total", 8040, 8041),
        *_both("flat_{d}_reactive_energy_total", 8044, 8045),
        *_both("wave_{d}_reactive_energy_total", 8060, 8061),
    ),
    *hidden(
        Kind.VOLTAGE,
        *phases("phase_{p}_voltage", 8000, 8001, 8002),
        (8003, "line_ab_voltage"),
        (8004, "line_bc_voltage"),
        (8005, "line_ca_voltage"),
    ),
    *hidden(Kind.CURRENT, *phases("phase_{p}_current", 8006, 8007, 8008)),
    *hidden(Kind.FREQUENCY, (8064, "frequency")),
    *hidden(Kind.REACTIVE_POWER, (8022, "reactive_power")),
    *hidden(Kind.APPARENT_POWER, (8026, "apparent_power")),
    *hidden(Kind.POWER_FACTOR, (8014, "power_factor")),
)

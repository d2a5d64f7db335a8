"""The inverter's values (reference section 3.5), flat or nested, numbers or texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .._vendor.core.client.decode import number
from .values import Wire, current, power, temperature, voltage

_PHASES = (1, 2, 3)
# What models beyond the single-phase one send, by the kind of value
_POWERS = (
    *(f"pac{n}" for n in _PHASES),
    *(f"sac{n}" for n in _PHASES),
    *(f"ppv{n}" for n in (1, 2, 3, 4)),
)
_CURRENTS = (*(f"iac{n}" for n in _PHASES), *(f"ipv{n}" for n in (1, 2, 3, 4)))
_VOLTAGES = (*(f"uac{n}" for n in _PHASES), *(f"upv{n}" for n in (1, 2, 3, 4)), "udc")
_TEMPERATURES = (*(f"temp{n}" for n in range(1, 6)), "tempbdc", "temphmi", "temppu")
MORE = {
    **dict.fromkeys(_POWERS, power),
    **dict.fromkeys(_CURRENTS, current),
    **dict.fromkeys(_VOLTAGES, voltage),
    **dict.fromkeys(_TEMPERATURES, temperature),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """W, VA, A, V, Hz, degrees Celsius; AC power + is discharging.

    ``on_grid`` is 0 while off grid and ``off_grid`` the other way round. ``more`` has
    what three-phase and hybrid models add, under the wire's own names.
    """

    on_grid: float | None
    off_grid: float | None
    apparent: float | None
    ac_current: float | None
    ac_voltage: float | None
    frequency: float | None
    power_factor: float | None
    temperature: float | None
    battery_power: float | None
    battery_voltage: float | None
    battery_current: float | None
    solar_power: float | None
    solar_voltage: float | None
    solar_current: float | None
    more: Mapping[str, float]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode; some firmware puts everything below ``status``."""
        nested: Any = wire.get("status")
        if isinstance(nested, dict):
            wire = nested
        more = {key: decode(wire.get(key)) for key, decode in MORE.items()}
        return cls(
            on_grid=power(wire.get("pac_total")),
            off_grid=power(wire.get("pac_microgrid")),
            apparent=power(wire.get("sac_total")),
            ac_current=current(wire.get("iac_total")),
            ac_voltage=voltage(wire.get("uac")),
            frequency=number(wire.get("fac"), low=0.0, high=1000.0),
            power_factor=number(wire.get("phi"), low=-1.0, high=1.0),
            temperature=temperature(wire.get("tmax")),
            battery_power=power(wire.get("pbat")),
            battery_voltage=voltage(wire.get("ubat")),
            battery_current=current(wire.get("ibat")),
            solar_power=power(wire.get("ppv")),
            solar_voltage=voltage(wire.get("upv")),
            solar_current=current(wire.get("ipv")),
            more={key: value for key, value in more.items() if value is not None},
        )

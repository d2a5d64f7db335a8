"""The battery's JSON, decoded tolerantly (reference section 3).

Units and signs are the wire's: power + is feeding in at the meter and discharging at
the battery. A field that is missing, null or odd is ``None``; nothing here raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from .._vendor.core.client.decode import (
    flag,
    integer,
    local_datetime,
    mapping,
    number,
    text,
)
from .configurations import Configurations
from .inverter import Inverter
from .meters import IoItem, Meter
from .values import (
    MAX_V,
    Wire,
    bits,
    current,
    energy,
    percent,
    power,
    problem,
    slug,
    temperature,
    voltage,
)

__all__ = [
    "BatteryInfo",
    "Configurations",
    "Inverter",
    "IoItem",
    "Latest",
    "Meter",
    "Status",
    "Wire",
]

_STARTING = frozenset({"config", "init"})
_NOT_READY = frozenset({"init", "initializing", "not_ready"})
_LONGEST = 100 * 366 * 86_400  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The flows of now (3.1): W, V, Hz, VA, percent; ``clock`` is naive."""

    clock: datetime | None
    usable_soc: float | None
    real_soc: float | None
    battery: float | None
    feed_in: float | None
    production: float | None
    consumption: float | None
    consumption_average: float | None
    reserve: float | None
    mode: str | None
    system_status: str | None
    charging: bool | None
    discharging: bool | None
    discharge_blocked: bool | None
    generator_autostart: bool | None
    installed: bool | None
    frequency: float | None
    ac_voltage: float | None
    battery_voltage: float | None
    apparent: float | None
    apparent_phases: tuple[float | None, ...]
    flows: Mapping[str, bool]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode; every field may be null or absent."""
        names = {
            "consumption_battery": "FlowConsumptionBattery",
            "consumption_grid": "FlowConsumptionGrid",
            "consumption_production": "FlowConsumptionProduction",
            "grid_battery": "FlowGridBattery",
            "production_battery": "FlowProductionBattery",
            "production_grid": "FlowProductionGrid",
        }
        flows = {name: flag(wire.get(key)) for name, key in names.items()}
        return cls(
            clock=local_datetime(wire.get("Timestamp")),
            usable_soc=percent(wire.get("USOC")),
            real_soc=percent(wire.get("RSOC")),
            battery=power(wire.get("Pac_total_W")),
            feed_in=power(wire.get("GridFeedIn_W")),
            production=power(wire.get("Production_W")),
            consumption=power(wire.get("Consumption_W")),
            consumption_average=power(wire.get("Consumption_Avg")),
            reserve=percent(wire.get("BackupBuffer")),
            mode=text(wire.get("OperatingMode")),
            system_status=text(wire.get("SystemStatus")),
            charging=flag(wire.get("BatteryCharging")),
            discharging=flag(wire.get("BatteryDischarging")),
            discharge_blocked=flag(wire.get("dischargeNotAllowed")),
            generator_autostart=flag(wire.get("generator_autostart")),
            installed=flag(wire.get("IsSystemInstalled")),
            frequency=number(wire.get("Fac"), low=0.0, high=1000.0),
            ac_voltage=voltage(wire.get("Uac")),
            battery_voltage=voltage(wire.get("Ubat")),
            apparent=power(wire.get("Apparent_output")),
            apparent_phases=tuple(power(wire.get(f"Sac{n}")) for n in (1, 2, 3)),
            flows={name: value for name, value in flows.items() if value is not None},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """Set point and health (3.2): W, %, s; the bit groups as they are.

    ``full_capacity`` is in a unit that depends on the firmware (3.9.2);
    ``utc_offset`` is in hours. The state names are slugs.
    """

    clock: datetime | None
    utc_offset: float | None
    battery: float | None
    feed_in: float | None
    usable_soc: float | None
    real_soc: float | None
    full_capacity: float | None
    set_point: float | None
    modules: int | None
    seconds_since_full: int | None
    bms_state: str | None
    inverter_state: str | None
    control_state: str | None
    controller_clock: str | None
    led: Mapping[str, bool]
    led_brightness: float | None
    led_status: str | None
    shutdown: Mapping[str, bool]
    misc: Mapping[str, bool]
    microgrid: Mapping[str, bool]
    priority: Mapping[str, bool]
    validation: Mapping[str, bool]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode; bit groups differ from firmware to firmware."""
        health = mapping(wire.get("ic_status"))
        led = mapping(health.get("Eclipse Led"))
        return cls(
            clock=local_datetime(wire.get("Timestamp")),
            utc_offset=number(wire.get("UTC_Offet"), low=-12.0, high=14.0),
            battery=power(wire.get("Pac_total_W")),
            feed_in=power(wire.get("GridFeedIn_W")),
            usable_soc=percent(wire.get("USOC")),
            real_soc=percent(wire.get("RSOC")),
            full_capacity=energy(wire.get("FullChargeCapacity")),
            set_point=power(wire.get("SetPoint_W")),
            modules=integer(health.get("nrbatterymodules"), low=0, high=1000),
            seconds_since_full=integer(
                health.get("secondssincefullcharge"), low=0, high=_LONGEST
            ),
            bms_state=slug(health.get("statebms")),
            inverter_state=slug(health.get("stateinverter")),
            control_state=slug(health.get("statecorecontrolmodule")),
            controller_clock=text(health.get("timestamp")),
            led=bits(led),
            led_brightness=percent(led.get("Brightness")),
            led_status=text(led.get("Eclipse Status")),
            shutdown=bits(health.get("DC Shutdown Reason")),
            misc=bits(health.get("MISC Status Bits")),
            microgrid=bits(health.get("Microgrid Status")),
            priority=bits(health.get("Setpoint Priority")),
            validation=bits(health.get("System Validation")),
        )

    @property
    def booting(self) -> bool:
        """Whether the controller has just started and all its numbers are 0 (3.2)."""
        if self.controller_clock is not None and "1970" in self.controller_clock:
            return True
        if self.real_soc == 0 and self.usable_soc == 0:
            return True
        starting = self.control_state in _STARTING or self.bms_state in _NOT_READY
        return starting and not self.real_soc


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryInfo:
    """Capacities and cells (3.3): Ah, Wh, V, A, degrees Celsius, percent."""

    balance_charge: bool | None
    charge_limit: float | None
    discharge_limit: float | None
    cycles: float | None
    full_ah: float | None
    full_wh: float | None
    remaining_ah: float | None
    usable_ah: float | None
    real_soc: float | None
    nominal_voltage: float | None
    cell_temperature_max: float | None
    cell_temperature_min: float | None
    module_temperature_max: float | None
    module_temperature_min: float | None
    cell_voltage_max: float | None
    cell_voltage_min: float | None
    module_voltage_max: float | None
    module_voltage_min: float | None
    module_current_max: float | None
    module_current_min: float | None
    dc_voltage: float | None
    dc_current: float | None
    dc_current_average: float | None
    alarm: bool | None
    warning: bool | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode; old firmware lacks some and sends texts."""
        return cls(
            balance_charge=problem(wire.get("balancechargerequest")),
            charge_limit=current(wire.get("chargecurrentlimit")),
            discharge_limit=current(wire.get("dischargecurrentlimit")),
            cycles=number(wire.get("cyclecount"), low=0.0, high=1e6),
            full_ah=number(wire.get("fullchargecapacity"), low=0.0, high=1e6),
            full_wh=energy(wire.get("fullchargecapacitywh")),
            remaining_ah=number(wire.get("remainingcapacity"), low=0.0, high=1e6),
            usable_ah=number(wire.get("usableremainingcapacity"), low=0.0, high=1e6),
            real_soc=percent(wire.get("relativestateofcharge")),
            nominal_voltage=number(
                wire.get("nominalmoduledcvoltage"), low=0.0, high=MAX_V
            ),
            cell_temperature_max=temperature(wire.get("maximumcelltemperature")),
            cell_temperature_min=temperature(wire.get("minimumcelltemperature")),
            module_temperature_max=temperature(wire.get("maximummoduletemperature")),
            module_temperature_min=temperature(wire.get("minimummoduletemperature")),
            cell_voltage_max=voltage(wire.get("maximumcellvoltage")),
            cell_voltage_min=voltage(wire.get("minimumcellvoltage")),
            module_voltage_max=voltage(wire.get("maximummoduledcvoltage")),
            module_voltage_min=voltage(wire.get("minimummoduledcvoltage")),
            module_current_max=current(wire.get("maximummodulecurrent")),
            module_current_min=current(wire.get("minimummodulecurrent")),
            dc_voltage=voltage(wire.get("systemdcvoltage")),
            dc_current=current(wire.get("systemcurrent")),
            dc_current_average=current(wire.get("systemaveragecurrent")),
            alarm=problem(wire.get("systemalarm")),
            warning=problem(wire.get("systemwarning")),
        )

"""Sensors of the power meters (reference sections 9.2 and 9.4)."""

from collections.abc import Callable
from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfReactivePower,
)

from .api.models import Meter
from .describe import nth

_OTHER_PHASES = ("_l2", "_l3", "_l3_l1")
_LINES = ("l1_l2", "l2_l3", "l3_l1")


@dataclass(frozen=True, kw_only=True)
class MeterSensorDescription(SensorEntityDescription):
    """A sensor of a power meter; its numbers carry noise beyond ``digits``.

    A ``phase`` that always says 0 is not there.
    """

    value_fn: Callable[[Meter], float | None]
    digits: int
    phase: bool = False

    def reported(self, meter: Meter) -> bool:
        """Whether the meter has this value."""
        value = self.value_fn(meter)
        return bool(value) if self.phase else value is not None


def _measured(
    key: str,
    value_fn: Callable[[Meter], float | None],
    device_class: SensorDeviceClass,
    unit: str | None,
    *,
    digits: int = 0,
    diagnostic: bool = True,
) -> MeterSensorDescription:
    return MeterSensorDescription(
        key=key,
        translation_key=f"meter_{key}",
        device_class=device_class,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=False,
        value_fn=value_fn,
        digits=digits,
        phase=key.endswith(_OTHER_PHASES),
    )


def _counted(
    key: str, value_fn: Callable[[Meter], float | None], *, enabled: bool
) -> MeterSensorDescription:
    return MeterSensorDescription(
        key=key,
        translation_key=f"meter_{key}",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=enabled,
        value_fn=value_fn,
        digits=1,
    )


METER = (
    _counted("energy_imported", lambda meter: meter.imported, enabled=True),
    _counted("energy_exported", lambda meter: meter.exported, enabled=False),
    _measured(
        "power",
        lambda meter: meter.power,
        SensorDeviceClass.POWER,
        UnitOfPower.WATT,
        diagnostic=False,
    ),
    *(
        _measured(
            f"power_l{n}",
            lambda meter, n=n: nth(meter.powers, n - 1),  # type: ignore[misc]
            SensorDeviceClass.POWER,
            UnitOfPower.WATT,
        )
        for n in (1, 2, 3)
    ),
    *(
        _measured(
            f"current_l{n}",
            lambda meter, n=n: nth(meter.currents, n - 1),  # type: ignore[misc]
            SensorDeviceClass.CURRENT,
            UnitOfElectricCurrent.AMPERE,
            digits=2,
        )
        for n in (1, 2, 3)
    ),
    *(
        _measured(
            f"voltage_l{n}",
            lambda meter, n=n: nth(meter.voltages, n - 1),  # type: ignore[misc]
            SensorDeviceClass.VOLTAGE,
            UnitOfElectricPotential.VOLT,
            digits=1,
        )
        for n in (1, 2, 3)
    ),
    *(
        _measured(
            f"voltage_{line}",
            lambda meter, n=n: nth(meter.line_voltages, n),  # type: ignore[misc]
            SensorDeviceClass.VOLTAGE,
            UnitOfElectricPotential.VOLT,
            digits=1,
        )
        for n, line in enumerate(_LINES)
    ),
    _measured(
        "reactive_power",
        lambda meter: meter.reactive,
        SensorDeviceClass.REACTIVE_POWER,
        UnitOfReactivePower.VOLT_AMPERE_REACTIVE,
    ),
    _measured(
        "apparent_power",
        lambda meter: meter.apparent,
        SensorDeviceClass.APPARENT_POWER,
        UnitOfApparentPower.VOLT_AMPERE,
    ),
    _measured(
        "power_factor",
        lambda meter: meter.power_factor,
        SensorDeviceClass.POWER_FACTOR,
        None,
        digits=2,
    ),
)

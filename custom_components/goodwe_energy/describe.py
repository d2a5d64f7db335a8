"""What the tables of sensors are made of (reference section 9).

A description says how a value is shown: its key is the name under which a plant or a
device has the value, in W, kWh, V, A, Hz, degrees Celsius or percent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfRatio,
    UnitOfReactivePower,
    UnitOfTemperature,
    UnitOfTime,
)


@dataclass(frozen=True, kw_only=True)
class ValueDescription(SensorEntityDescription):
    """A sensor of a value; it exists as soon as there once was one.

    ``money`` is in the currency of the plant and begins anew with the plant's day.
    """

    money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What values of one sort have in common."""

    device_class: SensorDeviceClass | None
    unit: str | None = None
    digits: int | None = 0
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    # The unit that people see at first, if it is another one
    shown: str | None = None

    def __call__(
        self,
        key: str,
        *,
        name: str | None = None,
        number: int | None = None,
        phase: str | None = None,
        enabled: bool = True,
        diagnostic: bool = False,
        options: Sequence[str] | None = None,
    ) -> ValueDescription:
        """Return a sensor; ``name`` is its text's key if the one of its value has none.

        ``number`` is that of a PV input and ``phase`` that of a phase, for the text.
        """
        filled = {"number": str(number)} if number is not None else {}
        if phase is not None:
            filled["phase"] = phase.upper()
        return ValueDescription(
            key=key,
            translation_key=name or key,
            translation_placeholders=filled or None,
            device_class=self.device_class,
            native_unit_of_measurement=self.unit,
            suggested_unit_of_measurement=self.shown,
            suggested_display_precision=self.digits,
            state_class=self.state_class,
            options=list(options) if options is not None else None,
            entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
            entity_registry_enabled_default=enabled,
            money=self.device_class is SensorDeviceClass.MONETARY,
        )


power = Kind(device_class=SensorDeviceClass.POWER, unit=UnitOfPower.WATT)
# What is printed on a type plate is no measurement
rated_power = Kind(
    device_class=SensorDeviceClass.POWER,
    unit=UnitOfPower.WATT,
    shown=UnitOfPower.KILO_WATT,
    digits=1,
    state_class=None,
)
most_power = Kind(
    device_class=SensorDeviceClass.POWER,
    unit=UnitOfPower.WATT,
    shown=UnitOfPower.KILO_WATT,
    digits=1,
)
reactive_power = Kind(
    device_class=SensorDeviceClass.REACTIVE_POWER,
    unit=UnitOfReactivePower.VOLT_AMPERE_REACTIVE,
)
power_factor = Kind(device_class=SensorDeviceClass.POWER_FACTOR, digits=2)
voltage = Kind(
    device_class=SensorDeviceClass.VOLTAGE, unit=UnitOfElectricPotential.VOLT, digits=1
)
cell_voltage = Kind(
    device_class=SensorDeviceClass.VOLTAGE, unit=UnitOfElectricPotential.MILLIVOLT
)
current = Kind(
    device_class=SensorDeviceClass.CURRENT, unit=UnitOfElectricCurrent.AMPERE, digits=1
)
frequency = Kind(
    device_class=SensorDeviceClass.FREQUENCY, unit=UnitOfFrequency.HERTZ, digits=2
)
temperature = Kind(
    device_class=SensorDeviceClass.TEMPERATURE,
    unit=UnitOfTemperature.CELSIUS,
    digits=1,
)
resistance = Kind(device_class=None, unit="kΩ")
hours = Kind(
    device_class=SensorDeviceClass.DURATION,
    unit=UnitOfTime.HOURS,
    state_class=SensorStateClass.TOTAL_INCREASING,
)
minutes = Kind(device_class=SensorDeviceClass.DURATION, unit=UnitOfTime.MINUTES)
soc = Kind(device_class=SensorDeviceClass.BATTERY, unit=UnitOfRatio.PERCENTAGE)
percent = Kind(device_class=None, unit=UnitOfRatio.PERCENTAGE)
count = Kind(device_class=None)
energy = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    digits=1,
    state_class=SensorStateClass.TOTAL_INCREASING,
)
stored_energy = Kind(
    device_class=SensorDeviceClass.ENERGY_STORAGE,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    digits=1,
)
money = Kind(
    device_class=SensorDeviceClass.MONETARY,
    digits=2,
    state_class=SensorStateClass.TOTAL,
)
words = Kind(device_class=SensorDeviceClass.ENUM, digits=None, state_class=None)
text = Kind(device_class=None, digits=None, state_class=None)
time = Kind(device_class=SensorDeviceClass.TIMESTAMP, digits=None, state_class=None)

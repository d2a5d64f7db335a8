"""What the tables of sensors are made of (reference section 9).

A description holds no more than what is shown and how: its key is the name under
which a ``Reading`` has the value, in W, kWh, V, A, Hz, degrees Celsius or percent.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum

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
    UnitOfTemperature,
)

from .families import Family
from .readings import Reading

# For ``pack``: the battery as a whole
WHOLE = 0

EVERY = frozenset(Family)
STRING = frozenset({Family.INVERTER, Family.MAX})
# Those whose record has a house, a grid and perhaps a battery
HYBRID = frozenset({Family.MIN, Family.SPH, Family.SPA, Family.WIT, Family.SPH_S})
NONE: frozenset[Family] = frozenset()


class Lasting(Enum):
    """How long a value may be shown."""

    LIVE = "live"  # while the device reports
    TODAY = "today"  # until the plant's day ends
    TOTAL = "total"  # always: a counter of a sleeping device stands still


@dataclass(frozen=True, kw_only=True)
class ReadingDescription(SensorEntityDescription):
    """A sensor of a device; it exists as soon as there once was a value.

    ``enabled_for`` are the families in which it is enabled; ``if_used`` those in which
    it is so only if the first value says something (the (Y) of the reference).
    """

    families: Collection[Family] = EVERY
    enabled_for: Collection[Family] = EVERY
    if_used: Collection[Family] = NONE
    lasting: Lasting = Lasting.LIVE
    # Number of the pack whose device it belongs to, WHOLE for all of them together
    pack: int | None = None
    # Values of which one that is not zero shows that it is used
    evidence: tuple[str, ...] = ()
    # In the currency of the record or the plant
    money: bool = False
    # Counts and measures nothing where no meter tells the grid (section 9.9)
    needs_meter: bool = False

    def enabled(self, reading: Reading, *, metered: bool) -> bool:
        """Whether a device shows it from the beginning.

        A battery's values exist only where there is one, so they are used.
        """
        if self.needs_meter and not metered:
            return False
        if reading.family not in self.if_used or self.pack is not None:
            return reading.family in {*self.enabled_for, *self.if_used}
        return any(reading.get(key) for key in (self.key, *self.evidence))

    @property
    def defaults(self) -> set[bool]:
        """What `enabled` says of the devices that it is made for (docs)."""
        shown = {*self.enabled_for, *self.if_used} & {*self.families}
        depends = self.needs_meter or bool(self.if_used and self.pack is None)
        found = {True} if shown else set()
        return found | ({False} if depends or shown != {*self.families} else set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What values of one sort have in common."""

    device_class: SensorDeviceClass | None
    unit: str | None
    digits: int
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    lasting: Lasting = field(default=Lasting.LIVE)

    def __call__(
        self,
        key: str,
        *,
        name: str | None = None,
        number: int | None = None,
        families: Collection[Family] = EVERY,
        enabled: Collection[Family] = EVERY,
        if_used: Collection[Family] = NONE,
        diagnostic: bool = False,
        pack: int | None = None,
        evidence: tuple[str, ...] = (),
        needs_meter: bool = False,
    ) -> ReadingDescription:
        """Return a sensor; ``name`` is its text's key if the one of its value has none.

        ``number`` is that of the input, phase or sensor, for the text.
        """
        return ReadingDescription(
            key=key,
            translation_key=name or key,
            translation_placeholders=(
                {"number": str(number)} if number is not None else None
            ),
            device_class=self.device_class,
            native_unit_of_measurement=self.unit,
            suggested_display_precision=self.digits,
            state_class=self.state_class,
            money=self.device_class is SensorDeviceClass.MONETARY,
            entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
            families=families,
            enabled_for=enabled,
            if_used=if_used,
            lasting=self.lasting,
            pack=pack,
            evidence=evidence,
            needs_meter=needs_meter,
        )


power = Kind(device_class=SensorDeviceClass.POWER, unit=UnitOfPower.WATT, digits=0)
voltage = Kind(
    device_class=SensorDeviceClass.VOLTAGE, unit=UnitOfElectricPotential.VOLT, digits=1
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
soc = Kind(
    device_class=SensorDeviceClass.BATTERY, unit=UnitOfRatio.PERCENTAGE, digits=0
)
percent = Kind(device_class=None, unit=UnitOfRatio.PERCENTAGE, digits=0)
power_factor = Kind(device_class=SensorDeviceClass.POWER_FACTOR, unit=None, digits=2)
plain = Kind(device_class=None, unit=None, digits=0)
code = Kind(device_class=None, unit=None, digits=0, state_class=None)
energy_today = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    digits=1,
    state_class=SensorStateClass.TOTAL_INCREASING,
    lasting=Lasting.TODAY,
)
energy_total = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    digits=1,
    state_class=SensorStateClass.TOTAL_INCREASING,
    lasting=Lasting.TOTAL,
)
money_today, money_total = (
    Kind(
        device_class=SensorDeviceClass.MONETARY,
        unit=None,
        digits=2,
        state_class=SensorStateClass.TOTAL,
        lasting=lasting,
    )
    for lasting in (Lasting.TODAY, Lasting.TOTAL)
)


def today_and_total(
    flow: str,
    *,
    families: Collection[Family] = EVERY,
    enabled: Collection[Family] = EVERY,
    if_used: Collection[Family] = NONE,
    pack: int | None = None,
    evidence: tuple[str, ...] = (),
    needs_meter: bool = False,
) -> tuple[ReadingDescription, ReadingDescription]:
    """Return both counters of a flow."""
    today, total = (
        kind(
            f"{flow}_energy_{span}",
            families=families,
            enabled=enabled,
            if_used=if_used,
            pack=pack,
            evidence=evidence,
            needs_meter=needs_meter,
        )
        for kind, span in ((energy_today, "today"), (energy_total, "total"))
    )
    return today, total

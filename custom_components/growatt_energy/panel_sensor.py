"""Sensors of the panels of a micro inverter (reference section 9.3).

Only the app tells of them, in a request of their own: so they are disabled by default,
and nobody asks as long as none is enabled.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfPower,
)

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleSensor, Candidate
from .device import Device
from .entity import DeviceEntity
from .readings import Panels

_MOST = 4


@dataclass(frozen=True, kw_only=True)
class PanelDescription(SensorEntityDescription):
    """A sensor of panel ``number``; ``value`` is the name of what it shows."""

    number: int
    value: str


def _panel(
    number: int, value: str, device_class: SensorDeviceClass, unit: str, digits: int
) -> PanelDescription:
    return PanelDescription(
        key=f"panel_{number}_{value}",
        translation_key=f"panel_{value}",
        translation_placeholders={"number": str(number)},
        device_class=device_class,
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=digits,
        entity_registry_enabled_default=False,
        number=number,
        value=value,
    )


_KINDS = (
    ("power", SensorDeviceClass.POWER, UnitOfPower.WATT, 0),
    ("voltage", SensorDeviceClass.VOLTAGE, UnitOfElectricPotential.VOLT, 1),
    ("current", SensorDeviceClass.CURRENT, UnitOfElectricCurrent.AMPERE, 1),
)
PANELS = tuple(
    _panel(number, *kind) for number in range(1, _MOST + 1) for kind in _KINDS
)


def of_panels(device: Device) -> list[Candidate]:
    """Return the sensors of the panels that a device has: one for each input."""
    panels, reading = device.panels, device.reading
    if panels is None or reading is None:
        return []
    return [
        (device.serial, item.key, partial(PanelSensor, device, panels, item))
        for item in PANELS
        if device.seen(
            f"panel_{item.number}",
            reading.get(f"input_{item.number}_power") is not None,
        )
    ]


class PanelSensor(DeviceEntity, BundleSensor[Any]):
    """A value of one panel."""

    entity_description: PanelDescription

    def __init__(
        self,
        device: Device,
        panels: BundleCoordinator[Panels],
        description: PanelDescription,
    ) -> None:
        """Bind the description to the view of the panels."""
        super().__init__(device, description, coordinator=panels)
        self._panels = panels

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.device.want_panels()

    @property
    @override
    def available(self) -> bool:
        """Whether the view is new, and the device awake: the view has no time."""
        return self._panels.fresh and super().available

    @property
    @override
    def native_value(self) -> float | None:
        description = self.entity_description
        values = self._panels.data.panels.get(description.number, {})
        return values.get(description.value)

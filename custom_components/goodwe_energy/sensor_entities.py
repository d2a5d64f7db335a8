"""What the sensors show."""

from datetime import datetime
from typing import Any, override

from ._vendor.core.ha.entity import BundleSensor
from .describe import ValueDescription
from .entity import DeviceEntity, PlantEntity
from .readings import Value


class PlantSensor(PlantEntity, BundleSensor[Any]):
    """A value of a plant."""

    entity_description: ValueDescription

    @property
    @override
    def native_value(self) -> Value:
        return self.plant.values.get(self.entity_description.key)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if not self.entity_description.money:
            return super().native_unit_of_measurement
        currency = self.plant.values.get("currency")
        return str(currency) if currency else self.hass.config.currency

    @property
    @override
    def last_reset(self) -> datetime | None:
        """The midnight of the plant, from which on money is counted."""
        since = self.plant.values.get("income_since")
        if not self.entity_description.money or not isinstance(since, datetime):
            return None
        return since


class DeviceSensor(DeviceEntity, BundleSensor[Any]):
    """A value of a device."""

    entity_description: ValueDescription

    @property
    @override
    def native_value(self) -> Value:
        return self.device.values.get(self.entity_description.key)
